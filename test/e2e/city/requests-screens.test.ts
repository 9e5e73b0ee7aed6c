/** The screens of requests; `checkScreen` has what each of them is held to. */
import t, { type Test } from 'tap'
import type { Locator, Page } from 'playwright-core'
import { Api } from '../../../tools/demo/api.ts'
import { writtenDay } from '../../../src/city/day.ts'
import { dateAt, timeZone } from '../../../src/core/local-time.ts'
import { RequestId } from '../../../src/city/requests/number.ts'
import { requestById } from '../../../src/ledger/requests/lists.ts'
import { standingColumns } from '../../../src/ledger/requests/standing.ts'
import { openBrowser, openDesk, openSignedIn, pickUp, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { lampForm, randomDraft } from '../../ledger/requests/fixtures.ts'
import { until } from '../../support/until.ts'
import { openScene } from '../scene.ts'
import {
  canRun,
  focused,
  keepFocus,
  mend,
  pick,
  possibleFirst,
  searchAtOnce,
  wordsOnCallersPage,
} from './keyboard-steps.ts'
import { openTestDatabase } from '../../support/postgres.ts'

t.test('the screens of requests are accessible', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, overrides: { WRAP_UP_MS: '60000' } })
  const { newContext } = await openBrowser(t, null)
  const agent = new Api(scene.linia.url)
  await agent.signIn(scene.linia.account('agent01'))
  const register = async (form: ReturnType<typeof lampForm>) => {
    const answer = await agent.ask('POST', '/api/requests', { draft: randomDraft(), call: null, form })
    return (await answer.json()) as { id: string; number: string }
  }
  const first = await register(lampForm())
  const second = await register(
    lampForm({ kind: 'complaint', category: 'pothole', text: 'O groapă mare în fața casei.' }),
  )

  const check = (page: Page, name: string) => checkScreen(t, page, name)

  const desk = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
  await t.test('what is typed right after the search key arrives whole', (t) => searchAtOnce(t, desk))
  await t.test('words typed on the caller’s page find an article', (t) => wordsOnCallersPage(t, desk))
  await t.test('the commands begin with the possible ones', (t) => possibleFirst(t, desk))
  await desk.locator('[data-action=pause-ready]:not([aria-disabled=true])').waitFor()
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  const citizen = await scene.town.call({ callerId: '0722000911' })
  await pickUp(desk)
  await desk.waitForFunction(() => document.activeElement?.matches('[data-begins]') === true)
  await desk.locator('[data-shortlist=caller]').waitFor()
  await check(desk, 'caller with open requests')
  await t.test('the caller’s page is a home', (t) => home(t, desk))
  await t.test('the header has who waits, without a shift', async (t) => {
    const places = () => desk.locator('header').evaluate(childPlaces)
    const before = await places()
    t.equal(await desk.locator('[data-queue-strip=live] [data-waiting]').textContent(), '0')
    const waits = await scene.town.call({ callerId: '0722000912' })
    await desk.locator('[data-waiting]', { hasText: '1' }).waitFor()
    t.match(await desk.locator('[data-longest]').textContent(), /^\d\d:\d\d$/)
    t.strictSame(await places(), before)
    waits.hangUp()
    await desk.locator('[data-waiting]', { hasText: '0' }).waitFor()
  })
  await desk.locator('#tab-requests').click()
  await desk.locator('[data-pane=requests] [data-action=new-request]').click()
  const form = desk.locator('[data-request-form]')
  await form.locator('[data-category]').fill('ilum')
  await desk.getByRole('option', { name: 'Iluminat public' }).waitFor()
  await check(desk, 'choosing a category')
  await pick(t, desk)
  await form.locator('[data-address=place] [data-street]').fill('lucian b')
  await desk.getByRole('option', { name: 'Strada Lucian Blaga' }).click()
  await form
    .locator('[data-text]')
    .fill('Iluminatul de pe stradă nu funcționează de trei zile, de la numărul 5 până la colț.')
  await form.locator('[data-action=join]').first().waitFor()
  await form.locator('[data-action=register]').click()
  await form.locator('[role=alert]:not(:empty)').waitFor()
  await check(desk, 'form with something missing')
  await t.test('errors stand at their fields', (t) => mend(t, desk))
  await t.test('the focus stays in the page', (t) => keepFocus(t, desk))
  await form
    .locator('[data-text]')
    .fill('Iluminatul de pe stradă nu funcționează de trei zile, de la numărul 5 până la colț.')
  await form.locator('[data-name]').fill('Ștefan Țăranu')
  await form.locator('[data-text]').focus()
  await desk.keyboard.press('Control+Enter')
  await desk.locator('[data-read-out]').waitFor()
  t.match(await focused(desk), /^data-read-out/, 'the form is gone, its number has the focus')
  await desk
    .locator('[data-read-out]')
    .getByText(/^Primăria Municipiului Timișoara: cererea/)
    .waitFor()
  const number = desk.locator('[data-read-out] section span').first()
  t.match(await number.textContent(), /^[A-Z]+\d{4}-\d{6}/)
  t.equal(await number.evaluate((one) => one.getClientRects().length), 1, 'the number stays on one line')
  t.ok(
    await desk
      .locator('[data-read-out]')
      .evaluate((card) => parseFloat(getComputedStyle(card).outlineOffset) >= 4),
    'the ring of the focus leaves the letters alone',
  )
  await check(desk, 'read-out')
  t.ok(await canRun(desk, 'Comunicat'), 'there is a number to tell')
  await desk.keyboard.press('F7')
  await desk.locator(`[data-pane=requests] [data-request="${first.id}"]`).first().click()
  await desk.locator('[data-request-record]').waitFor()
  await check(desk, 'record')
  await t.test('the shift’s totals follow the end of a call, however late it is on record', (t) =>
    lateRecord(t, desk, () => citizen.hangUp()),
  )
  const proposed = desk.locator('[data-wrap-up] label[data-proposed=true]', { hasText: 'Înregistrat' })
  await proposed.waitFor()
  await desk.reload()
  await proposed.waitFor()
  t.pass('after a reload the form proposes what was registered')
  await t.test('the wrap-up’s time is seen to shrink, and a key prolongs it', (t) => prolong(t, desk))
  const { id: call } = await scene.record('0722000911')

  await t.test('a call that was closed without its form is completed later', async (t) => {
    await desk.locator('[data-notes]').focus()
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
    await desk.keyboard.press('F4')
    await waitForState(desk, 'paused')
    await desk.locator(`[data-unfinished] [data-call="${call}"]`).waitFor()
    await desk.locator('#tab-caller').click()
    await desk.locator('[data-shortlist=to-tell]').waitFor()
    await check(desk, 'idle desk, numbers to tell and a call to complete')
    await desk.keyboard.press('Shift+F3')
    await desk.locator(`[data-correction="${call}"]`).waitFor()
    await check(desk, 'completing a call')
    await desk.locator('[data-correction] [data-note]').fill('La alt apel.')
    await desk.locator('[data-action=drop-correction]').click()
    await desk.locator('[data-correction]').waitFor({ state: 'detached' })
    await desk.waitForFunction(() => document.activeElement !== document.body)
    await desk.keyboard.press('Shift+F3')
    await desk.locator(`[data-correction="${call}"]`).waitFor()
    t.equal(await desk.locator('[data-correction] [data-note]').inputValue(), '', 'what was given up is gone')
    // The focus is on what is missing: whether the call was justified.
    await desk.keyboard.press('1')
    await desk.locator('[data-correction] [data-note]').fill('A sunat din nou, pentru adresă.')
    // A reload, or a call that comes meanwhile, loses nothing.
    await desk.reload()
    await waitForState(desk, 'paused')
    await desk.locator(`[data-unfinished] [data-call="${call}"]`).click()
    t.equal(
      await desk.locator('[data-correction] [data-note]').inputValue(),
      'A sunat din nou, pentru adresă.',
    )
    await desk.locator('[data-correction] [data-note]').focus()
    await desk.keyboard.press('Control+Enter')
    await desk.locator('[data-unfinished]').waitFor({ state: 'detached' })
    t.not(await desk.evaluate(() => document.activeElement?.tagName), 'BODY')
    t.equal(await desk.locator('[data-state=paused]').count(), 1)
    const kept = await scene.record('0722000911', ({ wrapUp }) => wrapUp?.later === true)
    t.match(kept.wrapUp, { motivated: 'yes', resolution: 'registered', later: true })
    t.match(kept.wrapUps[0]?.earlier, [{ motivated: 'unstated', later: false }])
    t.equal(kept.notes.at(-1)?.text, 'A sunat din nou, pentru adresă.')
    await desk.keyboard.press('Control+F2')
    t.equal(await desk.locator('#tab-taxes').getAttribute('aria-selected'), 'false', 'nobody to check')
  })

  const boss = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('supervisor01'))
  await boss.locator('header nav a[href="/requests"]').click()
  await boss.locator(`[data-request="${first.id}"]`).click()
  const add = boss.locator('[data-action=add-step]')
  await t.test('what a step lacks stands at each field', (t) => mendStep(t, boss))
  await t.test('an extension is bounded by the law', (t) => boundedDays(t, boss))
  await boss.locator('[data-day=told]').fill('31.12.2099')
  await boss.locator('[data-next-step]').getByText('prelungirea nu mai este posibilă').waitFor()
  await boss.locator('[data-day=told]').fill(writtenDay(dateAt(Date.now())))
  await t.test('Escape closes a calendar that has not come yet', async (t) => {
    const come = Promise.withResolvers<void>()
    await boss.route(/\/calendar-[^/]*\.js/, async (route) => {
      await come.promise
      await route.continue()
    })
    await boss.keyboard.press('Alt+ArrowDown')
    await boss.locator('[role=dialog]').waitFor()
    await boss.keyboard.press('Escape')
    await boss.locator('[role=dialog]').waitFor({ state: 'detached' })
    t.equal(await boss.evaluate(() => document.activeElement?.getAttribute('data-day')), 'told')
    await boss.keyboard.press('Alt+ArrowDown')
    await boss.locator('[role=dialog]').waitFor()
    come.resolve()
    await boss.locator('[role=dialog] [data-today]:focus').waitFor()
  })
  const month = new Intl.DateTimeFormat('ro', { timeZone, month: 'long', year: 'numeric' })
  await boss.locator('[role=dialog]').getByText(month.format(), { exact: true }).waitFor()
  await check(boss, 'supervisor, the calendar')
  await boss.keyboard.press('Escape')
  const sent = boss.waitForRequest(/\/statuses$/)
  await add.click()
  t.match(
    (await sent).postDataJSON(),
    { kind: 'extended', days: 10, told: { by: 'phone' } },
    'the days as typed',
  )
  await boss.getByText('Termen prelungit', { exact: true }).first().waitFor()
  await boss.getByText('petentul a fost înștiințat telefonic').waitFor()
  t.match(
    await boss.locator('[data-request-record]').textContent(),
    /Termen prelungit cu 10 zile, până la \d\d\.\d\d\.\d{4} · .*Stâlpul se înlocuiește/,
    'the history has the days as granted, and the reason',
  )
  await check(boss, 'supervisor, a step further')
  await t.test('each other step, with what it requires', (t) => steps(t, boss, second.id, first.id))

  await t.test('a supervisor reads out the complaint about a delay', async (t) => {
    const late = await register(lampForm({ text: 'Stâlpul de la colț, de o lună.' }))
    await makeLate(scene.linia.databaseUrl, RequestId(late.id))
    await complain(t, boss, `${scene.linia.url}/requests?request=${late.id}`)
  })

  await t.test('a call shows its requests, and a request its call', async (t) => {
    await boss.locator('header nav a[href="/calls"]').click()
    await boss
      .locator(`a[href="/calls/${encodeURIComponent(call)}"]`)
      .first()
      .click()
    const linked = boss.locator('[data-registered] a')
    await linked.waitFor()
    t.equal(await boss.locator('[data-earlier] li').count(), 1)
    t.equal(await boss.locator('[data-action=correct]').count(), 0, 'a supervisor changes no form')
    await boss.locator('[data-note]').fill('Verificat cu direcția.')
    await boss.reload()
    t.equal(await boss.locator('[data-note]').inputValue(), 'Verificat cu direcția.')
    await boss.locator('[data-action=add-note]').focus()
    // Both presses wait while the page is busy.
    const busy = boss.evaluate(() => {
      for (const until = performance.now() + 1_000; performance.now() < until;) continue
    })
    await Promise.all([busy, boss.keyboard.press('Enter'), boss.keyboard.press('Enter')])
    const note = boss.locator('blockquote').getByText('Verificat cu direcția.')
    await note.waitFor()
    await check(boss, 'call page with a request')
    const { notes } = await scene.record('0722000911')
    const added = notes.filter(({ text }) => text === 'Verificat cu direcția.')
    t.equal(added.length, 1, 'two presses are one note')
    await linked.click()
    await boss.locator('[data-registered-in]').click()
    await boss.locator('[data-registered]').waitFor()
  })

  await t.test('days are typed as people write them, also a wrong one', async (t) => {
    await boss.locator('header nav a[href="/calls"]').click()
    const from = boss.locator('input[name=from]')
    await from.fill('31.11.2026')
    await boss.keyboard.press('Enter')
    await boss.locator('form').getByText('Scrie data așa: 24.12.2026.').waitFor()
    t.notMatch(boss.url(), /from=/, 'nothing was asked')
    t.equal(await from.inputValue(), '31.11.2026', 'what was typed stays')
    await from.fill('24/11/2026')
    await boss.keyboard.press('Enter')
    await boss.waitForURL(/from=2026-11-24/)
    t.equal(await boss.locator('input[type=date]').count(), 0)
    for (const [name, text] of [
      ['to', '23.11.2026'],
      ['caller', 'abc'],
    ] as const) {
      const field = boss.locator(`input[name=${name}]`)
      const before = await field.inputValue()
      await field.fill(text)
      await boss.keyboard.press('Enter')
      await boss.locator(`input[name=${name}][aria-invalid=true]`).waitFor()
      t.equal(
        await field.inputValue(),
        text,
        'a search that cannot find what is meant is refused at its field',
      )
      await field.fill(before)
      await boss.keyboard.press('Enter')
      await boss.locator('[aria-invalid=true]').waitFor({ state: 'detached' })
    }
  })

  const visitor = await (await newContext()).newPage()
  await visitor.goto(`${scene.linia.url}/urmarire`)
  await visitor.locator('[data-city] [data-mark]').waitFor()
  await visitor.locator('input[name=number]').fill(first.number)
  await visitor.locator('input[name=code]').fill('1')
  await visitor.locator('button[type=submit]').click()
  await visitor.locator('[role=alert]:not(:empty)').waitFor()
  await check(visitor, 'tracking, no match')
})

