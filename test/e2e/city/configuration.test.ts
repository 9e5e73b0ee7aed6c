/** The line on its page, on one system: changed by keyboard, tried, its menus, pauses, contacts and days off. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { positionSound } from '../../../src/core/announcements/sentences.ts'
import { soundOf } from '../../../src/core/configuration/menu.ts'
import type { Configuration, MenuSetting } from '../../../src/core/configuration/schema.ts'
import { dateAt } from '../../../src/core/local-time.ts'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import type { LineNow } from '../../../src/http/queues/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { openBrowser, openDesk, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hasHeard, heardSince, hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { openScene, type Scene } from '../scene.ts'
import {
  addByKeyboard,
  openTab,
  press,
  publishLate,
  readOnly,
  revert,
  tabTo,
  type,
} from './configuration-steps.ts'
import { addMenuByKeyboard, giveMenuThatNobodyHears, said, saidInEnglish } from './menu-steps.ts'
import { makeReasons, overstayMeal, takeMeal, takeReasonOut } from './pause-steps.ts'

interface Office {
  readonly scene: Scene
  readonly administrator: Api
  /** The administrator's, and a supervisor's. */
  readonly page: Page
  readonly supervisor: Page
  /** Brings the line back to where it began, with this change, and opens its page. */
  begin(change: (document: Configuration) => Configuration): Promise<void>
}

/** A menu can be heard, whatever the setting `ANSWER` says. */
const answeredByQueue = (document: Configuration): Configuration => ({
  ...document,
  numbers: document.numbers.map((one) => ({ ...one, answer: 'queue' })),
})

/** The numbers have these hours, in place of the setting `LINE_HOURS`. */
const during =
  (weekly: string) =>
  (document: Configuration): Configuration => ({
    ...document,
    hours: [{ id: 'program', name: 'Program', weekly, holidays: 'closed', dates: [] }],
    numbers: document.numbers.map((one) => ({ ...one, hours: 'program' })),
  })

t.test('the line, from its page', { timeout: 1_500_000 }, async (t) => {
  const overrides = { ANSWER: 'agent', OUTBOUND_ALLOW: '+402,+407,+373' }
  const scene = await openScene(t, { agents: 1, overrides })
  const { linia } = scene
  const { url } = linia
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), url, linia.account('admin01'))
  const supervisor = await openSignedIn(await newContext(), url, linia.account('supervisor01'))
  const errors: string[] = []
  for (const one of [page, supervisor]) one.on('pageerror', (error) => errors.push(error.message))
  const administrator = new Api(url)
  await administrator.signIn(linia.account('admin01'))
  const { document: before } = await administrator.get<PublishedConfiguration>('/api/configuration')
  const begin: Office['begin'] = async (change) => {
    await publish(administrator, () => change(before))
    await inForce(linia)
    await page.goto(`${url}/configuration`)
    await page.locator('[data-item]').first().waitFor()
  }
  const office = { scene, administrator, page, supervisor, begin }

  await t.test('a person without a manual changes the line', (t) => changeByKeyboard(t, office))
  await t.test('a caller on Friday at 21:58, and numbers that agents type', (t) => tryLine(t, office))
  await t.test('a menu is added by keyboard, and the next caller hears it', (t) => addMenu(t, office))
  await t.test('a number is given a menu that nobody hears', async (t) => {
    const says = { ro: 'Pentru un operator, apăsați tasta unu.' }
    const menu = { id: 'alegere', name: 'Alegere', says, keys: { '1': { queue: 'general' } }, repeats: 0 }
    await begin((document) => ({ ...document, menus: [menu] }))
    await giveMenuThatNobodyHears(t, page)
    await discard(page)
  })

  const desk = await openDesk(await newContext(), url, linia.account('agent01'))
  desk.on('pageerror', (error) => errors.push(error.message))
  const agent = new Api(url)
  const { id } = await agent.signIn(linia.account('agent01'))
  const paused = { scene, agent, id, desk, board: supervisor }
  await t.test('the usual reasons for pauses are a beginning; one gets a bound, one is added', async (t) => {
    await begin((document) => document)
    await makeReasons(t, page)
  })
  await t.test('the agent’s open page has the reasons', (t) => takeMeal(t, paused))
  // Meanwhile the meal gets over its minute.
  await t.test('an administrator keeps the contacts, by keyboard', (t) => keepContacts(t, office, agent))
  await t.test('an administrator declares days, by keyboard', (t) => declareDays(t, office))
  await t.test('the board marks a long pause; the key takes the first reason', (t) => overstayMeal(t, paused))
  await t.test('a reason that is taken out keeps its name, and is refused', (t) =>
    takeReasonOut(t, page, paused),
  )
  t.same(errors, [])
})

