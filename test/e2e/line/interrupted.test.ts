/**
 * Calls go on while what serves them is interrupted: an agent does not take the call, the session of an agent ends, the server is
 * killed or hangs, and the whole system is stopped and started again.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { pino } from 'pino'
import { CallId } from '../../../src/core/ids.ts'
import { phoneSocket } from '../../../src/http/session/wire.ts'
import { openDatabase } from '../../../src/ledger/database.ts'
import { builtUi } from '../../../src/stack/install/ui-build.ts'
import { Stack } from '../../../src/stack/stack.ts'
import { asteriskCli } from '../../../tools/bench/comparison/systems.ts'
import type { Citizen } from '../../../tools/demo/calls/citizen.ts'
import type { RtpEnd } from '../../../tools/demo/calls/rtp.ts'
import { bursts, openBrowser, openDesk, pickUp, waitForState } from '../../support/browser/browser.ts'
import { gapsSince, hasTone, heardBy, heardSince, loudness, shareOf, tone } from '../../support/sip/audio.ts'
import type { TestPhone } from '../../support/sip/desk-phone.ts'
import { until } from '../../support/until.ts'
import { transitions, type DeskAgent, type Scene } from '../scene.ts'
import { openSceneWithOutside } from './outside-end.ts'

const tones = { caller: 800, agent: 600, external: 1_300 }
type Party = keyof typeof tones
/** A new caller hears something within this while the server is dead (docs/budgets.md). */
const hearsWithinMs = 4000
/** Audio must not depend on the server: a longer gap is more than a stalled machine. */
const goesOnMs = 3000
/** Bound for adopting all calls after the server is back. */
const adoptedMs = 3000
/** Longer than a page keeps its account before it asks for it again. */
const askedAgainMs = 62_000
/** An end that is noted at the next start is later than the stop by more than this. */
const awayMs = 3_000

const shown = ({ view }: Scene) => [...view.calls.values()]
const stateOf = ({ view }: Scene, { id }: DeskAgent) => view.agents.get(id)?.state
const talking = (scene: Scene) => shown(scene).filter(({ phase }) => phase === 'talking').length
const hearsTone = (rtp: RtpEnd, hertz: number) =>
  until(() => hasTone(hertz, heardSince(rtp, performance.now() - 500)))

t.test('calls that are interrupted', { timeout: 1_500_000 }, async (t) => {
  const { scene, outside } = await openSceneWithOutside(t, { WRAP_UP_MS: '500' })
  await t.test('a session that ends during a call', (t) => endedSession(t, scene))

  const first = await scene.deskAgent('agent01')
  const second = await scene.deskAgent('agent02', { ready: false })
  await t.test('a call that an agent does not take', (t) => notTaken(t, scene, first, second))
  await t.test('kill -9 with calls talking and waiting', (t) => killed(t, scene, first, second))
  await t.test('while the server hangs a new caller hears music', (t) => hung(t, scene, first))
  await t.test('while ARI refuses connections calls go on', (t) => ariAway(t, scene, first))
  await t.test('a party outside is asked, brought in, and given the caller', (t) =>
    givenAway(t, scene, first, outside),
  )
  for (const { phone } of [first, second]) await phone.close()
  await t.test('a caller who waits when the system is stopped has waited until then', (t) =>
    stopped(t, scene),
  )
})

// ---- the session of an agent -------------------------------------------------------------------

function hearsAgent(citizen: Citizen): boolean {
  const sound = heardSince(citizen.rtp, performance.now() - 1500)
  for (let at = 0; at + 1000 <= sound.length; at += 500) {
    const slice = sound.subarray(at, at + 1000)
    if (loudness(slice) > 0.005 && shareOf(tones.agent, slice) > 0.4) return true
  }
  return false
}

