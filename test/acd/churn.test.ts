/**
 * A busy hour in seconds: many callers and agents, hang-ups at every moment, phones that fail. Afterwards
 * nothing is stuck: every call has ended, every agent is free, nothing is left in Asterisk. A failure
 * prints its seed (`CHURN_SEED` runs it again).
 */
import t from 'tap'
import { AgentId, ChannelId, offerOfLeg } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { Stage, type Server } from './stage.ts'

const callers = 500
const seats = 50
/** Enough for several times fifty calls, also on a busy machine. */
const waitsMs = 5_000

void t.test(`${callers} callers and ${seats} agents leave nothing stuck`, async (t) => {
  const seed = Number(process.env['CHURN_SEED'] ?? Date.now() % 1_000_000)
  t.comment(`seed ${seed}`)
  const random = randomFrom(seed)
  const redis = await testRedis(t)
  const names = Array.from({ length: seats }, (_, index) => `agent${index}`)
  const stage = new Stage(t, redis, names)
  stage.rules = { ...stage.rules, greeting: true, ringTimeoutMs: 60, missedMax: 1_000 }
  stage.secondsPass = true
  const server = await stage.server().start()
  stage.asterisk.onRing = (leg) => ringing(stage, leg, random)
  await server.work(...names)
  for (let index = 0; index < callers; index++) {
    stage.asterisk.arrive(`c${index}`)
    after(patienceMs(random), () => stage.asterisk.hangUp(ChannelId(`c${index}`)))
    if (index % 5 === 0) await turn(2 + random() * 4)
    if (index % 25 === 0) disturb(server, names[Math.floor(random() * seats)] ?? '', random)
    if (index === 250) {
      stage.asterisk.disconnect()
      await turn(20)
      stage.asterisk.reconnect(server.pbx)
    }
    assertOneCallEach(server, names)
  }
  await until(() => server.owner.line.calls().length === 0)
  for (const name of names)
    await server.owner.desk.perform({ do: 'pause', agent: AgentId(name), reason: 'break' })
  await until(() => names.every((name) => ['paused', 'signed out'].includes(server.agent(name).state)))
  await until(() => stage.asterisk.channels.size === 0)
  await until(() => stage.asterisk.bridges.size === 0)
  await until(() => stage.recorded.length >= callers)
  const outcomes = new Map<string, number>()
  const ended = stage.events.filter((event) => event.subject === 'call' && event.after.phase === 'ended')
  for (const { after } of ended)
    if ('outcome' in after) outcomes.set(after.outcome, (outcomes.get(after.outcome) ?? 0) + 1)
  t.comment(Object.fromEntries(outcomes))
  t.equal(ended.length, callers, 'each call ended, once')
  t.equal(new Set(ended.map(({ id }) => id)).size, callers)
  t.ok((outcomes.get('answered') ?? 0) > 50, 'and many were served')
  t.same(
    // A test process that stalls for half a second would look like a slow PBX.
    stage.alarms.filter((alarm) => alarm !== 'effect failed' && alarm !== 'pbx too slow'),
    [],
  )
})

/**
 * Some callers hang up at once, some soon, half of them wait. With hasty callers alone the number served was the
 * machine's speed: on a busy one 46 of 500, since agents who missed an offer rest for longer than all callers waited.
 */
function patienceMs(random: () => number): number {
  const chance = random()
  if (chance < 0.1) return 0
  return chance < 0.5 ? 50 + random() * 1_500 : waitsMs
}

/** A phone rings: mostly answered, sometimes declined, left ringing, or lost while talking. */
function ringing(stage: Stage, leg: ChannelId, random: () => number): void {
  const chance = random()
  if (chance < 0.1) stage.asterisk.hangUp(leg, 'declined')
  else if (chance < 0.15) stage.asterisk.hangUp(leg, 'unreachable')
  else if (chance < 0.9) {
    after(random() * 20, () => {
      stage.asterisk.answer(leg)
      const end = random() < 0.2 ? 'no audio' : 'hung up'
      after(20 + random() * 150, () => stage.asterisk.hangUp(leg, end))
    })
  }
}

/** One random act of an agent or of the network. */
function disturb(server: Server, name: string, random: () => number): void {
  const { desk } = server.owner
  const id = AgentId(name)
  const chance = random()
  if (chance < 0.3) {
    void desk
      .perform({ do: 'signOut', agent: id })
      .then(() => desk.perform({ do: 'signIn', agent: id }))
      .then(() => desk.perform({ do: 'ready', agent: id }))
  } else if (chance < 0.6) {
    server.stage.asterisk.register(name, 'web', false)
    after(30, () => server.stage.asterisk.register(name, 'web'))
  } else if (chance < 0.8) {
    void desk.perform({ do: 'hold', agent: id }).then(() => desk.perform({ do: 'resume', agent: id }))
  } else {
    void desk
      .perform({ do: 'pageOpened', agent: id, instance: `${name}-1` })
      .then(() => desk.perform({ do: 'pageOpened', agent: id, instance: `${name}-2` }))
  }
}

/** No agent has two legs up at once that a call wants. */
function assertOneCallEach(server: Server, names: readonly string[]): void {
  for (const name of names) {
    const held = [...server.stage.asterisk.channels.values()].filter(({ id, phone, up }) => {
      const offer = offerOfLeg(id)
      return phone?.username === name && up && offer !== null && isBridged(server.stage, id)
    })
    if (held.length > 1) throw new Error(`${name} talks in ${held.length} calls`)
  }
}

const isBridged = (stage: Stage, id: ChannelId): boolean =>
  [...stage.asterisk.bridges.values()].some((members) => members.has(id) && members.size === 2)

const after = (ms: number, act: () => unknown): void => {
  setTimeout(act, ms)
}
const turn = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
