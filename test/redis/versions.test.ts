/** This release on the state and streams that an older release wrote with calls up, and on those of a newer one. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import type { AcdEvent } from '../../src/core/acd-event.ts'
import type { Agent } from '../../src/core/agent.ts'
import { nothingAnnounced } from '../../src/core/announcements/announcement.ts'
import { nobodyBeside, type LiveCall } from '../../src/core/call.ts'
import type { Offer } from '../../src/core/offer.ts'
import type { Effect } from '../../src/core/effect.ts'
import { agentLegOf, AgentId, BridgeId, bridgeOf, CallId, ChannelId } from '../../src/core/ids.ts'
import { currentVersion, type EffectList, type Stored } from '../../src/core/versions.ts'
import { systemClock } from '../../src/clock.ts'
import { callById } from '../../src/ledger/calls/calls.ts'
import { Spool } from '../../src/ledger/calls/spool.ts'
import { startWriter } from '../../src/ledger/calls/writer.ts'
import type { Database } from '../../src/ledger/database.ts'
import { redisAcdFeed } from '../../src/redis/feed.ts'
import type { AcdKeys } from '../../src/redis/keys.ts'
import { redisLease } from '../../src/redis/lease.ts'
import { redisLedgerSource } from '../../src/redis/ledger-source.ts'
import { redisAcdStore } from '../../src/redis/store.ts'
import { VersionGuard } from '../../src/redis/version-guard.ts'
import { Stage } from '../acd/stage.ts'
import type { FakeAsterisk } from '../support/pbx/fake-pbx.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { testDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'
import { callNamed, commitOf, eventOf, replies } from './samples.ts'

/** What one release left in Redis, with the Asterisk of that moment. */
interface Fixture {
  readonly at: number
  readonly agents: readonly string[]
  readonly states: Readonly<Record<string, LiveCall | Agent>>
  readonly versions: Readonly<Record<string, number>>
  readonly events: readonly AcdEvent[]
  readonly effects: readonly {
    readonly commit: string
    readonly effects: Stored<EffectList> | readonly Effect[]
  }[]
  readonly asterisk: {
    readonly channels: readonly Omit<
      FakeAsterisk['channels'] extends Map<ChannelId, infer Channel> ? Channel : never,
      'held' | 'stopRinging'
    >[]
    readonly bridges: Readonly<Record<string, readonly ChannelId[]>>
    readonly phones: Readonly<Record<string, { desk: boolean; web: boolean; ownCalls: number }>>
  }
}

const folder = new URL('fixtures/', import.meta.url)
const redis = await testRedis(t)
const log = pino({ level: 'silent' })

/** One for each version before the present one, named by it. */
const fixtures = readdirSync(folder)
  .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  .map((name) => ({ name, ...(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Fixture) }))

const callNo = (no: number) => `pbx1-1790000000.${no}`

async function fill(keys: AcdKeys, { states, versions, events, effects }: Fixture): Promise<void> {
  const connection = await readyRedis(redis)
  for (const [subject, state] of Object.entries(states)) {
    await connection.hset(keys.states, subject, JSON.stringify(state))
    await connection.hset(keys.versions, subject, versions[subject] ?? 0)
  }
  for (const event of events) await connection.xadd(keys.events, '*', 'e', JSON.stringify(event))
  for (const { commit, effects: list } of effects) {
    await connection.xadd(keys.effects, '*', 'commit', commit, 'effects', JSON.stringify(list))
  }
}

function enter(asterisk: FakeAsterisk, world: Fixture['asterisk']): void {
  for (const channel of world.channels) {
    asterisk.channels.set(channel.id, {
      ...channel,
      held: false,
      recorder: 'on',
      stopRinging: () => undefined,
    })
  }
  for (const [bridge, members] of Object.entries(world.bridges)) {
    asterisk.bridges.set(BridgeId(bridge), new Set(members))
  }
  for (const [username, phone] of Object.entries(world.phones)) asterisk.phones.set(username, { ...phone })
}

async function firstEvents(
  batches: AsyncIterable<readonly { readonly event: AcdEvent }[]>,
  count: number,
): Promise<AcdEvent[]> {
  const all: AcdEvent[] = []
  for await (const batch of batches) {
    all.push(...batch.map(({ event }) => event))
    if (all.length >= count) break
  }
  return all
}

async function* oneByOne<Entry>(entries: AsyncIterable<Entry>): AsyncIterable<readonly Entry[]> {
  for await (const entry of entries) yield [entry]
}

