/**
 * Citizens are called back at the place that they had: a supervisor has promised it, they have asked for it by key, or on the public
 * page. Callers of a queue for which nobody is signed in leave a message.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import type { Static } from 'typebox'
import { textsDirIn } from '../../../src/asterisk/config/text-sounds.ts'
import { questionTexts, readBackSounds } from '../../../src/core/announcements/callback-question.ts'
import { busyPrompts } from '../../../src/core/announcements/voicemail.ts'
import type { CallPage } from '../../../src/http/calls/wire.ts'
import type { LiveCallView } from '../../../src/http/live/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import { lampForm, randomDraft } from '../../ledger/requests/fixtures.ts'
import {
  bursts,
  inboundSound,
  openBrowser,
  openDesk,
  openSignedIn,
  pickUp,
  waitForState,
  type TestBrowser,
} from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { hasHeardBeep, hears, listenTo, readWave, tone } from '../../support/sip/audio.ts'
import type { TestPhone } from '../../support/sip/desk-phone.ts'
import { eventuallyMs, until } from '../../support/until.ts'
import { press } from '../city/configuration-steps.ts'
import { chooseItem } from '../city/keyboard-steps.ts'
import { citizenTone } from '../desk-steps.ts'
import { inForce } from '../in-force.ts'
import { publish } from '../publish.ts'
import { transitions, type Scene } from '../scene.ts'
import { hasHeardPrompt } from './heard-prompt.ts'
import { callsBack, openSceneWithOutside } from './outside-end.ts'

const agentTone = 600
const beep = 1_000
const taxes = '0256408300'
/** In this order they come. */
const citizens = {
  first: '0722000961',
  promised: '0722000962',
  cancelled: '0722000963',
  byKey: '0722000964',
  later: '0722000965',
  onPage: '0722000966',
} as const
const spaced = (number: string): string => number.replace(/^(\d{4})(\d{3})(\d{3})$/, '$1 $2 $3')
const phone = { width: 390, height: 844 }

interface Line {
  readonly scene: Scene
  readonly outside: TestPhone
  readonly newContext: TestBrowser['newContext']
  /** Of a supervisor. */
  readonly board: Page
  calls(number: string): readonly LiveCallView[]
  waits(number: string): Promise<Citizen>
  fileOf(sound: string): string
}

t.test('callbacks', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, {})
  const { url, dir } = scene.linia
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const board = await openSignedIn(await newContext(), url, scene.linia.account('supervisor01'))
  const texts = textsDirIn(join(dir, 'asterisk/etc'))
  const calls = (number: string) =>
    [...scene.view.calls.values()].filter(({ caller }) => caller === `+4${number}`)
  const line: Line = {
    scene,
    outside,
    newContext,
    board,
    calls,
    async waits(number) {
      const citizen = await scene.town.call({ callerId: number, speech: tone(citizenTone) })
      await until(() => calls(number).some(({ phase }) => phase === 'waiting'))
      return citizen
    },
    fileOf: (sound) => join(texts, `${sound}.wav`),
  }
  const administrator = new Api(url)
  await administrator.signIn(scene.linia.account('admin01'))
  await publish(administrator, ({ numbers, ...document }) => ({
    ...document,
    numbers: [...numbers, { number: taxes, also: [], name: 'Taxe', queue: 'taxe' }],
  }))
  await inForce(scene.linia)
  const visitor = await openVisitor(line)
  await t.test('the public page offers nothing until a queue takes callbacks', async (t) => {
    await visitor.track()
    t.equal(await visitor.page.locator('[data-action=ask-callback]').count(), 0)
  })
  await t.test('the page Linie sets callbacks, and messages', (t) => setByPage(t, line))
  await t.test('a caller for whom nobody is signed in leaves a message', (t) => leavesMessage(t, line))
  await t.test('citizens are called back', (t) => calledBack(t, line, visitor))
  await t.test('a citizen calls while they are being dialled', (t) => callsMeanwhile(t, line))
})