async function endedSession(t: Test, scene: Scene): Promise<void> {
  const { url, stack } = scene.linia
  const { newContext } = await openBrowser(t, bursts(tones.agent))

  const talk = async (t: Test, username: string, callerId: string) => {
    const context = await newContext()
    const page = await openDesk(context, url, scene.linia.account(username))
    await page.keyboard.press('F4')
    await waitForState(page, 'ready')
    const citizen = await scene.town.call({ callerId, speech: tone(tones.caller) })
    await pickUp(page)
    await until(() => hearsAgent(citizen))
    t.pass('the citizen hears the agent')
    const cookies = await context.cookies()
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ')
    return { page, citizen, cookie }
  }

  await t.test(
    'it ends elsewhere: the conversation goes on, then the page asks for the sign-in',
    async (t) => {
      const { page, citizen, cookie } = await talk(t, 'agent01', '0722000951')
      const ended = await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie } })
      t.equal(ended.status, 204)
      await page.getByText('Convorbirea continuă').waitFor()
      // What the gate of the phones asks each half-minute; what it does with the answers, its own test says.
      const gateAsks = async (path: string) =>
        (await fetch(`http://127.0.0.1:${stack.ports.get('api1')}${path}`, { headers: { cookie } })).status
      t.equal(await gateAsks(phoneSocket.path), 401, 'the session opens no phone')
      t.equal(await gateAsks(phoneSocket.callPath), 204, 'and the call keeps the one that is open')
      await page.evaluate((laterMs) => {
        const now = Date.now.bind(Date)
        Date.now = () => now() + laterMs
      }, askedAgainMs)
      const askedMe = page.waitForResponse((response) => new URL(response.url()).pathname === '/api/me')
      await page.getByRole('tab', { name: 'Cereri' }).click()
      t.equal((await askedMe).status(), 401, 'the page asks for its account')
      // A page that leaves does so with the answer.
      await page.waitForTimeout(2_000)
      t.equal(await page.locator('[data-state=talking]').count(), 1, 'and stays for the call')
      t.ok(hearsAgent(citizen), 'the citizen still hears the agent')
      citizen.hangUp()
      await page.waitForURL('**/sign-in?ended')
      t.pass('the page leaves with the call')
      const call = await scene.record('0722000951')
      t.match(call, { outcome: 'answered' })
      t.notOk(transitions(call).includes('AgentLegLost'), 'the call was never cut')
    },
  )

  await t.test('the agent hangs up by the phone itself', async (t) => {
    const { page, citizen, cookie } = await talk(t, 'agent02', '0722000952')
    await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie } })
    await page.getByRole('button', { name: 'Închide convorbirea' }).click()
    t.equal((await citizen.ended).ending, 'line hung up')
    await page.waitForURL('**/sign-in?ended')
    t.match(await scene.record('0722000952'), {
      outcome: 'answered',
      agent: { name: scene.linia.account('agent02').name },
    })
  })
}

// ---- an agent who does not take the call -------------------------------------------------------

/** Before and after it, `first` is ready and `second` is paused. */
async function notTaken(t: Test, scene: Scene, first: DeskAgent, second: DeskAgent): Promise<void> {
  await t.test('after a decline the next agent rings, and the place is kept', async (t) => {
    const citizen = await scene.town.call({ callerId: '0722000921' })
    const ring = await first.phone.nextRing()
    await second.api.setState({ state: 'ready' })
    await until(() => stateOf(scene, second) === 'ready')
    ring.refuse(603)
    const talk = await second.phone.answerNext(tone(tones.agent))
    await until(() => stateOf(scene, second) === 'talking' && talking(scene) === 1)
    talk.hangUp()
    t.equal((await citizen.ended).ending, 'line hung up')
    const call = await scene.record('0722000921')
    t.match(call, { outcome: 'answered', agent: { name: second.name } })
    t.same(
      call.events.flatMap(({ type, detail }) => (type === 'OfferEnded' ? [detail['end']] : [])),
      ['declined'],
    )
    await second.api.setState({ state: 'paused' })
    await until(() => stateOf(scene, second) === 'paused' && stateOf(scene, first) === 'ready')
  })

  await t.test('the caller gives up while it rings: the agent is free at once', async (t) => {
    const missed = () => scene.view.agents.get(first.id)?.missed
    const before = missed()
    const citizen = await scene.town.call({ callerId: '0722000922' })
    const ring = await first.phone.nextRing()
    citizen.hangUp()
    t.equal(await ring.over, 'cancelled')
    const call = await scene.record('0722000922')
    t.match(call, { outcome: 'abandoned', agent: null })
    t.equal(transitions(call).at(-1), 'CallerHungUp')
    await until(() => stateOf(scene, first) === 'ready')
    t.equal(missed(), before, 'it does not count as missed')
  })

  await t.test('the agent answers at the moment in which the caller hangs up', async (t) => {
    for (const round of [3, 4, 5, 6, 7]) {
      const citizen = await scene.town.call({ callerId: `072200092${round}` })
      const ring = await first.phone.nextRing()
      citizen.hangUp()
      // Both orders are valid: connected for a moment, or abandoned.
      const talk = await ring.answer(tone(tones.agent)).catch(() => null)
      if (talk !== null) await talk.ended
      const { outcome } = await scene.record(`072200092${round}`)
      t.ok(outcome === 'answered' || outcome === 'abandoned', `outcome ${outcome}`)
      await until(() => stateOf(scene, first) === 'ready')
    }
  })
}