async function discard(page: Page): Promise<void> {
  await page.locator('[data-action=discard]').click()
  await page.locator('[data-draft="0"]').waitFor()
}

async function changeByKeyboard(t: Test, { scene, administrator, page, supervisor }: Office): Promise<void> {
  await page.locator('header nav a[href="/configuration"]').click()
  await page.locator('[data-item]').first().waitFor()
  const published = () => administrator.get<PublishedConfiguration>('/api/configuration')
  const { document: before } = await published()

  await addByKeyboard(t, page)
  const added = await published()
  t.match(added, { reason: 'Urbanismul are numărul lui', by: scene.linia.account('admin01').name })
  t.same(added.document.queues.slice(0, -1), before.queues)
  t.match(added.document.queues.at(-1), {
    id: 'urbanism',
    name: 'Urbanism',
    overflow: { to: before.queues.at(-1)?.id, whenNobodySignedIn: true, afterSeconds: 300 },
  })
  t.match(added.document.numbers.at(-1), {
    number: '0256408300',
    name: 'Urbanism',
    queue: 'urbanism',
    hours: 'program-de-iarna',
    answer: 'agent',
    closingGraceMinutes: 20,
  })
  t.match(added.document.hours.at(-1), {
    id: 'program-de-iarna',
    weekly: 'Mon-Fri 08:00-22:00, Sat 08:00-16:00',
    holidays: 'closed',
    dates: [
      { date: '2026-12-24', hours: '08:00-16:00', reason: 'Ajunul Crăciunului' },
      { date: '2026-12-31', hours: 'closed' },
    ],
  })

  await publishLate(t, page, async () => {
    const renamed = (document: Configuration): Configuration => ({
      ...document,
      numbers: document.numbers.map((one, index) => (index === 0 ? { ...one, name: 'Linia 969' } : one)),
    })
    await publish(administrator, renamed, 'Alt nume')
  })
  const { document: both } = await published()
  t.equal(both.numbers[0]?.name, 'Linia 969', 'the other change is kept')
  t.equal(both.queues.at(-1)?.levelMin, 3)

  await revert(t, page)
  t.match(await published(), { reason: 'Înapoi', document: { queues: added.document.queues } })
  await readOnly(t, supervisor)
}

