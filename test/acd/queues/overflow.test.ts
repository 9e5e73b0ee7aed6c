/** Callers who overflow to another queue: whom the owner moves each second, and what they keep. */
import t, { type Test } from 'tap'
import { AcdState } from '../../../src/acd/acd-state.ts'
import { overflow } from '../../../src/acd/queues/overflow.ts'
import { newAgent } from '../../../src/core/agent-step.ts'
import { questionSounds } from '../../../src/core/announcements/callback-question.ts'
import { positionSound } from '../../../src/core/announcements/sentences.ts'
import { busyPrompts } from '../../../src/core/announcements/voicemail.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { Waiting } from '../../../src/core/call.ts'
import type { OverflowSetting } from '../../../src/core/configuration/schema.ts'
import {
  AgentId,
  callbackOf,
  CallId,
  ChannelId,
  PlaybackId,
  QueueId,
  toneOf,
  voicemailPromptOf,
} from '../../../src/core/ids.ts'
import { factsOf } from '../../../src/core/steps/next.ts'
import { newQueue, type Queue } from '../../../src/core/queue.ts'
import { callIn, rules, t0 } from '../../core/samples.ts'
import { testRedis } from '../../support/redis.ts'
import { soon } from '../../support/until.ts'
import { agentNamed, queue as city, Stage } from '../stage.ts'

const redis = await testRedis(t)
const taxes: Queue = { ...newQueue(QueueId('taxes'), 'Taxe'), priority: 20 }
const overflowing = (when: Omit<OverflowSetting, 'to'>): Queue => ({
  ...city,
  overflow: { ...when, to: taxes.id },
})

/** The line in memory, on which the owner's second passes when `pass` is called. */
function lineOf(queues: readonly Queue[], calls: readonly Waiting[]) {
  const acdState = new AcdState()
  const agents = [agentNamed('ana')]
  acdState.setDirectory(agents, queues, t0)
  for (const call of calls) acdState.setCall(call, 1)
  const moved: string[] = []
  const apply = (id: CallId, event: CallEvent) => {
    const call = acdState.call(id)?.value
    if (call !== undefined) acdState.setCall(step(call, event, t0, rules).call, 1)
    moved.push(`${id}: ${event.type === 'CallOverflowed' ? event.why : event.type}`)
    return Promise.resolve()
  }
  const pass = ({
    now = t0,
    people = agents,
    takesCalls = true,
    silent = [] as readonly string[],
    lineLengthMax = 1_000,
  } = {}): readonly string[] => {
    moved.length = 0
    overflow({
      acdState,
      conductor: { apply },
      directory: {
        agents: () => people,
        numbers: () => [],
        outbound: () => null,
        blockOf: () => null,
      } as never,
      hasSound: (sound) => !silent.includes(sound),
      rules: { ...rules, lineLengthMax },
      clock: { now: () => now } as never,
      takesCalls: () => takesCalls,
    })
    return [...moved]
  }
  return { acdState, pass }
}

const caller = (name: string, queuedAt: number, change: Partial<Waiting> = {}): Waiting => ({
  ...callIn('waiting'),
  id: CallId(name),
  queue: city.id,
  queuedAt,
  ...change,
})

void t.test('too many wait: those behind go, and nobody who is rung first', (t) => {
  const callers = [
    caller('first', t0 + 9, { priority: 0 }),
    caller('a', t0 + 1),
    caller('b', t0 + 2),
    caller('c', t0 + 3),
  ]
  const { acdState, pass } = lineOf([overflowing({ whenWaiting: 2 }), taxes], callers)
  t.same(pass(), ['b: length', 'c: length'])
  t.same(pass(), [], 'once')
  const [, there] = [...acdState.lines()]
  t.same(
    there?.waiting.map(({ id, priority, queuedAt }) => [id, priority, queuedAt]),
    [
      ['b', 20, t0 + 2],
      ['c', 20, t0 + 3],
    ],
    'in the order in which they came',
  )
  t.end()
})

void t.test('one who goes because of the wait makes room for those behind', (t) => {
  const setting = overflowing({ whenWaiting: 1, afterSeconds: 10 })
  const { pass } = lineOf([setting, taxes], [caller('a', t0), caller('b', t0 + 5_000)])
  t.same(pass({ now: t0 + 10_000 }), ['a: wait'])
  t.end()
})