// ---- the server --------------------------------------------------------------------------------

/** As `notTaken`. */
async function killed(t: Test, scene: Scene, first: DeskAgent, second: DeskAgent): Promise<void> {
  const talkingCitizen = await scene.town.call({ callerId: '0722000930', speech: tone(tones.caller) })
  const talk = await first.phone.answerNext(tone(tones.agent))
  await second.api.setState({ state: 'ready' })
  const otherCitizen = await scene.town.call({ callerId: '0722000931' })
  const other = await second.phone.answerNext(tone(tones.agent))
  const waiters: Citizen[] = []
  for (const index of [2, 3, 4]) {
    const callerId = `072200093${index}`
    waiters.push(await scene.town.call({ callerId, speech: tone(tones.caller) }))
    await until(() => shown(scene).some((call) => call.caller === `+40${callerId.slice(1)}`))
  }
  await until(() => talking(scene) === 2)

  scene.linia.kill('server1')
  const killedAt = performance.now()
  const newcomer = await scene.town.call({ callerId: '0722000935' })
  await until(() => loudness(heardSince(newcomer.rtp, killedAt)) > 0.005, hearsWithinMs)
  t.pass(`a new caller hears something after ${Math.round(performance.now() - killedAt)} ms`)
  await hearsTone(talkingCitizen.rtp, tones.agent)
  await hearsTone(talk.rtp, tones.caller)
  for (const end of [talkingCitizen.rtp, talk.rtp])
    t.ok(Math.max(...gapsSince(end, killedAt)) < goesOnMs, 'conversations continue')

  await scene.linia.stack.ready(120_000)
  const backAt = performance.now()
  await until(() => shown(scene).length === 6, adoptedMs + 5000)
  t.comment(`all on the board ${Math.round(performance.now() - backAt)} ms after the server was ready`)
  t.equal(talking(scene), 2, 'both conversations are shown')

  // The agents end their calls; waiting callers are served in order of arrival.
  talk.hangUp()
  t.equal((await talkingCitizen.ended).ending, 'line hung up')
  t.same(await servedInTurn(scene, first, 4), ['2', '3', '4', '5'], 'in order of arrival')
  other.hangUp()
  await otherCitizen.ended
  await Promise.all(waiters.map((waiter) => waiter.ended))

  for (const last of [0, 1, 2, 3, 4, 5]) {
    const call = await scene.record(`072200093${last}`)
    t.equal(call.outcome, 'answered', `caller ${last} is recorded`)
    t.ok(transitions(call).includes('Bridged'))
    t.equal(new Set(call.events.map(({ seq }) => seq)).size, call.events.length, 'each transition once')
  }
  await second.api.setState({ state: 'paused' })
  await until(() => stateOf(scene, second) === 'paused' && stateOf(scene, first) === 'ready')
}

/** The last digits of the callers whom the agent serves one after the other, while another conversation goes on. */
async function servedInTurn(
  scene: Scene,
  agent: DeskAgent,
  callers: number,
): Promise<(string | undefined)[]> {
  const order: (string | undefined)[] = []
  for (let served = 0; served < callers; served += 1) {
    const ring = await agent.phone.nextRing()
    order.push(ring.caller?.slice(-1))
    const talk = await ring.answer(tone(tones.agent))
    await until(() => stateOf(scene, agent) === 'talking' && talking(scene) === 2)
    talk.hangUp()
    await until(() => stateOf(scene, agent) !== 'talking')
  }
  return order
}