interface Visitor {
  readonly page: Page
  /** The request that they track. */
  readonly request: string
  /** Opens the page anew. */
  track(): Promise<void>
}

async function openVisitor({ scene, newContext }: Line): Promise<Visitor> {
  const { url } = scene.linia
  const agent = new Api(url)
  await agent.signIn(scene.linia.account('agent02'))
  const draft = { draft: randomDraft(), call: null, form: lampForm() }
  const registered = await agent.ask('POST', '/api/requests', draft)
  const { id, number, code } = (await registered.json()) as { id: string; number: string; code: string }
  await agent.signOut()
  const page = await (await newContext()).newPage()
  return {
    page,
    request: id,
    async track() {
      await page.goto(`${url}/urmarire`)
      await page.locator('input[name=number]').fill(number)
      await page.locator('input[name=code]').fill(code)
      await page.keyboard.press('Enter')
      await page.locator('[data-tracked]').waitFor()
    },
  }
}

async function setByPage(t: Test, { scene, newContext, fileOf }: Line): Promise<void> {
  const { url } = scene.linia
  const page = await openSignedIn(await newContext(), url, scene.linia.account('admin01'))
  await page.goto(`${url}/configuration`)
  await page.locator('[data-tab=queues]').click()
  const callbackAfter = async (queue: string, seconds: string) => {
    await page.locator(`[data-item="${queue}"] button`).click()
    await page.locator('aside [data-field=isAsked]').check()
    await page.locator('[data-field=afterSeconds]').fill(seconds)
    await page.locator('[data-field=afterSeconds]').blur()
  }
  await callbackAfter('Informații generale', '10')
  await callbackAfter('Taxe și impozite', '60')
  await page.locator('aside [data-field=overflowTo]').selectOption('*voicemail')
  await page.locator('aside [data-field=whenNobodySignedIn]:checked').waitFor()
  await checkScreen(t, page, 'a queue whose callers may be called back, or leave a message')
  await page.locator('[data-action=review]').click()
  await page.locator('[data-changes]', { hasText: 'pot lăsa un mesaj vocal' }).waitFor()
  await page.locator('[data-field=reason]').fill('probă')
  await page.locator('[data-action=publish]').click()
  await page.locator('[data-draft="0"]').waitFor()
  await page.context().close()
  await until(() => existsSync(fileOf(busyPrompts.ro)))
}

/** A caller, and how they hear one text after the other. */
async function callIn({ scene, fileOf }: Line, callerId: string, number = '969') {
  const citizen = await scene.town.call({ callerId, number, speech: tone(citizenTone) })
  const listen = listenTo(citizen.rtp)
  const heard = async (sound: string) =>
    listen((await readWave(fileOf(sound))).channels[0] ?? new Int16Array())
  return { citizen, heard }
}

async function leavesMessage(t: Test, line: Line): Promise<void> {
  const { scene, board } = line
  const { url } = scene.linia
  const speaks = '0722000951'
  const { citizen, heard } = await callIn(line, speaks, taxes)
  await heard(busyPrompts.ro)
  await until(() => hasHeardBeep(citizen.rtp, beep))
  // Longer than a slip.
  const from = performance.now()
  await until(() => performance.now() - from > 4_000)
  citizen.rtp.press('#')
  await citizen.ended
  const left = await scene.record(speaks, ({ recording }) => recording === 'ready')
  t.match(left, { outcome: 'voicemail', endedBy: 'caller', queue: 'taxe' })
  t.ok(transitions(left).includes('CallOverflowed'))
  await board.goto(`${url}/calls`)
  await board.locator('[data-voicemails="1"]').waitFor()
  await board.goto(`${url}/calls/${left.id}`)
  await board.getByText('poate lăsa un mesaj vocal, niciun operator nu era în tură').waitFor()
  await board.goto(`${url}/board`)
  await board.locator('[data-overflowed=voicemail]', { hasText: 'azi unul îndrumat' }).waitFor()
}

