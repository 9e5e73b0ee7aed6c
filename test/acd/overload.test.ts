/** More callers than the PBX can take: callers in service are served, the others wait. */
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { systemClock } from '../../src/clock.ts'
import { agentLegOf, BridgeId, ChannelId } from '../../src/core/ids.ts'
import { EffectQueue } from '../../src/acd/effect-queue.ts'
import { PbxUnavailable, type Clock } from '../../src/acd/ports.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
/** The bound in `effect-queue.ts`. */
const atOnce = 12
/** When `effect-queue.ts` counts a command as late. */
const lateMs = 500

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(2, '0')}`)

/** The commands under way become late, and the owner's second finds them so. */
function passLate(stage: Stage): void {
  stage.sleptMs += lateMs + 1
  stage.second()
}

async function crowd(t: Test) {
  const agents = names('a', atOnce + 3)
  const stage = new Stage(t, redis, agents)
  const server = await stage.server().start()
  await server.work(...agents)
  const callers = names('c', atOnce + 3)
  const inPhase = (phase: string) => callers.filter((id) => server.call(id)?.phase === phase)
  return { stage, server, callers, inPhase }
}

void t.test('the number of ring commands under way is bounded', async (t) => {
  const { stage, callers, inPhase } = await crowd(t)
  const asked: (() => void)[] = []
  stage.asterisk.interfere = (effect) =>
    effect.do === 'RingAgent' ? new Promise<void>((resolve) => asked.push(resolve)) : undefined
  for (const id of callers) stage.asterisk.arrive(id)
  await soon(() => asked.length === atOnce)
  await soon(() => callers.length === inPhase('ringing').length + inPhase('waiting').length)
  stage.second()
  t.same(inPhase('ringing'), callers.slice(0, atOnce), 'in the order in which they came')
  asked[0]?.()
  await soon(() => asked.length === atOnce + 1)
  stage.second()
  t.same(inPhase('ringing'), callers.slice(0, atOnce + 1), 'one has rung, the next one is')
  for (let at = 1; at < callers.length; at += 1) {
    await soon(() => asked[at] !== undefined)
    asked[at]?.()
  }
  await soon(() => inPhase('ringing').length === callers.length)
  t.pass('no caller is forgotten')
})

void t.test('connections under way count as well', async (t) => {
  const { stage, server, callers, inPhase } = await crowd(t)
  const connects: (() => void)[] = []
  stage.asterisk.interfere = (effect) =>
    effect.do === 'Connect' ? new Promise<void>((resolve) => connects.push(resolve)) : undefined
  const [first = '', ...others] = callers
  for (const id of callers.slice(0, atOnce)) {
    stage.asterisk.arrive(id)
    const { offer } = await server.phase(id, 'ringing')
    await soon(() => stage.channel(agentLegOf(offer.id)) !== undefined)
    stage.asterisk.answer(agentLegOf(offer.id))
    await server.phase(id, 'connecting')
  }
  for (const id of others.slice(atOnce - 1)) stage.asterisk.arrive(id)
  await soon(() => inPhase('waiting').length === 3)
  stage.second()
  t.equal(inPhase('waiting').length, 3, 'no agent is rung for them')
  connects[0]?.()
  await server.phase(first, 'talking')
  await soon(() => inPhase('waiting').length < 3)
  t.pass('one is connected: phones ring again')
  for (const connect of connects) connect()
})

void t.test('failed effects delay nothing once the PBX is back', async (t) => {
  const { stage, callers, inPhase } = await crowd(t)
  stage.asterisk.interfere = (effect) =>
    effect.do === 'RingAgent' ? Promise.reject(new PbxUnavailable('no answer')) : undefined
  for (const id of callers) stage.asterisk.arrive(id)
  await soon(() => inPhase('ringing').length === callers.length)
  t.equal(stage.did('RingAgent').length, 0)
  stage.asterisk.interfere = () => undefined
  // Failed effects are repeated each second.
  await stage.seconds(() => stage.did('RingAgent').length === callers.length)
  t.same(inPhase('ringing'), callers)
})

void t.test('heartbeats without an answer do not pile up', async (t) => {
  const { stage, server } = await crowd(t)
  let sent = 0
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>()
  server.pbx.beat = () => {
    sent += 1
    return answered
  }
  for (let seconds = 0; seconds < 4; seconds += 1) stage.second()
  t.equal(sent, 2)
  answer()
  await stage.seconds(() => sent > 2)
  t.pass('answered, the next is sent')
})

void t.test('a PBX that is slow to ring or to connect gets no new callers', async (t) => {
  const { stage, callers, inPhase } = await crowd(t)
  const asked: (() => void)[] = []
  let isSlow = true
  stage.asterisk.interfere = (effect) =>
    isSlow && effect.do === 'RingAgent' ? new Promise<void>((resolve) => asked.push(resolve)) : undefined
  for (const id of callers) stage.asterisk.arrive(id)
  await soon(() => asked.length === atOnce)
  passLate(stage)
  await soon(() => stage.asterisk.room === 'none')
  t.equal(inPhase('waiting').length, callers.length - atOnce, 'callers who are here keep their places')
  t.ok(stage.alarms.includes('pbx too slow'), 'and IT is told')
  isSlow = false
  for (const ring of asked) ring()
  await soon(() => stage.did('RingAgent').length === callers.length)
  stage.second()
  await soon(() => stage.asterisk.room === 'place')
  await soon(() => inPhase('ringing').length === callers.length)
  t.pass('no caller is forgotten')
})

/** Commands to connect that are under way until they are ended, one by one. */
async function connectsUnderWay(clock: Clock, count: number) {
  const under: (() => void)[] = []
  let eased = 0
  const queue = new EffectQueue({
    stateWriter: { save: () => Promise.resolve('saved'), performed: () => undefined },
    performer: { perform: () => new Promise((resolve) => under.push(() => resolve(null))) },
    clock,
    mayPerform: () => true,
    log: pino({ level: 'silent' }),
    followed: () => undefined,
    eased: () => (eased += 1),
  })
  const [caller, agent] = [ChannelId('c1'), ChannelId('agent-1')]
  const bridge = BridgeId('bridge-1')
  const connects = names('c', count).map((id) =>
    queue.save(id, {
      id,
      writes: [],
      events: [],
      effects: [{ do: 'Connect', bridge, channels: [caller, agent] }],
    }),
  )
  await soon(() => under.length === count)
  const end = (at: number) => {
    under[at]?.()
    return connects[at]
  }
  return { queue, end, eased: () => eased }
}

void t.test('repeated effects count as well', async (t) => {
  const { stage, callers, inPhase } = await crowd(t)
  const asked: (() => void)[] = []
  let isAway = true
  let failed = 0
  stage.asterisk.interfere = (effect) => {
    if (effect.do !== 'RingAgent') return undefined
    if (isAway) {
      failed += 1
      return Promise.reject(new PbxUnavailable('no answer'))
    }
    return new Promise<void>((resolve) => asked.push(resolve))
  }
  for (const id of callers.slice(0, atOnce)) stage.asterisk.arrive(id)
  await soon(() => inPhase('ringing').length === atOnce && failed >= atOnce)
  isAway = false
  await stage.seconds(() => asked.length === atOnce)
  passLate(stage)
  await soon(() => stage.asterisk.room === 'none')
  for (const ring of asked) ring()
  await soon(() => stage.did('RingAgent').length === atOnce)
  stage.second()
  await soon(() => stage.asterisk.room === 'place')
})

void t.test('a newer value of the room follows as soon as the previous update is done', async (t) => {
  const { stage, server } = await crowd(t)
  const { promise: taken, resolve: take } = Promise.withResolvers<void>()
  let said = 0
  server.pbx.tellRoom = () => {
    said += 1
    return taken
  }
  for (let seconds = 0; seconds < 3; seconds += 1) stage.second()
  t.equal(said, 1, 'one at a time')
  take()
  await soon(() => said === 2)
})

void t.test('a freed slot for ringing triggers a dispatch at once', async (t) => {
  const { queue, end, eased } = await connectsUnderWay(systemClock, atOnce)
  t.notOk(queue.mayRing())
  await end(0)
  t.equal(eased(), 1)
  t.ok(queue.mayRing())
  await end(1)
  t.equal(eased(), 1, 'there was room already')
  for (let at = 2; at < atOnce; at += 1) await end(at)
  await queue.drained()
})

void t.test('five late commands are no strain, six are', async (t) => {
  let nowMs = 0
  const clock = { ...systemClock, monotonic: () => nowMs }
  const { queue, end } = await connectsUnderWay(clock, atOnce)
  nowMs = lateMs
  t.notOk(queue.isStrained(), 'many, but none of them late')
  nowMs = lateMs + 1
  t.ok(queue.isStrained())
  for (let at = 0; at < atOnce / 2; at += 1) {
    t.ok(queue.isStrained())
    await end(at)
  }
  t.ok(queue.isStrained(), 'half of them are late')
  await end(atOnce / 2)
  t.notOk(queue.isStrained(), 'fewer')
  for (let at = atOnce / 2 + 1; at < atOnce; at += 1) await end(at)
  await queue.drained()
})