async function hung(t: Test, scene: Scene, agent: DeskAgent): Promise<void> {
  scene.linia.kill('server1', 'SIGSTOP')
  const hungAt = performance.now()
  const newcomer = await scene.town.call({ callerId: '0722000936' })
  await until(() => loudness(heardSince(newcomer.rtp, hungAt)) > 0.005, hearsWithinMs)
  t.pass(`the new caller hears something after ${Math.round(performance.now() - hungAt)} ms`)
  // The supervisor kills and restarts the server, which then serves the caller.
  await until(() => shown(scene).some((call) => call.caller === '+40722000936'))
  const talk = await agent.phone.answerNext(tone(tones.agent))
  await hearsTone(newcomer.rtp, tones.agent)
  newcomer.hangUp()
  await talk.ended
  t.equal((await scene.record('0722000936')).outcome, 'answered', 'the call is recorded')
  await until(() => stateOf(scene, agent) === 'ready' && shown(scene).length === 0)
}

/** Longer than the supervisor waits before it calls a silent part dead. */
const ariAwayMs = 12_000

async function ariAway(t: Test, scene: Scene, agent: DeskAgent): Promise<void> {
  const { stack } = scene.linia
  const pid = () => stack.parts.get('asterisk')?.pid
  const before = pid()
  const http = join(stack.environment['ASTERISK_ETC'] ?? '', 'http.conf')
  const written = await readFile(http, 'utf8')
  const reload = async (text: string) => {
    await writeFile(http, text)
    await asteriskCli(stack, 'module reload http')
  }
  const citizen = await scene.town.call({ callerId: '0722000937', speech: tone(tones.caller) })
  const talk = await agent.phone.answerNext(tone(tones.agent))
  await until(() => talking(scene) === 1)
  const awayAt = performance.now()
  await reload(written.replace('enabled = yes', 'enabled = no'))
  t.teardown(() => writeFile(http, written))
  await pause(ariAwayMs)
  await reload(written)
  await stack.ready(120_000)
  t.equal(pid(), before, 'Asterisk was not killed')
  t.ok(Math.max(...gapsSince(citizen.rtp, awayAt)) < goesOnMs, 'the citizen went on hearing')
  await until(() => talking(scene) === 1)
  talk.hangUp()
  await citizen.ended
  t.equal((await scene.record('0722000937')).outcome, 'answered')
  await until(() => stateOf(scene, agent) === 'ready' && shown(scene).length === 0)
}