/** Six who are served in the order in which they came, though four of them have hung up, or have never called. */
async function calledBack(t: Test, line: Line, visitor: Visitor): Promise<void> {
  const { scene, outside, newContext, board, calls } = line
  const { url } = scene.linia
  const row = (number: string) => board.locator('tr[data-call]', { hasText: spaced(number) })
  const openMenu = (number: string) =>
    press(board, `tr[data-call="${calls(number)[0]?.id ?? ''}"] button[aria-haspopup=menu]`)
  /** Rows hold still under the focus, which a menu that closes gives back to its button. */
  const leaveTable = () => board.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

  const first = await line.waits(citizens.first)
  await t.test('a supervisor promises it: the caller hears so, and is hung up', async (t) => {
    for (const number of [citizens.promised, citizens.cancelled]) {
      const citizen = await line.waits(number)
      await row(number).waitFor()
      await openMenu(number)
      await chooseItem(board, '[data-action=callback]')
      await row(number).filter({ hasText: 'va fi sunat înapoi' }).waitFor()
      await citizen.ended
      t.ok(await hasHeardPrompt(scene.linia, citizen, 'callback-promised'))
      await until(() => calls(number).every(({ phase }) => phase === 'promised'))
    }
  })

  await t.test('a caller is asked, confirms the number, and is hung up', async (t) => {
    const { citizen, heard } = await callIn(line, citizens.byKey)
    await until(() => calls(citizens.byKey).length === 1)
    // The files are there once the caller is asked.
    await scene.record(citizens.byKey, (call) => transitions(call).includes('CallerAsked'))
    await heard(questionTexts('ro')[0]?.sound ?? '')
    citizen.rtp.press('2')
    await heard(readBackSounds('ro', `+4${citizens.byKey}`).at(-1) ?? '')
    citizen.rtp.press('1')
    await citizen.ended
    const promised = await scene.record(citizens.byKey, ({ direction }) => direction === 'outbound')
    t.match(promised.events[0], { type: 'CallPlaced', detail: { by: null } })
  })

  const later = await line.waits(citizens.later)
  await t.test('a citizen asks on the public page, by keyboard alone', (t) => askOnPage(t, visitor))

  await t.test('the board has them in the order in which they came', async (t) => {
    await row(citizens.onPage).filter({ hasText: 'pagina publică' }).waitFor()
    await board.mouse.move(5, 5)
    await until(async () => {
      await leaveTable()
      const texts = await board.locator('tr[data-call]').allTextContents()
      return texts.map((text) => /0722 000 96(\d)/.exec(text)?.[1]).join('') === '123456'
    })
    await checkScreen(t, board, 'the board with citizens who are to be called back')
    t.equal(outside.rings.length, 0, 'nobody is called without an agent')
  })

  await t.test('a supervisor cancels one by keys, with a reason', async () => {
    await openMenu(citizens.cancelled)
    await chooseItem(board, '[data-action=end]')
    await board.locator('[data-action=leave-call]:focus').waitFor()
    await chooseItem(board, '[data-cancel-reason="caller asked"]')
    await row(citizens.cancelled).waitFor({ state: 'detached' })
    // Whether the focus went with the row or has left the table since: the order no longer stands still, and the note is the target again.
    const note = board.locator('section[aria-labelledby=waiting] header span')
    await until(async () => {
      await leaveTable()
      return (await note.textContent())?.includes('ținta') === true
    })
  })

  const desk = await openDesk(await newContext(), url, scene.linia.account('agent01'))
  const caller = desk.locator('[data-caller]')
  await t.test('a caller who came before is served first, then a citizen is called', async (t) => {
    await desk.keyboard.press('F4')
    await pickUp(desk)
    t.match(await caller.textContent(), spaced(citizens.first))
    t.equal(outside.rings.length, 0, 'the earlier caller first')
    first.hangUp()

    await waitForState(desk, 'ringing')
    await desk.getByText('Sună înapoi').first().waitFor()
    await desk.locator('[data-callback]').waitFor()
    t.match(await caller.textContent(), spaced(citizens.promised))
    await checkScreen(t, desk, 'the desk that is offered a callback')
    t.equal(outside.rings.length, 0, 'not before the agent has answered')
    await desk.locator('[data-session="incoming ringing"]').waitFor()
    await desk.keyboard.press('F8')
    const ring = await outside.nextRing()
    t.equal(ring.caller, '969')
    await waitForState(desk, 'calling')
    const answered = await ring.answer(tone(citizenTone))
    await waitForState(desk, 'talking')
    await until(() => hears(answered.rtp, agentTone))
    await until(async () => Math.abs((await inboundSound(desk)).hertz - citizenTone) < 30)
    answered.hangUp()
  })

  await t.test('who has asked by key is called before a caller who came later', async (t) => {
    const answered = await callsBack(desk, outside)
    t.match(await caller.textContent(), spaced(citizens.byKey))
    await until(() => hears(answered.rtp, agentTone))
    t.equal(calls(citizens.later)[0]?.phase, 'waiting')
    answered.hangUp()
    await pickUp(desk)
    t.match(await caller.textContent(), spaced(citizens.later))
    t.equal(outside.rings.length, 2, 'who has asked on the page came later')
    later.hangUp()
  })

  await t.test('who has asked on the page is called about their request', async (t) => {
    const { request } = visitor
    await waitForState(desk, 'ringing')
    await desk.locator(`[data-about-request="${request}"]`).waitFor()
    t.match(await caller.textContent(), spaced(citizens.onPage))
    const answered = await callsBack(desk, outside)
    await until(() => hears(answered.rtp, agentTone))
    await desk.locator(`[data-about-request="${request}"] button`).click()
    await desk.locator(`[data-request-record="${request}"]`).waitFor()
    await checkScreen(t, desk, 'the request about which the citizen is called')
    answered.hangUp()
  })

  await t.test('the calls are on record, each with the other', (t) => onRecord(t, line, visitor))
  await desk.request.delete(`${url}/api/session`)
  await desk.context().close()
  await until(() => [...scene.view.agents.values()].every(({ state }) => state === 'signed out'))
}