async function tryLine(t: Test, { scene, page, supervisor, begin }: Office): Promise<void> {
  await begin((document) => during('Mon-Fri 08:00-22:00')(answeredByQueue(document)))
  const open = async (tab: string): Promise<void> => {
    await page.locator(`[data-tab=${tab}]`).focus()
    await page.keyboard.press('Enter')
    await page.locator(`[data-tab=${tab}][aria-selected=true]`).waitFor()
  }

  await t.test('the story ends with until when the caller is served, and what they hear then', async (t) => {
    await type(page, 'aside [data-field=closingGraceMinutes]', '20')
    await open('try')
    await type(page, 'aside [data-day]', '04.12.2026')
    await type(page, 'aside [data-field=time]', '21:58')
    const last = page.locator('[data-story] li').last()
    const served =
      /^Dacă mai așteaptă la închidere, mai poate fi preluat până vineri, 4 decembrie 2026, ora 22:20; /
    await until(async () => served.test((await last.textContent()) ?? ''))
    t.match(await last.textContent(), /se încheie:Ne cerem scuze, toți operatorii sunt încă ocupați/)
    await type(page, 'aside [data-field=time]', '12:00')
    await until(async () => /^Așteaptă cel mult până .*, ora 13:00; /.test((await last.textContent()) ?? ''))
  })

  const verdict = page.locator('aside [data-verdict]')
  const says = async (what: RegExp): Promise<void> => {
    await until(async () => what.test((await verdict.textContent()) ?? '')).catch(() => undefined)
    t.match(await verdict.textContent(), what)
  }

  await t.test('a number is judged as an agent’s call is', async (t) => {
    await open('outbound')
    await type(page, 'aside [data-field=tried]', '0722 000 111')
    await says(/^\+40722000111: se poate suna\.Se formează 0722000111\.Îl permite \+407\.$/)
    await checkScreen(t, page, 'configuration, a call that is allowed')
    for (const [number, what] of [
      ['ghișeu', /^Acesta nu este un număr de telefon/],
      ['12', /^Acesta nu este un număr de telefon/],
      ['112', /112 se sună direct de pe telefon/],
      ['0900 123 456', /numerele cu suprataxă/],
      ['0256 969', /este un număr al orașului/],
      ['+44 20 7946 0958', /este în străinătate/],
      ['0219', /„Numere permise” nu îl cuprind\.$/],
    ] as const) {
      await type(page, 'aside [data-field=tried]', number)
      await says(what)
      t.equal(await verdict.getAttribute('data-verdict'), 'refused', number)
    }
    await type(page, 'aside [data-field=tried]', '1')
    await page.keyboard.press('Backspace')
    await page.locator('aside [data-verdict=none]').waitFor()
  })

  await t.test('the rules of the draft decide, and who calls', async (t) => {
    await tabTo(page, '[data-action=own-rules]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-outbound=own]').waitFor()
    await tabTo(page, '[data-field=agents]')
    await page.keyboard.press('ArrowDown')
    await type(page, 'aside [data-field=tried]', '0722000111')
    await says(
      /„Ce sună operatorii” este „numai înapoi”, iar numărul este scris de mână\.Un supervizor îl poate suna\.$/,
    )
    await checkScreen(t, page, 'configuration, a call that is refused')
    await press(page, 'aside [data-field=way] input', 'ArrowRight')
    await says(/^\+40722000111: se poate suna/)
    await page.keyboard.press('ArrowLeft')
    await says(/„numai înapoi”/)
    await tabTo(page, 'aside [data-field=by] input', true)
    await page.keyboard.press('ArrowRight')
    await says(/^\+40722000111: se poate suna/)
    await tabTo(page, '[data-field=allowed]', true)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('+402, +44')
    await says(/^Modificările au greșeli/)
    await press(page, 'aside [data-field=which] input', 'ArrowRight')
    await says(/^\+40722000111: se poate suna/)
    await page.keyboard.press('ArrowLeft')
    await says(/^Modificările au greșeli/)
    await tabTo(page, '[data-field=allowed]', true)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('+402')
    await says(/„Numere permise” și „În plus, pentru supervizori” nu îl cuprind/)
  })

  await t.test('supervisors try the rules in force', async (t) => {
    await supervisor.goto(`${scene.linia.url}/configuration?tab=outbound`)
    await supervisor.locator('[data-rule=allowed]').waitFor()
    await type(supervisor, 'aside [data-field=tried]', '0722000111')
    await supervisor.locator('[data-verdict=allowed]').waitFor()
    await checkScreen(t, supervisor, 'configuration, a call tried by a supervisor')
  })
  await discard(page)
}

