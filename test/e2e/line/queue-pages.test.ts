/**
 * Pages about queues and their callers, on one system: the target of a queue, skills, the board of one queue, the review that removes a
 * queue, blocked callers, and callers left without an answer.
 */
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import type { Configuration, TargetSetting } from '../../../src/core/configuration/schema.ts'
import { dateAt, daysLater } from '../../../src/core/local-time.ts'
import type { SkillMatrix } from '../../../src/http/skills/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { bursts, openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hears, tone } from '../../support/sip/audio.ts'
import type { TestPhone } from '../../support/sip/desk-phone.ts'
import { until } from '../../support/until.ts'
import { openTab, press, tabTo, type } from '../city/configuration-steps.ts'
import { citizenTone } from '../desk-steps.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { transitions, type DeskAgent, type Scene } from '../scene.ts'
import { hasHeardPrompt } from './heard-prompt.ts'
import { openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const callers = {
  target: '0722000991',
  skills: ['0722000971', '0722000972', '0722000973'],
  general: '0722000981',
  taxes: '0722000982',
  removed: '0722000983',
  blocked: '0722000961',
  gaveUp: '0722000984',
} as const
const taxesNumber = '0256969100'
/** Longer than a busy machine needs for the board of one queue. */
const waitMaxMs = 90_000

interface Office {
  readonly scene: Scene
  readonly outside: TestPhone
  readonly administrator: Api
  /** The administrator's page, and a supervisor's. */
  readonly page: Page
  readonly board: Page
  /** Both paused between two tests. */
  readonly first: DeskAgent
  readonly second: DeskAgent
  openDesk(username: string): Promise<Page>
}

t.test('queues and their callers, on the pages', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, {
    SERVICE_LEVEL_MS: '1000',
    SHORT_ABANDON_MS: '500',
    WAIT_MAX_MS: String(waitMaxMs),
  })
  const { linia } = scene
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const board = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  const errors: string[] = []
  for (const one of [page, board]) one.on('pageerror', (error) => errors.push(error.message))
  const administrator = new Api(linia.url)
  await administrator.signIn(linia.account('admin01'))
  const office: Office = {
    scene,
    outside,
    administrator,
    page,
    board,
    first: await scene.deskAgent('agent01', { ready: false }),
    second: await scene.deskAgent('agent02', { ready: false }),
    openDesk: async (username) => openDesk(await newContext(), linia.url, linia.account(username)),
  }
  await t.test('the target of a queue, from its page to the board', (t) => target(t, office))
  await t.test('skills that are set while calls come', (t) => skills(t, office))
  let patient: Citizen | undefined
  await t.test('a supervisor looks at one queue', async (t) => {
    patient = await oneQueue(t, office)
  })
  // Meanwhile the caller of that queue waits on.
  await t.test('a queue with callers in it is removed', (t) => removedQueue(t, office))
  await t.test('a blocked caller', (t) => blockedCaller(t, office))
  await t.test('who gave up is called back by one key of their row', (t) => abandoned(t, office, patient))
  t.same(errors, [])
})

const talking = ({ view }: Scene) =>
  until(() => [...view.calls.values()].some(({ phase }) => phase === 'talking'))

async function setReady({ scene }: Office, agents: readonly DeskAgent[], isReady: boolean): Promise<void> {
  for (const { api, id } of agents) {
    await api.setState(isReady ? { state: 'ready' } : { state: 'paused', reason: 'break' })
    await until(() => scene.view.agents.get(id)?.state === (isReady ? 'ready' : 'paused'))
  }
}

/** A call that this agent answers, and ends. */
async function serve({ scene }: Office, { phone }: DeskAgent, callerId: string) {
  const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
  const talk = await phone.answerNext(tone(agentTone))
  await talking(scene)
  talk.hangUp()
  await citizen.ended
  return scene.record(callerId, ({ outcome }) => outcome === 'answered')
}

