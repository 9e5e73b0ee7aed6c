/** Callers whom no agent is signed in for leave a message, or ask by two keys to be called back, as the page Linie says. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { questionTexts, readBackSounds } from '../../../src/core/announcements/callback-question.ts'
import { busyPrompts } from '../../../src/core/announcements/voicemail.ts'
import type { OverflowSetting } from '../../../src/core/configuration/schema.ts'
import { Api } from '../../../tools/demo/api.ts'
import { bursts, openBrowser, openDesk, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hasHeardBeep, hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { publish } from '../publish.ts'
import { transitions } from '../scene.ts'
import { callsBack, openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const beep = 1_000
const [speaks, asks] = ['0722000951', '0722000952'] as const

t.test('callers whom nobody is there for', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, {})
  const { url, dir } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const texts = textsDirIn(join(dir, 'asterisk/etc'))
  const fileOf = (sound: string) => join(texts, `${sound}.wav`)
  const page = await openSignedIn(await newContext(), url, scene.linia.account('admin01'))

  const callIn = async (number: string) => {
    const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
    const listen = listenTo(citizen.rtp)
    const heard = async (sound: string) =>
      listen((await readWave(fileOf(sound))).channels[0] ?? new Int16Array())
    return { citizen, heard }
  }

  await t.test('the page Linie leads them to a message', async (t) => {
    await page.goto(`${url}/configuration`)
    await page.locator('[data-tab=queues]').click()
    await page.locator('tr[data-item] button').first().click()
    await page.locator('aside [data-field=overflowTo]').selectOption('*voicemail')
    await page.locator('aside [data-field=whenNobodySignedIn]:checked').waitFor()
    await checkScreen(t, page, 'a queue whose callers leave a message when nobody is there')
    await page.locator('[data-action=review]').click()
    await page.locator('[data-changes]', { hasText: 'pot lăsa un mesaj vocal' }).waitFor()
    await page.locator('[data-field=reason]').fill('probă')
    await page.locator('[data-action=publish]').click()
    await page.locator('[data-draft="0"]').waitFor()
    await until(() => existsSync(fileOf(busyPrompts.ro)))
  })

  await t.test('a caller hears why, and leaves a message in the queue', async (t) => {
    const { citizen, heard } = await callIn(speaks)
    await heard(busyPrompts.ro)
    await until(() => hasHeardBeep(citizen.rtp, beep))
    // Longer than a slip.
    const from = performance.now()
    await until(() => performance.now() - from > 4_000)
    citizen.rtp.press('#')
    await citizen.ended
    const left = await scene.record(speaks, ({ recording }) => recording === 'ready')
    t.match(left, { outcome: 'voicemail', endedBy: 'caller', queue: 'general' })
    t.ok(transitions(left).includes('CallOverflowed'))
    const desk = await openSignedIn(await newContext(), url, scene.linia.account('supervisor01'))
    await desk.goto(`${url}/calls`)
    await desk.locator('[data-voicemails="1"]').waitFor()
    await desk.goto(`${url}/calls/${left.id}`)
    await desk.getByText('poate lăsa un mesaj vocal, niciun operator nu era în tură').waitFor()
    await desk.goto(`${url}/board`)
    await desk.locator('[data-overflowed=voicemail]', { hasText: 'azi unul îndrumat' }).waitFor()
    await checkScreen(t, desk, 'the board with a caller who overflowed to a message')
    await desk.close()
  })

  await t.test('asked whether to be called back, a caller confirms, and is called', async (t) => {
    const api = new Api(url)
    await api.signIn(scene.linia.account('admin01'))
    const overflow: OverflowSetting = { whenNobodySignedIn: true, callback: true }
    await publish(api, ({ queues, ...document }) => ({
      ...document,
      queues: queues.map((queue) => (queue.id === 'general' ? { ...queue, overflow } : queue)),
    }))
    await until(() => questionTexts('ro').every(({ sound }) => existsSync(fileOf(sound))))
    const { citizen, heard } = await callIn(asks)
    await heard(questionTexts('ro')[0]?.sound ?? '')
    citizen.rtp.press('2')
    await heard(readBackSounds('ro', `+4${asks}`).at(-1) ?? '')
    citizen.rtp.press('1')
    await citizen.ended
    const promised = await scene.record(asks, ({ direction }) => direction === 'outbound')
    t.match(promised.events[0], { type: 'CallPlaced', detail: { by: null } })
    t.equal(outside.rings.length, 0, 'nobody is called without an agent')
    const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
    await desk.keyboard.press('F4')
    const answered = await callsBack(desk, outside)
    await until(() => hears(answered.rtp, agentTone))
    answered.hangUp()
    await scene.record(asks, ({ direction, outcome }) => direction === 'outbound' && outcome === 'answered')
  })
})