async function addMenu(t: Test, { scene, administrator, page, supervisor, begin }: Office): Promise<void> {
  const { linia } = scene
  const payments: MenuSetting = {
    id: 'plati',
    name: 'Plăți',
    says: { ro: 'Pentru un operator, apăsați tasta unu.', en: 'For an agent, press one.' },
    keys: { '1': { queue: 'general' }, '*': { back: true } },
    repeats: 0,
  }
  await begin((document) => ({ ...answeredByQueue(document), menus: [payments] }))
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

  await t.test('nobody is signed in for the queue: an agent of another one answers', async (t) => {
    const announce = { position: true, estimate: false, firstAfterSeconds: 5, everySeconds: 30 }
    const queues = document.queues.map((queue) =>
      queue.id === taxes?.id
        ? { ...queue, overflow: { whenNobodySignedIn: true, to: 'general' } }
        : { ...queue, announce },
    )
    await publish(administrator, () => ({ ...document, queues }), 'taxele au plecat acasă')
    const caller = await calls('0722000962')
    await until(() => waiting()?.queue.id === 'general')
    const place = join(dir, `${positionSound('ro', 1)}.wav`)
    await until(() => existsSync(place))
    const placeSound = await soundIn(place)
    await listenTo(caller.rtp)(placeSound)
    const { phone, api } = await scene.deskAgent('agent01')
    await phone.answerNext(tone(600))
    await until(() => hears(caller.rtp, 600))
    caller.hangUp()
    const { outcome, queue, events } = await scene.record('0722000962')
    t.same([outcome, queue], ['answered', 'general'])
    const overflowed = events.filter(({ type }) => type === 'CallOverflowed')
    t.match(overflowed, [{ detail: { queue: 'general', why: 'nobody signed in' } }], 'once')
    await supervisor.goto(`${linia.url}/board`)
    const row = supervisor.locator(`[data-queue="${taxes?.id}"]`, {
      hasText: 'azi unul trecut la Informații',
    })
    await row.waitFor()
    await supervisor.locator('[data-figures=overflowed]').waitFor()
    await checkScreen(t, supervisor, 'board, overflowed')
    await api.signOut()
  })
}

/** An administrator adds a contact, mends a refused number, closes it and opens it again; an agent finds it. */
async function keepContacts(t: Test, { scene, page, supervisor }: Office, agent: Api): Promise<void> {
  await page.goto(`${scene.linia.url}/configuration`)
  await page.locator('[data-tab=numbers][aria-selected=true]').waitFor()
  await tabTo(page, '[data-tab=numbers]')
  // The last tab.
  await page.keyboard.press('ArrowLeft')
  const form = (id: string) => page.locator(`[data-contact-form="${id}"]`)
  await form('').waitFor()

  await type(page, '[data-contact-form] [data-field=name]', 'Stare civilă din cartier')
  await type(page, '[data-contact-form] [data-field=number]', '112')
  await press(page, '[data-action=save-contact]')
  const wrong = page.locator('[data-field=number][aria-invalid=true]')
  await wrong.waitFor()
  await page.locator('[data-field=number]:focus').waitFor()
  await checkScreen(t, page, 'contacts, a refused number')
  await type(page, '[data-contact-form] [data-field=number]', '0256 408 399')
  await press(page, '[data-action=save-contact]')
  const id = 'stare-civila-din-cartier'
  await form(id).waitFor()
  await page.locator('h2:focus').waitFor()
  await page.locator(`[data-contact="${id}"][data-closed=false]`).waitFor()
  await page.locator('[data-version]').first().waitFor()
  await checkScreen(t, page, 'contacts, one that was added')

  const offered = async (): Promise<number> => {
    const { items } = await agent.get<{ items: { name: string }[] }>('/api/contacts')
    return items.filter((one) => one.name === 'Stare civilă din cartier').length
  }
  // The node reads the register upon PostgreSQL's notification.
  await until(async () => (await offered()) === 1)
  t.pass('agents have it at once')

  await press(page, '[data-action=ask]')
  await page.locator('[data-sure]').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.locator(`[data-contact="${id}"][data-closed=true]`).waitFor()
  await until(async () => (await offered()) === 0)
  await page.locator('[data-version]').nth(1).waitFor()
  await checkScreen(t, page, 'contacts, a closed one')
  await press(page, '[data-action=save-contact]')
  await page.locator(`[data-contact="${id}"][data-closed=false]`).waitFor()
  await until(async () => (await offered()) === 1)
  await page.locator('[data-version]').nth(2).waitFor()

  await supervisor.goto(`${scene.linia.url}/configuration?tab=contacts`)
  await supervisor.locator('[data-tab=numbers][aria-selected=true]').waitFor()
  t.equal(await supervisor.locator('[data-tab=contacts]').count(), 0, 'administrators alone')
}