void t.test('signed in are those with the skill at its level, also in a pause', (t) => {
  const setting = { ...overflowing({ whenNobodySignedIn: true }), levelMin: 2 }
  const { acdState, pass } = lineOf([setting, taxes], [caller('a', t0)])
  const ana = newAgent(AgentId('ana'), t0)
  const paused = { ...ana, state: 'paused' as const, reason: 'break' as const }
  acdState.setAgent(paused, 1, t0)
  acdState.setDirectory([agentNamed('ana', 2)], [setting, taxes], t0)
  t.same(pass(), [])
  acdState.setDirectory([agentNamed('ana', 1)], [setting, taxes], t0)
  t.same(pass(), ['a: nobody signed in'])
  t.end()
})

void t.test('nobody goes while the callers are not served, or the people could not be read', (t) => {
  const { pass } = lineOf([overflowing({ whenNobodySignedIn: true }), taxes], [caller('a', t0)])
  t.same(pass({ takesCalls: false }), [])
  t.same(pass({ people: [] }), [])
  t.same(pass(), ['a: nobody signed in'])
  t.end()
})

void t.test('a queue that empties at once does so over some seconds', (t) => {
  const callers = Array.from({ length: 60 }, (_, nth) => caller(`c${nth}`, t0 + nth))
  const { pass } = lineOf([overflowing({ whenNobodySignedIn: true }), taxes], callers)
  t.equal(pass().length, 50)
  t.equal(pass().length, 10)
  t.end()
})

void t.test('callers leave messages only while there is room, and every word can be heard', (t) => {
  const setting: Queue = { ...city, overflow: { whenNobodySignedIn: true, voicemail: true } }
  const callers = Array.from({ length: 4 }, (_, nth) => caller(`c${nth}`, t0 + nth))
  const { acdState, pass } = lineOf([setting, taxes], callers)
  t.same(pass({ silent: [busyPrompts.ro] }), [])
  t.same(pass({ lineLengthMax: 4 }), ['c0: nobody signed in', 'c1: nobody signed in'])
  t.match(acdState.call(CallId('c0'))?.value, { phase: 'voicemail', queue: 'city', queuedAt: t0 })
  t.same(pass({ lineLengthMax: 4 }), [], 'the others wait on')
  t.same(pass({ lineLengthMax: 6 }), ['c2: nobody signed in'])
  t.end()
})

void t.test('nobody is taken out of what they hear, or of a question that they are about to answer', (t) => {
  const overflow = { whenNobodySignedIn: true, voicemail: true } as const
  const reading = { playback: PlaybackId('p'), sounds: ['s'], until: t0 + 60_000 }
  const question = { awaits: 'confirmation', until: t0 + 60_000 } as const
  const callers = [caller('hears', t0, { announcement: reading }), caller('asked', t0 + 1, { question })]
  const { acdState, pass } = lineOf([{ ...city, overflow }, taxes], callers)
  t.same(pass(), [])
  acdState.setCall(caller('asked', t0 + 1), 2)
  t.same(pass(), ['asked: nobody signed in'], 'but once it is over')
  t.end()
})

void t.test('citizens who are to be called back are no queue on the line', (t) => {
  const { acdState, pass } = lineOf(
    [overflowing({ whenWaiting: 2 }), taxes],
    [caller('a', t0), caller('b', t0 + 1)],
  )
  for (const nth of [1, 2, 3]) {
    const id = CallId(`night${nth}`)
    const callback = { of: CallId('c'), promisedAt: t0 - nth, keptUntil: t0 + 1, attempt: 1 }
    const facts = factsOf(caller(id, t0 - nth))
    acdState.setCall(
      { ...facts, queuedAt: t0 - nth, phase: 'promised', direction: 'outbound', callback, notBefore: t0 },
      1,
    )
    acdState.setDue(id, true)
  }
  t.equal([...acdState.lines()][0]?.waiting.length, 5, 'they stand before the others')
  t.same(pass(), [])
  t.end()
})

void t.test('only callers who can be called back are asked, once, and so many as may stand', (t) => {
  const overflow = { whenNobodySignedIn: true, callback: true } as const
  const setting: Queue = { ...city, overflow, callback: { afterSeconds: 600, standingMax: 2 } }
  const number = (nth: number) => ({ caller: { number: `+4025610020${nth}`, name: null } })
  const callers = [
    caller('withheld', t0, { caller: { number: null, name: null } }),
    caller('early', t0 + 1, { ...number(1), lineAnswered: false }),
    caller('a', t0 + 2, number(2)),
    caller('b', t0 + 3, number(3)),
    caller('c', t0 + 4, number(4)),
  ]
  const { acdState, pass } = lineOf([setting, taxes], callers)
  const now = t0 + 10
  t.same(pass({ now, silent: questionSounds('ro') }), [])
  t.same(pass({ now }), ['a: nobody signed in', 'b: nobody signed in'])
  t.match(acdState.call(CallId('a'))?.value, { phase: 'waiting', question: { awaits: 'interest' } })
  t.same(pass({ now }), [], 'once')
  t.end()
})