void t.test('there is a fixture for each version before the present one', async (t) => {
  t.strictSame(
    fixtures.map(({ name }) => name),
    Array.from({ length: currentVersion }, (_, version) => `version-${version}.json`),
  )
})

for (const fixture of fixtures) {
  void t.test(`${fixture.name} has a call in each stage and an agent in each state`, async (t) => {
    const states = Object.values(fixture.states)
    t.strictSame(
      new Set(states.flatMap((state) => ('phase' in state ? [state.phase] : []))),
      new Set([
        'greeting',
        'waiting',
        'ringing',
        'connecting',
        'talking',
        'held',
        'reconnecting',
        'dismissing',
      ]),
    )
    t.strictSame(
      new Set(states.flatMap((state) => ('state' in state ? [state.state] : []))),
      new Set(['signed out', 'paused', 'ready', 'offered', 'talking', 'wrap-up']),
    )
  })

  void t.test(`${fixture.name} is read by the owner, the live feed and the ledger's writer`, async (t) => {
    const keys = redis.keys()
    await fill(keys, fixture)
    const connection = await readyRedis(redis)
    const content = await redisAcdStore(connection, keys, () => '').load()
    const loaded = [...content.calls.map(({ call }) => call), ...content.agents.map(({ agent }) => agent)]
    const states = byId(Object.values(fixture.states).map(asNow))
    const events = fixture.events.map(eventAsNow)
    t.strictSame(byId(loaded), states)
    t.strictSame(content.effects, fixture.effects.map(effectsAsNow))

    const reader = () => redis.connect({})
    const feed = redisAcdFeed(connection, reader, keys)
    const { calls, agents } = await feed.snapshot()
    t.strictSame(byId([...calls, ...agents]), states)
    const stop = new AbortController()
    const count = fixture.events.length
    t.strictSame(await firstEvents(oneByOne(feed.changes('0-0', stop.signal)), count), events)
    const source = redisLedgerSource(connection, reader, keys, 'one')
    t.strictSame(await firstEvents(source.read(true, stop.signal), count), events)
    stop.abort()
  })
}

void t.test(
  'the ledger takes over the streams of older releases, and the rows that they wrote',
  async (t) => {
    for (const fixture of fixtures) {
      const { db } = await testDatabase(t)
      const keys = redis.keys()
      await fill(keys, fixture)
      const folder = t.testdir({})
      writeFileSync(join(folder, '000000000001.ndjson'), linesOf(fixture.events), { mode: 0o600 })
      await writeAsBefore(db, fixture.events.slice(0, 3))
      const spool = new Spool({ folder, log, now: Date.now })
      t.equal(spool.outstanding, fixture.events.length, 'a spool of that release is read')
      const source = redisLedgerSource(await readyRedis(redis), () => redis.connect({}), keys, 'one')
      const writer = startWriter({ db, source, spool, log, refusedFile: join(folder, 'refused') })
      t.teardown(() => writer.stop())
      await until(() => spool.outstanding === 0)
      await writer.stop()
      t.match(writer.counts, { conflicts: 0, refused: 0 })
      t.equal(writer.counts.written + 3, fixture.events.length)
      spool.close()
      const ended = await callById(db, CallId(callNo(1)))
      t.match(ended, { outcome: 'answered' })
      t.notMatch(JSON.stringify(ended), /"v":/, 'versions are not shown')
    }
  },
)