async function setLevels(
  { scene }: Office,
  levels: readonly (readonly [DeskAgent['id'], Readonly<Record<string, number>>])[],
): Promise<void> {
  const { agents } = await scene.board.get<SkillMatrix>('/api/skills')
  const changes = levels.map(([id, change]) => ({
    id,
    basedOn: agents.find((one) => one.id === id)?.version,
    levels: change,
  }))
  await scene.board.ask('PUT', '/api/skills', { agents: changes, reason: 'probă' })
  await inForce(scene.linia)
}

/** A target that is published judges the callers who wait at once, and the calls that come from then on. */
async function target(t: Test, office: Office): Promise<void> {
  const { scene, administrator, page, board, first } = office
  const having =
    (target: TargetSetting) =>
    ({ queues, ...document }: Configuration): Configuration => ({
      ...document,
      queues: queues.map((queue) => (queue.id === 'general' ? { ...queue, target } : queue)),
    })
  const answeredWithin = board.locator('[data-figures=answeredWithin] td').last()
  t.equal(await board.locator('[data-target]').count(), 0, 'without a target of its own nothing is printed')

  await t.test('an administrator sets it by keyboard', async (t) => {
    await page.locator('header nav a[href="/configuration"]').click()
    await page.locator('[data-item]').first().waitFor()
    await openTab(page, 'numbers', 'ArrowRight', 'queues')
    await press(page, 'aside [data-field=hasTarget]', 'Space')
    await type(page, 'aside [data-field=percent]', '90')
    await type(page, 'aside [data-field=withinSeconds]', '600')
    await checkScreen(t, page, 'configuration, target of a queue')
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="own 1"]').waitFor()
    t.match(await page.locator('[data-changes="own 1"]').textContent(), /90 % în 600 s/)
    await type(page, '[data-field=reason]', 'Ținta noastră')
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
    await board.locator('[data-target=general]', { hasText: 'în 600 s' }).waitFor()
  })

  await t.test(
    'a caller who waits is judged by it, and by the next one as soon as it is published',
    async (t) => {
      const citizen = await scene.town.call({ callerId: callers.target, speech: tone(citizenTone) })
      const wait = board.locator('[data-breach]')
      await wait.waitFor()
      await until(() => {
        const [call] = [...scene.view.calls.values()]
        return call?.queuedAt != null && Date.now() - Date.parse(call.queuedAt) > 3_000
      })
      t.equal(await wait.getAttribute('data-breach'), 'false', 'the setting alone would be over')
      await publish(administrator, having({ percent: 90, withinSeconds: 1 }))
      await board.locator('[data-breach=true]').waitFor()
      await board.locator('[data-target=general]', { hasText: 'în 1 s' }).waitFor()
      await first.api.setState({ state: 'ready' })
      const talk = await first.phone.answerNext(tone(agentTone))
      await talking(scene)
      talk.hangUp()
      await citizen.ended
      await answeredWithin.filter({ hasText: /^1$/ }).waitFor()
      t.pass('it entered the queue under the longer target')
      await board.goto(`${scene.linia.url}/board/wall`)
      await board.locator('[data-queue=general]', { hasText: 'în 1 s' }).waitFor()
      await setReady(office, [first], false)
    },
  )
}

/** The next call goes by the level that a supervisor has set; on the page by keys alone. */
async function skills(t: Test, office: Office): Promise<void> {
  const { scene, board: page, first, second } = office
  const [byDemo, byApi, byPage] = callers.skills
  await setReady(office, [first, second], true)
  const rings = async (t: Test, agent: DeskAgent, callerId: string, why: string) => {
    t.equal((await serve(office, agent, callerId)).agent?.name, agent.name, why)
    await until(() => scene.view.agents.get(agent.id)?.state === 'ready')
  }
  await rings(t, second, byDemo, 'the demo gives the second agent the higher level')
  await setLevels(office, [[first.id, { general: 5 }]])
  await rings(t, first, byApi, 'the next call goes by the new level')

  await t.test('on the page, by keys alone', async (t) => {
    await page.goto(`${scene.linia.url}/skills`)
    const row = page.locator(`[data-skills-of="${first.name}"]`)
    await row.waitFor()
    await page.locator('[data-cell][tabindex="0"]').focus()
    for (let presses = 0; presses < 5 && (await row.getAttribute('data-chosen')) !== 'true'; presses += 1)
      await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Home')
    await page.keyboard.press('2')
    await row.locator('[data-changed][data-level="2"]').waitFor()
    await checkScreen(t, page, 'the matrix of skills with an unsaved change')
    await page.locator('[data-field=reason]').focus()
    await page.keyboard.insertText('program redus')
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="0"]', { hasText: 'Salvat' }).waitFor()
    await row.locator('[data-level="2"]:not([data-changed])').waitFor()
    const latest = page.locator('[data-version]').first()
    await latest.filter({ hasText: 'program redus' }).waitFor()
    t.match(await latest.textContent(), /general 5 → 2/)
    await inForce(scene.linia)
    await rings(t, second, byPage, 'the next call goes by the page')
  })
  await setReady(office, [first, second], false)
}