/** The steps of a request as a supervisor adds them, none without its words, and what its history says of them. */
async function steps(t: Test, boss: Page, id: string, other: string): Promise<void> {
  const record = boss.locator(`[data-request-record="${id}"]`)
  const form = boss.locator('[data-next-step]')
  const add = form.locator('[data-action=add-step]')
  await boss.locator(`[data-request="${id}"]`).click()
  await record.locator('ol > li').first().waitFor()
  const spoken = await boss.locator(`[data-request="${other}"]`).textContent()
  const one = async (kind: string, said: { words?: string; note?: string }, shown: string): Promise<void> => {
    const before = await record.locator('ol > li').count()
    await form.locator('[data-step]').selectOption(kind)
    if (kind !== 'reopened') {
      await add.click()
      await form.locator('[aria-invalid=true]:focus').waitFor()
    }
    if (said.words !== undefined) await form.locator('[data-authority], [data-join-to]').fill(said.words)
    if (said.note !== undefined) await form.locator('[data-note]').fill(said.note)
    await add.click()
    const newest = record.locator('ol > li').nth(before)
    await newest.waitFor()
    const text = (await newest.textContent()) ?? ''
    t.ok(text.includes(shown) && text.includes(said.note ?? ''), `${kind}: ${text}`)
    const state = kind === 'reopened' ? 'În lucru' : (shown.split(' →')[0] ?? '')
    t.match(await record.locator('h3').textContent(), state, `${kind}: the state that it leaves`)
  }
  const reopen = () => one('reopened', { note: 'Petentul a revenit.' }, 'Redeschisă')
  await one('redirected', { words: 'Consiliul Județean' }, 'Trimisă mai departe → Consiliul Județean')
  await reopen()
  await one('joined', { words: other }, `Conexată → ${spoken}`)
  await reopen()
  await one('filed', { note: 'Repetată după răspuns (art. 10).' }, 'Clasată')
  await reopen()
  await one('answered', { note: 'Groapa a fost astupată.' }, 'Răspuns dat')
}