const linesOf = (events: readonly AcdEvent[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('')

/** Rows of `call_events` and `agent_events` as version 0 wrote them. */
async function writeAsBefore(db: Database, events: readonly AcdEvent[]): Promise<void> {
  for (const { subject, id, seq, at, event, after } of events) {
    const { caller: _, ...stored } = after as Agent & { caller?: unknown }
    await sql`
      insert into ${sql.table(`${subject}_events`)} (${sql.ref(subject)}, seq, at, type, event, after)
      values (${id}, ${seq}, ${new Date(at)}, ${event.type}, ${JSON.stringify(event)}, ${JSON.stringify(stored)})
    `.execute(db)
  }
}

/** A state in the present shape. */
function asNow<State extends LiveCall | Agent>(stored: State): State {
  const { v: _, ...state } = stored as State & { readonly v?: number }
  if ('state' in state) return { ...state, unrung: 0, imposed: null, emergencyAt: null } as unknown as State
  // All of them called outside the hours.
  const prompt = { say: 'closed', opensAt: null }
  const call = state as unknown as Omit<LiveCall, 'legs'> & { offer?: Offer; answeredAt: number }
  const talks = call.phase === 'talking' || call.phase === 'held'
  const { id, agent, device, madeAt = 0 } = call.offer ?? {}
  const from = Math.max(call.answeredAt, madeAt)
  const leg = { id, role: 'agent', agent, device, from, until: null }
  const added =
    call.phase === 'dismissing'
      ? { prompt }
      : call.phase === 'waiting'
        ? { reservedFor: null, announcement: null, question: null }
        : call.phase === 'ringing'
          ? { announcement: null }
          : call.phase === 'greeting'
            ? { menu: null, words: null }
            : {}
  // An ended call of the fixture's events had one conversation, of which older releases kept the agent's name alone.
  const room = call.offer !== undefined && call.phase !== 'ringing' ? { room: bridgeOf(call.offer.id) } : {}
  return {
    ...state,
    ...added,
    ...nobodyBeside,
    announced: nothingAnnounced,
    direction: 'inbound',
    callback: null,
    language: 'ro',
    ...room,
    legs: talks ? [leg] : [],
    transfer: null,
    overflowedFrom: null,
    survey: null,
  } as unknown as State
}

function eventAsNow(stored: AcdEvent): AcdEvent {
  const { v: _, ...event } = stored as AcdEvent & { readonly v?: number }
  return { ...event, after: asNow(event.after as LiveCall | Agent) } as AcdEvent
}

const effectsAsNow = ({ commit, effects }: Fixture['effects'][number]) => ({
  commit,
  effects: (Array.isArray(effects) ? effects : (effects as EffectList).effects).map(effectAsNow),
})

function effectAsNow(stored: Effect): Effect {
  const { bridge, caller, agent, ...effect } = stored as unknown as Record<string, unknown>
  if (stored.do === 'Connect' && caller !== undefined)
    return { do: 'Connect', bridge, channels: [caller, agent] } as Effect
  return stored.do === 'RingAgent' ? ({ ...effect, agent, isRecorded: true } as Effect) : stored
}

const byId = (states: readonly (LiveCall | Agent)[]): (LiveCall | Agent)[] =>
  states.toSorted((a, b) => a.id.localeCompare(b.id))

/** An owner of this release on what version 0 left: Redis, and an Asterisk with the calls up. */
async function takenOver(t: Test) {
  const [fixture] = fixtures
  if (fixture === undefined) throw new Error('there is no fixture')
  const stage = new Stage(t, redis, fixture.agents)
  // As if no time had passed since.
  stage.aheadMs = fixture.at - Date.now()
  stage.asterisk.playMs = null
  await fill(stage.keys, fixture)
  enter(stage.asterisk, fixture.asterisk)
  return { stage, server: await stage.server('two').start() }
}

void t.test('an update drops no call: each goes on from the stage in which it was', async (t) => {
  const { stage, server } = await takenOver(t)
  const { asterisk } = stage
  const desk = server.owner.desk
  t.equal(server.call(callNo(10))?.phase, 'waiting')
  // A takeover does not wait for the end of a message.
  await server.phase(callNo(11), 'waiting')
  await server.over(callNo(12))

  await server.phase(callNo(8), 'talking') // It was connecting: the effect that was due is performed.
  const ringing = await server.phase(callNo(9), 'ringing')
  asterisk.answer(agentLegOf(ringing.offer.id))
  await server.phase(callNo(9), 'talking')

  t.ok((await desk.perform({ do: 'resume', agent: AgentId('mia') })).ok)
  await server.phase(callNo(5), 'talking')
  t.equal(server.call(callNo(13))?.phase, 'held')

  const rungAgain = await server.phase(callNo(7), 'reconnecting')
  asterisk.answer(agentLegOf(rungAgain.offer.id))
  await server.phase(callNo(7), 'talking')
  asterisk.register('radu', 'web')
  await until(() => {
    const call = server.call(callNo(6))
    return call?.phase === 'reconnecting' && call.invited
  })

  t.match(server.call(callNo(4)), { phase: 'talking', muted: true })
  t.ok((await desk.perform({ do: 'hangUp', agent: AgentId('eva') })).ok)
  await server.over(callNo(3))
  t.equal(asterisk.channels.has(ChannelId(callNo(3))), false)
  t.strictSame(stage.alarms, [])

  const states = await (await readyRedis(redis)).hgetall(stage.keys.states)
  const versionOf = (subject: string) => (JSON.parse(states[subject] ?? '{}') as { v?: number }).v
  await until(() => stage.events.some(({ id }) => id === CallId(callNo(3))))
  t.equal(versionOf(`call:${callNo(5)}`), currentVersion, 'a state that changed has the current version')
  t.equal(versionOf(`call:${callNo(13)}`), undefined, 'one that did not is left as it was')
})

const newer = { v: currentVersion + 1 }

async function aNewerLine() {
  const keys = redis.keys()
  const connection = await readyRedis(redis)
  await connection.hset(keys.states, 'call:c1', JSON.stringify({ ...callNamed('c1'), ...newer }))
  await connection.xadd(keys.events, '*', 'e', JSON.stringify({ ...eventOf('c1', 1), ...newer }))
  return { keys, connection }
}

void t.test('state and events of a newer release are refused, and nothing is taken from them', async (t) => {
  const { keys, connection } = await aNewerLine()
  const sentence = { name: 'NewerVersion', message: /^a call has format version \d+, and this release reads/ }
  await t.rejects(redisAcdStore(connection, keys, () => '').load(), sentence)
  const reader = () => redis.connect({})
  const feed = redisAcdFeed(connection, reader, keys)
  await t.rejects(feed.snapshot(), sentence)
  const { signal } = new AbortController()
  await t.rejects(firstEvents(oneByOne(feed.changes('0-0', signal)), 1), { name: 'NewerVersion' })
  const source = redisLedgerSource(connection, reader, keys, 'one')
  await t.rejects(firstEvents(source.read(true, signal), 1), { name: 'NewerVersion' })
  t.equal(await source.lag(), 1, 'it stays for a node that can read it')
  const folder = t.testdir({
    '000000000001.ndjson': `${JSON.stringify({ ...eventOf('c1', 1), ...newer })}\n`,
  })
  t.throws(() => new Spool({ folder, log, now: Date.now }), { name: 'NewerVersion' }, 'nor a spool')
})

void t.test('a node that finds a newer state declines to own the line until it can read it', async (t) => {
  const { keys, connection } = await aNewerLine()
  const lines: string[] = []
  const toLines = pino({ level: 'info' }, { write: (line: string) => lines.push(line) })
  const guard = new VersionGuard(
    redisAcdStore(connection, keys, () => ''),
    systemClock,
    toLines,
  )
  const stop = new AbortController()
  t.teardown(() => stop.abort())
  await guard.watch(stop.signal)
  t.match(guard.declines, /^a call has format version/)
  t.match(lines.join(''), /this node declines to own the line: a call has format version/)

  const asking = await readyRedis(redis)
  let asked = 0
  replies(asking, 'takeLease', () => (asked += 1))
  const declining = redisLease(asking, keys, {
    node: 'old',
    clock: systemClock,
    declines: () => guard.declines !== null,
  })
  t.teardown(() => declining.release())
  const taken = declining.acquire()
  await until(() => asked >= 3)
  t.equal(await connection.exists(keys.lease), 0, 'a vacant lease is left')
  t.equal(await connection.exists(keys.standby), 0, 'it does not count as a standby')
  const other = redisLease(await readyRedis(redis), keys, { node: 'new', clock: systemClock })
  await other.acquire()
  await until(() => declining.holder() === 'new')
  await other.release()
  const before = asked
  await until(() => asked >= before + 2)
  t.equal(declining.held(), false)

  await connection.hset(keys.states, 'call:c1', JSON.stringify(callNamed('c1')))
  await taken
  t.equal(guard.declines, null)
  t.equal(lines.length, 2, 'each change is logged once')
})

void t.test('an owner that finds a newer state after it took the lease gives the lease back', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const connection = await readyRedis(redis)
  await connection.hset(stage.keys.states, 'call:c1', JSON.stringify({ ...callNamed('c1'), ...newer }))
  const server = stage.server()
  await t.rejects(server.start(), { name: 'NewerVersion' })
  await server.owner.stop()
  t.equal(await connection.exists(stage.keys.lease), 0)
})

void t.test('effects and events are written with their version', async (t) => {
  const keys = redis.keys()
  const connection = await readyRedis(redis)
  await connection.set(keys.lease, 'one:1')
  await redisAcdStore(connection, keys, () => 'one:1').commit(commitOf('k1', 'c1', 0))
  const [event] = await connection.xrange(keys.events, '-', '+')
  const [effects] = await connection.xrange(keys.effects, '-', '+')
  t.match(JSON.parse(event?.[1][1] ?? ''), { v: currentVersion, seq: 1 })
  t.match(JSON.parse(effects?.[1][3] ?? ''), { v: currentVersion, effects: [{ do: 'StartMusic' }] })
})