/** Its callers, the agents who serve it, and its figures. The choice is in the address. Answers its caller, who waits on. */
async function oneQueue(t: Test, office: Office): Promise<Citizen> {
  const { scene, administrator, board: page, first } = office
  const { url } = scene.linia
  await publish(administrator, ({ numbers, queues, ...document }) => ({
    ...document,
    numbers: [...numbers, { number: taxesNumber, also: [], name: 'Direcția fiscală', queue: 'taxe' }],
    queues: queues.map((one) => (one.id === 'taxe' ? { ...one, skill: 'fiscal' } : one)),
  }))
  await setLevels(office, [[first.id, { fiscal: 5 }]])
  const waiting = page.locator('[aria-labelledby=waiting] [data-call]')
  const working = () =>
    page.locator('[data-agent]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-agent')))
  const choice = page.locator('select[data-queue-choice]')
  /** In all half-hours of the course of the day that is shown. */
  const entered = () =>
    page
      .locator('[data-trend] tbody tr td:nth-of-type(1)')
      .evaluateAll((cells) => cells.reduce((sum, cell) => sum + Number(cell.textContent), 0))
  await page.goto(`${url}/board`)
  const before = 1 + callers.skills.length
  await until(async () => (await entered()) === before)
  const dial = (callerId: string, number: string) =>
    scene.town.call({ callerId, number, speech: tone(citizenTone), patienceMs: 900_000 })
  const [ofGeneral, ofTaxes] = [await dial(callers.general, '969'), await dial(callers.taxes, taxesNumber)]
  await until(async () => (await waiting.count()) === 2)

  await t.test('it is chosen by keyboard, and shows its own', async (t) => {
    await tabTo(page, '[data-queue-choice]')
    await page.keyboard.press('T')
    await until(async () => (await choice.inputValue()) === 'taxe')
    await until(async () => (await waiting.count()) === 1)
    t.match(page.url(), /\/board\?queue=taxe$/)
    t.match(await waiting.first().textContent(), '0722 000 982')
    await until(async () => (await working()).join() === first.id)
    t.equal(await page.locator('[data-strip=waiting] strong').textContent(), '1')
    await until(async () => (await entered()) === 1)
    t.equal(await page.locator('[data-queues] tbody tr').count(), 2, 'the other one stays one key away')
    await checkScreen(t, page, 'board, one queue')
  })

  await t.test('the address keeps it, and the wallboard has it too', async (t) => {
    await page.reload()
    await until(async () => (await waiting.count()) === 1)
    await page.goto(`${url}/board/wall?queue=taxe`)
    await page.locator('[data-figure=waiting] dd', { hasText: '1' }).waitFor()
    t.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Taxe și impozite')
    t.match(await page.locator('[aria-labelledby=wall-line]').textContent(), /Rândul\D*\d\d:\d\d/)
    await until(async () => (await entered()) === 1)
    await checkScreen(t, page, 'wallboard, one queue')
    await page.getByRole('link').last().click()
    await page.waitForURL('**/board?queue=taxe')
  })

  await t.test('its name in the table of queues leads to the whole line again', async (t) => {
    const name = page.locator('[data-queues] [data-queue=taxe] a')
    t.equal(await name.getAttribute('aria-current'), 'true')
    await name.click()
    await until(async () => (await waiting.count()) === 2)
    await until(async () => (await entered()) === before + 2)
    t.equal(await choice.inputValue(), '')
    await page.goto(`${url}/board?queue=nicio-coada`)
    await until(async () => (await waiting.count()) === 2)
    t.pass('a queue that is not there is the whole line')
  })
  ofGeneral.hangUp()
  await ofGeneral.ended
  // Nobody serves the other one.
  await setLevels(office, [[first.id, { fiscal: 0 }]])
  return ofTaxes
}