/** As if the answer had been due last year. */
async function makeLate(url: string, request: RequestId): Promise<void> {
  const db = openTestDatabase(url)
  const row = await requestById(db, request)
  if (row === null) throw new Error(`no request ${request}`)
  const standing = { ...row.standing, announcedOn: '2025-11-24', legalEndOn: '2025-11-25' }
  const nothing = { authority: null, joined_to: null, foreign_number: null, told_by: null, told_on: null }
  await db
    .insertInto('request_statuses')
    .values({
      request,
      version: row.version + 1,
      kind: 'in progress',
      ...standingColumns(standing),
      ...nothing,
      extended_days: null,
      by: null,
      note_digest: null,
    })
    .execute()
  await db.destroy()
}

/** Number, day and code of a complaint, as on the desk; it is told, and is found in the list. */
async function complain(t: Test, boss: Page, url: string): Promise<void> {
  await boss.goto(url)
  await boss.locator('[data-action=complain]').click()
  const card = boss.locator('[data-read-out]')
  await card.waitFor()
  t.equal(await card.evaluate(isFocused), true, 'it has the focus')
  const id = (await card.getAttribute('data-read-out')) ?? ''
  const [prefix, digits] = id.split('-')
  const spoken = (await card.locator('[data-spoken=number]').textContent()) ?? ''
  t.ok(spoken.includes(String(Number(digits))), `${prefix}, ${spoken}`)
  t.match(await card.locator('[data-spoken=day]').textContent(), /^\S+, \d+ \S+/)
  t.match((await card.locator('[data-spoken=code]').textContent())?.replaceAll(/\D/g, ''), /^\d{6}$/)
  await card.getByText('/urmarire').waitFor()
  const told = card.locator('[data-action=told]')
  t.equal(await told.getAttribute('aria-keyshortcuts'), null, 'the page has no keys of the desk')
  await checkScreen(t, boss, 'supervisor, a complaint to read out')
  await told.click()
  await card.locator('[data-action=told]:disabled').waitFor()
  await boss.locator(`[data-request="${id}"]`).click()
  await boss.locator(`[data-request-record="${id}"]`).waitFor()
  t.equal(await boss.locator(`[data-request-record="${id}"] [data-waits]`).count(), 0, 'it was told')
  t.equal(await card.count(), 0)
}