/** Who hears whom in each state, and after a kill of the server in it. */
async function givenAway(t: Test, scene: Scene, agent: DeskAgent, office: TestPhone): Promise<void> {
  const contact = 'stare-civila'
  const citizen = await scene.town.call({ callerId: '0722000961', speech: tone(tones.caller) })
  const talk = await agent.phone.answerNext(tone(tones.agent))
  const ends = new Map<Party, RtpEnd>([
    ['caller', citizen.rtp],
    ['agent', talk.rtp],
  ])
  const phaseIs = (phase: string) => until(() => shown(scene)[0]?.phase === phase)
  const action = (what: string) => agent.api.ask('POST', '/api/me/call', { action: what })
  const hears = (wanted: Partial<Record<Party, readonly Party[]>>) =>
    until(() =>
      [...ends].every(
        ([party, rtp]) =>
          heardBy(tones, rtp, party).toSorted().join() === (wanted[party] ?? []).toSorted().join(),
      ),
    )
  const afterKill = async (state: string, wanted: Parameters<typeof hears>[0]) => {
    scene.linia.kill('server1')
    const killedAt = performance.now()
    await scene.linia.stack.ready(120_000)
    for (const [party, rtp] of ends) {
      const gapMs = Math.max(...gapsSince(rtp, killedAt))
      t.ok(gapMs < goesOnMs, `${state}: the ${party} went on hearing (longest gap ${Math.round(gapMs)} ms)`)
    }
    await hears(wanted)
    t.pass(`${state}: the same after kill -9 and restart`)
  }

  await phaseIs('talking')
  await hears({ caller: ['agent'], agent: ['caller'] })
  await agent.api.ask('POST', '/api/me/consult', { to: { contact } })
  const ring = await office.nextRing()
  t.equal(ring.caller, '969', 'the party sees the city’s number')
  const answered = await ring.answer(tone(tones.external))
  await until(() => loudness(heardSince(answered.rtp, performance.now() - 600)) > 0.01)
  t.notOk(heardBy<Party>(tones, answered.rtp, 'external').includes('agent'), 'first the announcement')
  ends.set('external', answered.rtp)
  await hears({ agent: ['external'], external: ['agent'] })
  t.pass('consultation: agent and party hear each other, the caller neither')

  // Longer than the audit needs to see the party's leg twice.
  await pause(13_000)
  await hears({ agent: ['external'], external: ['agent'] })
  await action('join-consult')
  const all = {
    caller: ['agent', 'external'],
    agent: ['caller', 'external'],
    external: ['agent', 'caller'],
  } as const
  await hears(all)
  t.pass('three-way: each hears both others')
  await afterKill('three-way', all)

  await action('complete-consult')
  ends.delete('agent')
  const two = { caller: ['external'], external: ['caller'] } as const
  await hears(two)
  await phaseIs('transferred')
  t.pass('given away: the caller and the party hear each other, no agent is in the call')
  await afterKill('transferred', two)
  await phaseIs('transferred')

  answered.hangUp()
  t.equal((await citizen.ended).ending, 'line hung up')
  t.match(await scene.record('0722000961'), {
    outcome: 'answered',
    endedBy: 'external',
    externals: [{ contact: { id: contact, name: 'Stare civilă' } }],
  })
  t.equal(office.rings.length, 1, 'dialled once')
  await agent.api.setState({ state: 'paused' })
  await until(() => stateOf(scene, agent) === 'paused' && shown(scene).length === 0)
}

// ---- the whole system --------------------------------------------------------------------------

async function stopped(t: Test, { linia, town, view }: Scene): Promise<void> {
  const { DATABASE_URL, RETENTION_DATABASE_URL } = linia.stack.environment
  const db = openDatabase({ url: linia.databaseUrl, log: pino({ level: 'silent' }) })
  t.teardown(() => db.destroy())
  const began = Date.now()
  await town.call({ callerId: '0722000977' })
  await until(() => view.calls.size === 1)
  const [call] = view.calls.values()
  const id = CallId(call?.id ?? '')
  const events = () => db.selectFrom('call_events').select('after').where('call', '=', id).execute()
  await until(async () => (await events()).some(({ after }) => Reflect.get(after, 'phase') === 'waiting'))
  // A waiting time that the record can be compared with.
  await pause(2_000)
  const stopBegan = Date.now()
  await linia.stack.stop()
  const stoppedAt = Date.now()
  const rows = () =>
    db.selectFrom('calls').select(['queued_at', 'ended_at', 'outcome']).where('id', '=', id).execute()
  t.same(await rows(), [], 'nobody saw the end')
  await pause(awayMs)

  const again = await Stack.start({
    env: {
      VAR_DIR: linia.dir,
      UI_DIR: builtUi,
      LINE_HOURS: 'always',
      DEMO: '1',
      GREETING: 'none',
      DATABASE_URL,
      RETENTION_DATABASE_URL,
      HTTP_PORT: new URL(linia.url).port,
      SIP_PORT: String(linia.sip.port),
      TRUNK_HOSTS: linia.trunk,
    },
    migrated: true,
  })
  t.teardown(() => again.stop())
  await until(async () => (await rows()).length === 1)
  const [row] = await rows()
  const endedAt = Number(row?.ended_at)
  t.equal(row?.outcome, 'failed')
  t.ok(endedAt >= stopBegan - 1_000, `ended ${endedAt - stopBegan} ms after the stop began`)
  t.ok(endedAt <= stoppedAt, `ended ${endedAt - stoppedAt} ms after it was stopped`)
  t.ok(endedAt - Number(row?.queued_at) < stoppedAt - began, 'so long has the caller waited')
}