/** The review of a draft says how many callers wait in a queue that it removes, and where they go. */
async function removedQueue(t: Test, { scene, administrator, page }: Office): Promise<void> {
  const { url } = scene.linia
  const citizen = await scene.town.call({ callerId: callers.removed, patienceMs: 900_000 })
  await until(() =>
    [...scene.view.calls.values()].some(({ phase, queue }) => phase === 'waiting' && queue?.id === 'general'),
  )
  await page.goto(`${url}/configuration?tab=queues`)
  await page.locator('[data-item]').first().waitFor()
  await page.locator('[data-item="Informații generale"] button').click()
  await press(page, 'aside [data-action=remove]')
  await openTab(page, 'queues', 'ArrowLeft', 'numbers')
  for (const number of await page.locator('[data-item]').all()) {
    await number.getByRole('button').click()
    await page.locator('aside [data-field=queue]').selectOption({ index: 0 })
  }
  await page.locator('[data-action=review]').click()
  await page.locator('[data-removed-queues] [data-waiting="1"]').waitFor()
  citizen.hangUp()
  await citizen.ended
  await page.locator('[data-removed-queues] [data-waiting="0"]').waitFor()

  // Hours that open on one date only, which the draft takes away.
  const dates = Array.from({ length: 62 }, (_, index) => ({
    date: daysLater(dateAt(Date.now()), index - 1),
    hours: index === 31 ? '08:00-16:00' : 'closed',
  }))
  const hours = [{ id: 'avarie', name: 'Avarie', weekly: 'always', holidays: 'open' as const, dates }]
  await publish(administrator, (document) => ({ ...document, hours }), 'avarie')
  await page.reload()
  await page.locator('[data-late]').waitFor()
  await page.locator('[data-action=merge]').click()
  t.equal(await page.locator('[data-never-open]').count(), 0)
  await page.goto(`${url}/configuration?tab=hours`)
  await page.locator('[data-item="Avarie"] button').click()
  await page.locator(`aside fieldset[data-date="${dates[31]?.date}"] [data-action=remove-window]`).click()
  await page.locator('[data-action=review]').click()
  await page.locator('[data-never-open]').waitFor()
  await checkScreen(t, page, 'the review of a draft that removes a queue, and of hours that never open')
}

/** A supervisor blocks a caller, by keyboard alone: no agent hears them until the block is ended. */
async function blockedCaller(t: Test, office: Office): Promise<void> {
  const { scene, board: page, first } = office
  const { phone } = first
  const goTo = (path: string) => page.goto(`${scene.linia.url}${path}`)
  await setReady(office, [first], true)

  await t.test('is blocked on the page of their call', async (t) => {
    await goTo(`/calls/${(await serve(office, first, callers.blocked)).id}`)
    await page.locator('[data-action=block-number]').waitFor()
    await press(page, '[data-action=block-number]')
    await page.locator('[data-block-form] input:focus').waitFor()
    await checkScreen(t, page, 'the question before a number is blocked')
    await page.keyboard.insertText('amenințări repetate')
    await page.keyboard.press('Enter')
    await page.getByText('Numărul este blocat.').waitFor()
    await inForce(scene.linia)
    const rings = phone.rings.length
    const citizen = await scene.town.call({ callerId: callers.blocked, patienceMs: 30_000 })
    // The dialplan has answered the call before it hands it over.
    t.match(await citizen.ended, { ending: 'line hung up' })
    t.equal(phone.rings.length, rings, 'no phone has rung')
    const call = await scene.record(callers.blocked, ({ outcome }) => outcome === 'rejected')
    t.match(call, { outcome: 'rejected', queuedAt: null, agent: null })
    t.strictSame(transitions(call), ['CallArrived'])
    await goTo(`/calls/${call.id}`)
    await page.locator('[data-block]').waitFor()
    t.match(await page.locator('[data-block]').textContent(), /amenințări repetate/)
    await page.getByText('A sunat la 969 (număr blocat, respins)').waitFor()
  })

  await t.test('is served once the block is ended', async (t) => {
    await goTo('/blocked-callers')
    await page.locator('[data-block]').waitFor()
    t.match(await page.locator('[data-block]').textContent(), /0722 000 961.*amenințări repetate/)
    await checkScreen(t, page, 'the list of blocked callers')
    await press(page, '[data-action=unblock-number]')
    await page.locator('[data-block]').waitFor({ state: 'detached' })
    await inForce(scene.linia)
    t.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1')
    t.match(await serve(office, first, callers.blocked), { outcome: 'answered' })
  })
  await setReady(office, [first], false)
}