/** Ion alone serves the taxes, and nobody the city's queue. */
async function overflowed(t: Test, setting = overflowing({ whenNobodySignedIn: true })) {
  const stage = new Stage(t, redis, ['ana'])
  stage.agents.push({ ...agentNamed('ion'), skills: { taxes: 1 } })
  stage.asterisk.playMs = null
  const announce = { position: true, estimate: false, firstAfterSeconds: 1, everySeconds: 60 }
  stage.queues.splice(0, 1, setting, { ...taxes, announce })
  const server = await stage.server().start()
  stage.asterisk.arrive('c1')
  const { queuedAt } = await server.phase('c1', 'waiting')
  stage.second()
  t.equal(server.call('c1')?.queue, 'taxes')
  const moves = () => stage.events.filter(({ event }) => event.type === 'CallOverflowed')
  // An event leaves once its state is kept.
  await soon(() => moves().length > 0)
  return { stage, server, queuedAt, moves }
}

void t.test('nobody is signed in: an agent of the other queue answers, whose places are told', async (t) => {
  const { stage, server, queuedAt, moves } = await overflowed(t)
  t.match(moves(), [{ event: { queue: 'taxes', priority: 20, why: 'nobody signed in' } }])
  stage.second()
  await soon(() => stage.did('Play').length > 0)
  t.match(stage.did('Play')[0]?.prompt, { say: 'announcement', sounds: [positionSound('ro', 1)] })
  await server.work('ion')
  await server.talk('c1')
  t.match(server.call('c1'), { queue: 'taxes', queuedAt, overflowedFrom: 'city', offer: { agent: 'ion' } })
  t.equal(moves().length, 1)
  t.same(stage.alarms, [])
})

void t.test('the owner is killed: the next one moves nobody again, and moves the others', async (t) => {
  const { stage, server, queuedAt, moves } = await overflowed(t)
  await server.kill()
  await stage.leaseLapses()
  stage.asterisk.arrive('c2')
  const next = await stage.server('two').start()
  await next.phase('c2', 'waiting')
  stage.second()
  t.equal(next.call('c2')?.queue, 'taxes')
  t.match(next.call('c1'), { queue: 'taxes', queuedAt, overflowedFrom: 'city' })
  await soon(() => moves().length > 1)
  t.same(
    moves().map(({ id }) => id),
    ['c1', 'c2'],
  )
  await next.work('ion')
  t.match(await next.phase('c1', 'ringing'), { offer: { agent: 'ion' } }, 'the first one who came')
})

void t.test('a caller asked by overflow confirms, and the callback has their place', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.asterisk.playMs = null
  stage.queues.splice(0, 1, { ...city, overflow: { whenNobodySignedIn: true, callback: true } })
  const server = await stage.server().start()
  const id = stage.asterisk.arrive('c1')
  const { queuedAt } = await server.phase('c1', 'waiting')
  const awaits = (what: string) =>
    soon(() => {
      const call = server.call('c1')
      return call?.phase === 'waiting' && call.question?.awaits === what
    })
  stage.second()
  await awaits('interest')
  stage.asterisk.press(ChannelId('c1'), '2')
  await awaits('confirmation')
  stage.asterisk.press(ChannelId('c1'), '1')
  const callback = callbackOf(stage.asterisk.name, id, 1)
  await soon(() => server.call(callback) !== undefined)
  t.match(server.call(callback), { phase: 'promised', queuedAt, queue: 'city' })
  t.same(stage.alarms, [])
})

void t.test('a caller leaves a message by overflow, also when the owner is killed', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.asterisk.playMs = null
  stage.queues.splice(0, 1, { ...city, overflow: { whenNobodySignedIn: true, voicemail: true } })
  const server = await stage.server().start()
  const id = stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
  stage.second()
  await server.phase('c1', 'voicemail')
  await soon(() => stage.asterisk.playing.has(voicemailPromptOf(id)))
  await soon(() => stage.events.some(({ event }) => event.type === 'CallOverflowed'))
  await server.kill()
  await stage.leaseLapses()
  const next = await stage.server('two').start()
  await soon(() => stage.asterisk.playing.has(toneOf(id)))
  stage.asterisk.endPlayback(toneOf(id))
  await soon(() => stage.asterisk.speaks(ChannelId('c1')))
  stage.asterisk.hangUp(ChannelId('c1'))
  await stage.endTold('c1')
  const end = stage.events.find((event) => event.id === 'c1' && 'endedAt' in event.after)?.after
  t.match(end, { outcome: 'abandoned', queue: 'city', overflowedFrom: 'city' }, 'too short for a message')
  t.equal(next.call('c1'), undefined)
})