/** The bound and its law beside the field; more days are refused there, before they are sent. */
async function boundedDays(t: Test, boss: Page): Promise<void> {
  const form = boss.locator('[data-next-step]')
  const days = form.locator('[data-days]')
  await form.getByText('O singură prelungire, de cel mult 15 zile (OG 27/2002 art. 9).').waitFor()
  t.match(await describedBy(days), /cel mult 15 zile/)
  await days.fill('16')
  await form.locator('[data-action=add-step]').click()
  await form.getByText('Legea permite cel mult 15 zile în plus.').waitFor()
  t.equal(await days.evaluate(isFocused), true)
  await days.fill('10')
  await form.getByText('Legea permite cel mult 15 zile în plus.').waitFor({ state: 'detached' })
}

/** The texts that describe a field to a screen reader. */
const describedBy = (field: Locator): Promise<string> =>
  field.evaluate((at) =>
    (at.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' '),
  )

/** Left edges and widths of an element's children. */
const childPlaces = (parent: Element): readonly number[] =>
  [...parent.children].flatMap((child) => {
    const { left, width } = child.getBoundingClientRect()
    return [left, width]
  })

/** Who calls, the open requests with their terms, one column without a list, and what begins by each key. */
async function home(t: Test, desk: Page): Promise<void> {
  const head = desk.locator('[data-caller-head]', { hasText: /0722 000 911.*Primul apel cu numărul acesta/ })
  await head.waitFor()
  const chips = desk.locator('[data-shortlist=caller] [data-deadline]')
  t.equal(await chips.count(), 2, 'each open request has its term')
  for (const chip of await chips.all()) t.match(await chip.textContent(), /^mai are (o zi|\d+ (de )?zile)$/)
  t.equal(await desk.locator('[data-pane=caller] [data-columns="1"]').count(), 1, 'no empty half')
  await desk.locator('[data-pane=caller] [data-home-notice]', { hasText: 'Strada Oituz' }).waitFor()
  const keyOf = (action: string) =>
    desk.locator(`[data-pane=caller] [data-action=${action}] kbd`).textContent()
  for (const [action, field] of [
    ['start-papers', '[data-pane=papers] [data-search]'],
    ['start-taxes', '[data-pane=taxes] [name=name]'],
    ['start-document', '[data-filed-elsewhere] input'],
    ['start-request', '[data-request-form] input'],
  ] as const) {
    await desk.locator('#tab-caller').click()
    await desk.keyboard.press(((await keyOf(action)) ?? '').replace('Ctrl', 'Control'))
    await desk.waitForFunction((wanted) => document.activeElement?.matches(wanted) === true, field)
    t.pass(action)
  }
  t.equal(await desk.locator('[data-request-form] [data-category]').evaluate(isFocused), true)
  await desk.locator('[data-request-form] [data-action=discard]').click()
  await desk.locator('#tab-caller').click()
  await desk.locator('[data-begins] button').first().focus()
  await desk.keyboard.press('4')
  await desk.waitForFunction(() => document.activeElement?.matches('[data-filed-elsewhere] input') === true)
  await desk.locator('#tab-caller').click()
}