async function askOnPage(t: Test, { page, track }: Visitor): Promise<void> {
  const { keyboard } = page
  const field = page.locator('input[name=phone]:focus')
  await track()
  await page.locator('[data-action=ask-callback]').waitFor()
  await checkScreen(t, page, 'tracking with a callback')
  await page.locator('[data-action=ask-callback]').focus()
  await keyboard.press('Enter')
  await field.waitFor()
  await keyboard.type('112')
  await keyboard.press('Enter')
  await page.locator('[data-confirmed]').waitFor()
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  await field.waitFor()
  await page.locator('[role=alert]', { hasText: 'nu putem suna' }).waitFor()
  await checkScreen(t, page, 'a number that is not called')
  await keyboard.press('Control+A')
  await keyboard.type('+40 722 000 966')
  await keyboard.press('Enter')
  await page.locator('[data-confirmed]', { hasText: spaced(citizens.onPage) }).waitFor()
  await checkScreen(t, page, 'a number to be confirmed')
  await keyboard.press('Tab')
  await keyboard.press('Enter')
  const promised = `Vă sunăm la ${spaced(citizens.onPage)}`
  await page.locator('[data-promised]:focus', { hasText: promised }).waitFor()
  await checkScreen(t, page, 'a callback that is promised')
  await page.setViewportSize(phone)
  t.equal(
    await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth),
    true,
    'it fits a phone',
  )
}