/** An administrator closes today, which acts at once, and takes it back; a supervisor reads it. */
async function declareDays(t: Test, { scene, administrator, page, supervisor }: Office): Promise<void> {
  await publish(administrator, during('Mon-Sun 00:00-24:00'))
  await inForce(scene.linia)
  const isOpen = async (): Promise<boolean> =>
    (await scene.board.get<LineNow>('/api/line')).numbers.every((one) => one.isOpen)
  await page.goto(`${scene.linia.url}/configuration?tab=history`)
  await page.locator('[data-tab=history][aria-selected=true]').waitFor()
  await openTab(page, 'history', 'ArrowRight', 'prompts')
  await openTab(page, 'prompts', 'ArrowRight', 'days')
  await page.locator('[data-date]').first().waitFor()
  await checkScreen(t, page, 'days off')

  const panel = (date: string, closed: boolean) =>
    page.locator(`[data-day-panel="${date}"][data-closed=${closed}]`)
  const newDay = async (date: string): Promise<void> => {
    await press(page, '[data-action=new-day]')
    await page.locator('[data-day=declared]:focus').waitFor()
    await page.keyboard.type(date.split('-').reverse().join('.'))
    await page.locator(`[data-day-panel="${date}"]`).waitFor()
  }
  const today = dateAt(Date.now())
  await newDay(today)
  if (await panel(today, true).isVisible()) {
    // A public holiday.
    await press(page, '[data-action=declare]')
    await panel(today, false).waitFor()
  }
  await until(isOpen)
  await page.locator('[data-rule="follows holidays"]').waitFor()
  await type(page, '[data-declare=true] [data-field=reason]', 'avarie la centrală')
  await checkScreen(t, page, 'days off, a day before it is closed')
  await page.keyboard.press('Enter')
  await panel(today, true).waitFor()
  await page.locator('#day:focus').waitFor()
  await page.locator(`tr[data-date="${today}"][data-state=closed]`).waitFor()
  await until(async () => !(await isOpen()))
  await checkScreen(t, page, 'days off, a closed day')

  await supervisor.goto(`${scene.linia.url}/configuration?tab=days`)
  await supervisor.locator(`tr[data-date="${today}"]`).waitFor()
  await tabTo(supervisor, `tr[data-date="${today}"] button`)
  await supervisor.keyboard.press('Enter')
  await supervisor.locator(`[data-day-panel="${today}"][data-closed=true]`).waitFor()
  t.equal(await supervisor.locator('[data-declare], [data-action=new-day]').count(), 0, 'a supervisor reads')
  await checkScreen(t, supervisor, 'days off, read by a supervisor')

  await press(page, '[data-action=declare]')
  await panel(today, false).waitFor()
  await until(isOpen)
  await page.locator('[data-version]').nth(1).waitFor()

  // Somebody else declares the day while this page shows it as it was. In February there is no public holiday.
  const later = `${Number(today.slice(0, 4)) + 1}-02-10`
  await newDay(later)
  await type(page, '[data-declare=true] [data-field=reason]', 'punte')
  await page.evaluate(async (date) => {
    await fetch(`/api/declared-days/${date}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ closed: true, reason: 'alt motiv', version: 0 }),
    })
  }, later)
  await press(page, '[data-action=declare]')
  await page.locator('[data-day-panel] [role=alert]:not(:empty), [data-version]').first().waitFor()
  await panel(later, true).waitFor()
  t.equal(await page.locator('[data-version]').count(), 1, 'the second declaration was refused')
}