/** Callers who hung up, and one whom the line sent away. One is called back from the list by one key, and then is on it no longer. */
async function abandoned(t: Test, office: Office, patient: Citizen | undefined): Promise<void> {
  const { scene, board, outside } = office
  const { url } = scene.linia
  const agent = scene.linia.account('agent03')
  const citizen = await scene.town.call({ callerId: callers.gaveUp })
  await until(() => [...scene.view.calls.values()].some(({ caller }) => caller === `+4${callers.gaveUp}`))
  // Longer than a short abandon.
  const from = performance.now()
  await until(() => performance.now() - from > 1_500)
  citizen.hangUp()
  const gaveUp = await scene.record(callers.gaveUp)
  t.match(gaveUp, { outcome: 'abandoned', returnedBy: [] })
  const desk = await office.openDesk(agent.username)
  if (patient === undefined) throw new Error('nobody has waited')
  t.match(await patient.ended, { ending: 'line hung up' })
  t.ok(await hasHeardPrompt(scene.linia, patient, 'waited-too-long'))
  const sentAway = await scene.record(callers.taxes)
  t.match(sentAway, { outcome: 'rejected', endedBy: 'system' })
  t.ok((sentAway.waitMs ?? 0) >= waitMaxMs, `after ${sentAway.waitMs} ms`)

  // The list has the callers of one's queues.
  const { agents } = await scene.board.get<SkillMatrix>('/api/skills')
  await setLevels(office, [[agents.find(({ name }) => name === agent.name)?.id ?? '', { fiscal: 5 }]])
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  await desk.locator('header nav a[href="/calls"]').click()
  const row = desk.locator(`[data-abandoned="${gaveUp.id}"]`)
  await row.getByText('nu a fost sunat').waitFor()
  await desk.locator(`[data-abandoned="${sentAway.id}"]`).getByText('linia a încheiat apelul').waitFor()
  t.equal(await row.getByText('linia a încheiat apelul').count(), 0)
  await row.locator('[data-action=call-back]:not([aria-disabled=true])').waitFor()
  await checkScreen(t, desk, 'callers left without an answer')
  t.equal(await row.locator('a').count(), 0, 'the list does not open the call to its agents')
  await row.locator('[data-action=call-back]').focus()
  await desk.keyboard.press('Enter')
  const ring = await outside.nextRing()

  await board.goto(`${url}/calls`)
  const seen = board.locator(`[data-abandoned="${gaveUp.id}"]`)
  await seen.getByText(new RegExp(`^sunat de ${agent.name}, .+: în curs$`)).waitFor()
  t.equal(await seen.locator('button').count(), 0, 'a supervisor has no phone')

  const answered = await ring.answer(tone(citizenTone))
  await waitForState(desk, 'talking')
  await until(() => hears(answered.rtp, agentTone))
  answered.hangUp()
  await scene.record(
    callers.gaveUp,
    ({ direction, outcome }) => direction === 'outbound' && outcome === 'answered',
  )
  await seen.waitFor({ state: 'detached' })
  await board.goto(`${url}/calls/${gaveUp.id}`)
  await board.getByText(new RegExp(`^sunat de ${agent.name}, .+: Preluat$`)).waitFor()
}