async function onRecord(t: Test, { scene, board }: Line, { request }: Visitor): Promise<void> {
  const { url } = scene.linia
  const isBack = ({ direction, outcome }: { direction: string; outcome: string | null }) =>
    direction === 'outbound' && outcome !== null
  const agent = { name: scene.linia.account('agent01').name }
  const back = await scene.record(citizens.promised, isBack)
  t.match(back, { outcome: 'answered', queue: null, agent })
  const placed = back.events[0]
  t.match(placed, { type: 'CallPlaced', detail: { by: null } })
  const { call: of = '' } = (placed?.detail['returns'] ?? {}) as { call?: string }
  const origin = await scene.board.get<typeof back>(`/api/calls/${encodeURIComponent(of)}`)
  t.match(origin, { direction: 'inbound', outcome: 'callback', endedBy: 'system' })
  t.match(origin?.events.find(({ type }) => type === 'CallbackPromised')?.detail, { call: back.id })
  t.match(await scene.record(citizens.cancelled, isBack), { outcome: 'cancelled', endedBy: 'supervisor' })
  t.match(await scene.record(citizens.byKey, isBack), { outcome: 'answered', agent })
  const onPage = await scene.record(citizens.onPage, isBack)
  t.match(onPage, { direction: 'outbound', outcome: 'answered' })
  t.match(onPage.events[0], { type: 'CallPlaced', detail: { by: null, returns: { request } } })
  await board.goto(`${url}/calls/${encodeURIComponent(of)}`)
  await board.locator(`a[href="/calls/${encodeURIComponent(back.id)}"]`).waitFor()
  await press(board, `a[href="/calls/${encodeURIComponent(back.id)}"]`)
  await board.locator(`a[href="/calls/${encodeURIComponent(of)}"]`).waitFor()
}

/** Nobody is signed in. The attempt ends, the citizen is served by their own call, and nothing is left of the callback. */
async function callsMeanwhile(t: Test, { scene, outside, calls, waits }: Line): Promise<void> {
  const callerId = '0722000932'
  const { api, phone, id } = await scene.deskAgent('agent02', { ready: false })
  const agentIs = (state: string) => until(() => scene.view.agents.get(id)?.state === state)
  const called = await waits(callerId)
  const call = calls(callerId)[0]?.id ?? ''
  await scene.board.ask('POST', `/api/calls/${encodeURIComponent(call)}/callback`)
  t.match(await called.ended, { ending: 'line hung up' })
  await until(() => calls(callerId).length === 1 && calls(callerId)[0]?.phase === 'promised')
  await api.setState({ state: 'ready' })
  const rungBefore = outside.rings.length
  const dialling = await phone.answerNext(tone(agentTone), eventuallyMs)
  const ring = await outside.nextRing(eventuallyMs)

  const citizen = await scene.town.call({ callerId, speech: tone(citizenTone) })
  t.equal(await ring.over, 'cancelled', 'they are dialled no more')
  await dialling.ended
  const talk = await phone.answerNext(tone(agentTone), eventuallyMs)
  await until(() => hears(citizen.rtp, agentTone) && hears(talk.rtp, citizenTone))
  await until(() => calls(callerId).length === 1)
  await api.setState({ state: 'paused' })
  talk.hangUp()
  t.match(await citizen.ended, { ending: 'line hung up' })
  await until(() => calls(callerId).length === 0)
  await agentIs('paused')

  // An agent is free: whoever is still to be called back would be offered now.
  await api.setState({ state: 'ready' })
  const next = await scene.town.call({ callerId: '0722000939' })
  const other = await phone.nextRing(eventuallyMs)
  t.match(other.caller, /722000939$/, 'the next caller is offered, and no callback')
  next.hangUp()
  await next.ended
  t.equal(outside.rings.length, rungBefore + 1)
  const items = async () =>
    (await scene.board.get<Static<typeof CallPage>>(`/api/calls?limit=10&caller=${callerId}`)).items
  await until(async () => (await items()).every(({ outcome }) => outcome !== null))
  t.same(
    (await items()).map(({ direction, outcome }) => `${direction} ${outcome}`).sort(),
    // The attempt that the call has cut short, and the one that was to follow.
    ['inbound answered', 'inbound callback', 'outbound cancelled', 'outbound cancelled'],
  )
}