/** An answer without text; an extension that lacks everything, mended field by field. */
async function mendStep(t: Test, boss: Page): Promise<void> {
  const form = boss.locator('[data-next-step]')
  const wrong = form.locator('[aria-invalid=true]')
  await form.locator('[data-step]').selectOption('answered')
  await form.locator('[data-action=add-step]').click()
  await form.getByText('Scrie textul răspunsului.').waitFor()
  await form.locator('[data-step]').selectOption('extended')
  t.equal(await wrong.count(), 0, 'another step lacks nothing yet')
  await form.locator('[data-days]').fill('')
  await form.locator('[data-action=add-step]').click()
  await form.locator('[data-note][aria-invalid=true]').waitFor()
  t.equal(await wrong.count(), 4, 'days, way, day and reason')
  t.equal(await form.locator('[data-days]').evaluate(isFocused), true, 'the first has the focus')
  t.equal(await form.locator('[role=alert]').textContent(), 'Mai trebuie completate 4 câmpuri.')
  await form.getByText('Scrie motivul prelungirii.').waitFor()
  await checkScreen(t, boss, 'supervisor, a step that lacks something')
  await form.locator('[data-note]').fill('Stâlpul se înlocuiește; piesa vine peste o săptămână.')
  t.equal(await form.getByText('Scrie motivul prelungirii.').count(), 0, 'gone when mended')
  await form.locator('[data-days]').fill('10')
  await form.locator('[data-told-by]').selectOption('phone')
  t.equal(await wrong.count(), 1)
  await form.locator('[data-action=add-step]').click()
  await boss.waitForFunction(() => document.activeElement?.matches('[data-day=told]') === true)
}

