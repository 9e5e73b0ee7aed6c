/** A caller of a closed number asks by two keys to be called, and is called once the number is open; the administrator has set it on the page Linie. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Static } from 'typebox'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { closedQuestionTexts, readBackSounds } from '../../../src/core/announcements/callback-question.ts'
import type { CallPage } from '../../../src/http/calls/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { bursts, openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { citizenTone } from '../desk-steps.ts'
import { publish } from '../publish.ts'
import { transitions } from '../scene.ts'
import { callsBack, openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const [asks, hangsUp, silent] = ['0722000971', '0722000972', '0722000973'] as const

t.test('a caller of a closed number is called once it is open', { timeout: 1_500_000 }, async (t) => {
  // Open for a minute at night.
  const { scene, outside } = await openSceneWithOutside(t, { LINE_HOURS: 'Mon-Sun 03:59-04:00' })
  const { url, dir } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const administrator = scene.linia.account('admin01')
  const texts = textsDirIn(join(dir, 'asterisk/etc'))
  const sounds = join(dir, 'asterisk/sounds')

  await t.test('the page Linie sets it', async (t) => {
    const page = await openSignedIn(await newContext(), url, administrator)
    await page.goto(`${url}/configuration`)
    await page.locator('tr[data-item] button').first().click()
    await page.locator('aside [data-field=closed]').selectOption('callback')
    await checkScreen(t, page, 'a number whose callers may ask to be called')
    await page.locator('[data-action=review]').click()
    await page.locator('[data-changes]', { hasText: 'poate cere să fie sunat după deschidere' }).waitFor()
    await page.locator('[data-field=reason]').fill('probă')
    await page.locator('[data-action=publish]').click()
    await page.locator('[data-draft="0"]').waitFor()
    await page.close()
    await until(() => closedQuestionTexts().every(({ sound }) => existsSync(join(texts, `${sound}.wav`))))
  })

  const callIn = async (number: string) => {
    const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
    const listen = listenTo(citizen.rtp)
    const heard = async (path: string) => listen((await readWave(path)).channels[0] ?? new Int16Array())
    return { citizen, heard }
  }
  const isOnRecord = (number: string, type: string) =>
    scene.record(number, (call) => transitions(call).includes(type))

  await t.test('the caller hears the question, the number, and the promise', async (t) => {
    const { citizen, heard } = await callIn(asks)
    await heard(join(sounds, 'callback-question.wav'))
    citizen.rtp.press('2')
    const [before = '', ...rest] = readBackSounds('ro', `+4${asks}`, 'whileClosed')
    await heard(join(texts, `${before}.wav`))
    await heard(join(texts, `${rest.at(-1) ?? ''}.wav`))
    // At once: the line waits for a key for five seconds.
    citizen.rtp.press('1')
    await heard(join(sounds, 'callback-when-open.wav'))
    await citizen.ended
    await scene.record(asks, ({ direction }) => direction === 'outbound')
    const calls = async () =>
      (await scene.board.get<Static<typeof CallPage>>(`/api/calls?limit=2&caller=${asks}`)).items
    await until(async () => (await calls()).some(({ outcome }) => outcome === 'callback'))
    t.match(await calls(), [
      { direction: 'outbound', outcome: null },
      { direction: 'inbound', outcome: 'callback', queue: null },
    ])
    t.ok([...scene.view.calls.values()].some(({ phase }) => phase === 'promised'))
  })

  await t.test('one who hangs up, and one who presses nothing, have called a closed number', async (t) => {
    const { citizen } = await callIn(hangsUp)
    await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'closed'))
    citizen.rtp.press('2')
    await isOnRecord(hangsUp, 'KeyPressed')
    citizen.hangUp()
    t.match(await scene.record(hangsUp), { outcome: 'closed', endedBy: 'caller' })
    const patient = await callIn(silent)
    t.match(await patient.citizen.ended, { ending: 'line hung up' })
    t.match(await scene.record(silent), { outcome: 'closed', endedBy: 'system' })
  })

  await t.test(
    'nobody is called while it is closed; once it is open an agent is offered the call',
    async (t) => {
      const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
      await desk.keyboard.press('F4')
      await waitForState(desk, 'ready')
      const board = await openSignedIn(await newContext(), url, scene.linia.account('supervisor01'))
      await board.goto(`${url}/board`)
      await board.locator('tr[data-call]', { hasText: '0722 000 971' }).waitFor()
      await checkScreen(t, board, 'the board with a citizen who is called once it is open')
      t.equal(outside.rings.length, 0)
      const api = new Api(url)
      await api.signIn(administrator)
      await publish(api, ({ numbers, ...document }) => ({
        ...document,
        hours: [{ id: 'mereu', name: 'Mereu', weekly: 'always', holidays: 'open', dates: [] }],
        numbers: numbers.map((one) => ({ ...one, hours: 'mereu' })),
      }))
      const answered = await callsBack(desk, outside)
      await until(() => hears(answered.rtp, agentTone))
      answered.hangUp()
      await scene.record(asks, ({ direction, outcome }) => direction === 'outbound' && outcome === 'answered')
      t.equal(outside.rings.length, 1, 'the others are not called')
    },
  )
})
