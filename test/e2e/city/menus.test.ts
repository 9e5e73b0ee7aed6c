/** A menu that an administrator adds on the page of the line is heard by the next caller. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { positionSound } from '../../../src/core/announcements/sentences.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { MenuSetting } from '../../../src/core/configuration/schema.ts'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hasHeard, heardSince, hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'
import { addMenuByKeyboard, said, saidInEnglish } from './menu-steps.ts'

t.test('a menu is added by keyboard, and the next caller hears it', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1 })
  const { linia } = scene
  const administrator = new Api(linia.url)
  await administrator.signIn(linia.account('admin01'))
  const { id: basedOn, document: before } =
    await administrator.get<PublishedConfiguration>('/api/configuration')
  const payments: MenuSetting = {
    id: 'plati',
    name: 'Plăți',
    says: { ro: 'Pentru un operator, apăsați tasta unu.', en: 'For an agent, press one.' },
    keys: { '1': { queue: 'general' }, '*': { back: true } },
    repeats: 0,
  }
  const body = { document: { ...before, menus: [payments] }, basedOn, reason: 'plăți' }
  await administrator.ask('POST', '/api/configuration/versions', body)
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.locator('header nav a[href="/configuration"]').click()
  await page.locator('[data-item]').first().waitFor()
  await addMenuByKeyboard(t, page)

  const { document } = await scene.board.get<PublishedConfiguration>('/api/configuration')
  const taxes = document.queues.find(({ name }) => name.startsWith('Taxe'))
  t.same(document.menus, [
    payments,
    {
      id: 'intampinare',
      name: 'Întâmpinare',
      says: { ro: said, en: saidInEnglish },
      keys: {
        '1': { menu: 'plati' },
        '2': { queue: taxes?.id },
        '9': { language: 'en' },
        '0': { back: true },
      },
      repeats: 1,
    },
  ])
  t.equal(document.numbers.find(({ number }) => number === '969')?.menu, 'intampinare')

  const dir = textsDirIn(join(linia.dir, 'asterisk/etc'))
  const [romanian, english] = [soundOf('ro', said), soundOf('en', saidInEnglish)].map((sound) =>
    join(dir, `${sound}.wav`),
  )
  await until(() => [romanian, english].every((file) => existsSync(file ?? '')))
  const soundIn = async (file = '') => (await readWave(file)).channels[0] ?? new Int16Array()
  const sound = await soundIn(romanian)
  const waiting = () => [...scene.view.calls.values()].find(({ phase }) => phase === 'waiting')
  /** A caller who presses 2 once the menu has been read. */
  async function calls(callerId: string): Promise<Citizen> {
    const citizen = await scene.town.call({ callerId })
    await citizen.answered
    await until(() => heardSince(citizen.rtp, 0).length >= sound.length)
    citizen.rtp.press('2')
    await until(() => waiting() !== undefined)
    return citizen
  }
  const citizen = await calls('0722000961')
  // It takes a moment, and the time for a key is short.
  t.ok(hasHeard(sound, heardSince(citizen.rtp, 0)), 'the caller has heard the text')
  citizen.hangUp()
  const call = await scene.record('0722000961')
  t.match(call, { outcome: 'abandoned', queue: taxes?.id ?? '' })
  t.same(errors, [])

  await t.test('nobody is signed in for the queue: an agent of another one answers', async (t) => {
    const announce = { position: true, estimate: false, firstAfterSeconds: 5, everySeconds: 30 }
    const queues = document.queues.map((queue) =>
      queue.id === taxes?.id
        ? { ...queue, overflow: { whenNobodySignedIn: true, to: 'general' } }
        : { ...queue, announce },
    )
    const { id: basedOn } = await administrator.get<PublishedConfiguration>('/api/configuration')
    await administrator.ask('POST', '/api/configuration/versions', {
      document: { ...document, queues },
      basedOn,
      reason: 'taxele au plecat acasă',
    })
    const caller = await calls('0722000962')
    await until(() => waiting()?.queue.id === 'general')
    const place = join(dir, `${positionSound('ro', 1)}.wav`)
    await until(() => existsSync(place))
    const placeSound = await soundIn(place)
    await listenTo(caller.rtp)(placeSound)
    const { phone } = await scene.deskAgent('agent01')
    await phone.answerNext(tone(600))
    await until(() => hears(caller.rtp, 600))
    caller.hangUp()
    const { outcome, queue, events } = await scene.record('0722000962')
    t.same([outcome, queue], ['answered', 'general'])
    const overflowed = events.filter(({ type }) => type === 'CallOverflowed')
    t.match(overflowed, [{ detail: { queue: 'general', why: 'nobody signed in' } }], 'once')
    const boards = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
    const row = boards.locator(`[data-queue="${taxes?.id}"]`, { hasText: 'azi unul trecut la Informații' })
    await row.waitFor()
    await boards.locator('[data-figures=overflowed]').waitFor()
    await checkScreen(t, boards, 'board, overflowed')
  })
})