/** The record of calls has the call only at the third question. */
async function lateRecord(t: Test, desk: Page, hangUp: () => void): Promise<void> {
  const count = desk.locator('dl[aria-label="Tura mea"] dd').first()
  const before = Number(await count.textContent())
  let late = 2
  await desk.route(/\/api\/calls\?.*agent=/, async (route) => {
    late -= 1
    if (late < 0) return route.continue()
    return route.fulfill({ json: { items: [], next: null } })
  })
  await desk.route(/\/api\/agents\/[^/]+\/day$/, (route) =>
    late < 0 ? route.continue() : route.fulfill({ json: { answered: before, talkMs: 0, times: [] } }),
  )
  hangUp()
  await waitForState(desk, 'wrap-up')
  await until(async () => (await count.textContent()) === String(before + 1))
  t.ok(late < 0)
  await desk.unrouteAll()
}

/** The bar of the wrap-up's countdown; the key that prolongs it says by how much. */
async function prolong(t: Test, desk: Page): Promise<void> {
  const band = desk.locator('[data-band=wrap-up]')
  const barWidth = async () => (await band.locator(':scope > span').last().boundingBox())?.width ?? 0
  const secondsLeft = async () => {
    const [, minutes, seconds] = /(\d\d):(\d\d)/.exec((await band.textContent()) ?? '') ?? []
    return 60 * Number(minutes) + Number(seconds)
  }
  const width = await barWidth()
  await until(async () => (await barWidth()) < width - 2)
  t.match(await desk.locator('[data-action=extend]').textContent(), /^\+30 s.*F3$/)
  const before = await secondsLeft()
  await desk.keyboard.press('F3')
  await until(async () => (await secondsLeft()) > before + 15)
  t.pass('prolonged')
}

const isFocused = (element: Element): boolean => element === document.activeElement
