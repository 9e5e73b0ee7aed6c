import t from 'tap'
import type { AcdAgentEvent, AcdCallEvent, AcdEvent } from '../../src/core/acd-event.ts'
import type { Agent } from '../../src/core/agent.ts'
import { newAgent } from '../../src/core/agent-step.ts'
import { arrive } from '../../src/core/call-arrival.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import type { Call } from '../../src/core/call.ts'
import type { Effect } from '../../src/core/effect.ts'
import { AgentId, callerLegOf } from '../../src/core/ids.ts'
import {
  currentVersion,
  NewerVersion,
  upcastAcdEvent,
  upcastAgent,
  upcastAgentEvent,
  upcastCall,
  upcastCallEvent,
  upcastEffects,
  versioned,
  type EffectList,
  type Step,
  type Stored,
} from '../../src/core/versions.ts'
import { arrival, as, callIn, open, rules, t0 } from './samples.ts'

const { call } = arrive(arrival(), open, t0, rules)
const agent = newAgent(AgentId('ana'), t0)
const ofCall: AcdCallEvent = {
  subject: 'call',
  id: call.id,
  seq: 1,
  at: t0,
  event: { type: 'CallArrived' },
  after: call,
}
const ofAgent: AcdAgentEvent = {
  subject: 'agent',
  id: agent.id,
  seq: 1,
  at: t0,
  event: { type: 'SignedIn' },
  after: agent,
}
const effects: readonly Effect[] = [{ do: 'StartMusic', channel: callerLegOf(call.id) }]

/** As it comes back from Redis, from a file or from PostgreSQL. */
const stored = <Value>(value: object): Stored<Value> => JSON.parse(JSON.stringify(value)) as Stored<Value>

t.test('what is written carries the current version and is read back without it', async (t) => {
  t.equal(versioned(call).v, currentVersion)
  t.strictSame(upcastCall(stored<Call>(versioned(call))), call)
  t.strictSame(upcastAgent(stored<Agent>(versioned(agent))), agent)
  t.strictSame(upcastCallEvent(stored(versioned(ofCall.event))), ofCall.event)
  t.strictSame(upcastAgentEvent(stored(versioned(ofAgent.event))), ofAgent.event)
  t.strictSame(upcastAcdEvent(stored(versioned(ofCall))), ofCall)
  t.strictSame(upcastAcdEvent(stored(versioned(ofAgent))), ofAgent)
  t.strictSame(upcastEffects(stored<EffectList>(versioned({ effects }))), effects)
})

t.test('what was written before there were versions is version 0', async (t) => {
  t.strictSame(upcastCall(stored<Call>(call)), call)
  t.strictSame(upcastAgent(stored<Agent>(agent)), agent)
  t.strictSame(upcastAcdEvent(stored(ofCall)), ofCall)
  t.strictSame(upcastAcdEvent(stored(ofAgent)), ofAgent)
  t.strictSame(upcastEffects(effects), effects, 'a bare list')
})

t.test('an older version passes each step up to the current one, in order', async (t) => {
  const add = (mark: string) => (older: Readonly<Record<string, unknown>>) => ({
    ...older,
    passed: [...((older['passed'] ?? []) as string[]), mark],
  })
  const steps: readonly Step[] = [
    {},
    { call: add('call 2'), callEvent: add('event 2'), effect: add('effect 2') },
    { call: add('call 3'), agent: add('agent 3'), agentEvent: add('agent event 3') },
  ]
  t.strictSame(upcastCall(stored<Call>({ ...call, v: 1 }), steps), { ...call, passed: ['call 2', 'call 3'] })
  t.strictSame(upcastCall(stored<Call>({ ...call, v: 2 }), steps), { ...call, passed: ['call 3'] })
  t.strictSame(upcastCall(stored<Call>({ ...call, v: 3 }), steps), call)
  t.strictSame(upcastAgent(stored<Agent>(agent), steps), { ...agent, passed: ['agent 3'] })
  t.strictSame(upcastAcdEvent(stored({ ...ofCall, v: 1 }), steps), {
    ...ofCall,
    event: { ...ofCall.event, passed: ['event 2'] },
    after: { ...call, passed: ['call 2', 'call 3'] },
  })
  t.strictSame(upcastAcdEvent(stored({ ...ofAgent, v: 1 }), steps), {
    ...ofAgent,
    event: { ...ofAgent.event, passed: ['agent event 3'] },
    after: { ...agent, passed: ['agent 3'] },
  })
  t.strictSame(upcastEffects(effects, steps), [{ ...effects[0], passed: ['effect 2'] }])
})

t.test('effects that named the caller alone name every channel', async (t) => {
  const [bridge, caller, agent] = ['room-c1-u1', 'c1', 'leg-c1-u1']
  const older = [
    { do: 'Connect', bridge, caller, agent },
    { do: 'Hold', bridge, caller },
    { do: 'Resume', bridge, caller },
    { do: 'Hold', bridge: 'foreign', caller },
    { do: 'RingAgent', offer: agent },
    { do: 'StartMusic', channel: caller },
  ]
  const v6 = { v: 6, effects: older }
  t.strictSame(upcastEffects(stored<EffectList>(v6)), [
    { do: 'Connect', bridge, channels: [caller, agent] },
    { do: 'Leave', bridge, channels: [caller, agent] },
    { do: 'Join', bridge, channels: [caller, agent] },
    { do: 'Leave', bridge: 'foreign', channels: [caller] },
    { do: 'RingAgent', offer: agent, isRecorded: true },
    { do: 'StartMusic', channel: caller },
  ])
})

t.test('a supervisor’s pause that an older release kept as a reason holds on', async (t) => {
  const { imposed: _, ...before } = agent
  const paused = { ...before, v: 2, state: 'paused', since: t0, reason: 'supervisor' }
  const held = { by: null, since: t0, lifted: { state: 'ready' } }
  t.match(upcastAgent(stored<Agent>(paused)), { state: 'paused', reason: 'supervisor', imposed: held })
  const after = { state: 'paused', reason: 'supervisor' }
  const busy = { ...before, v: 2, state: 'wrap-up', since: t0, call: call.id, until: t0, after }
  t.match(upcastAgent(stored<Agent>(busy)), { imposed: held, after: { state: 'ready' } })
  t.equal(upcastAgent(stored<Agent>({ ...before, v: 2 })).imposed, null)
})

t.test('what a caller hears who is not served is known of an older state', async (t) => {
  const dismissing = { ...call, v: 3, phase: 'dismissing', queuedAt: null }
  for (const [change, prompt] of [
    [{ outcome: 'closed' }, { say: 'closed', opensAt: null }],
    [{ outcome: 'rejected' }, { say: 'line full' }],
    [{ outcome: 'rejected', queuedAt: t0 }, { say: 'waited too long' }],
  ] as const)
    t.match(upcastCall(stored<Call>({ ...dismissing, ...change })), { prompt })
  t.match(upcastCall(stored<Call>({ ...call, v: 3 })), { phase: call.phase })
})

t.test('who talks with the caller is known of an older state', async (t) => {
  const { legs: _, ...talking } = callIn('talking')
  t.strictSame(upcastCall(stored<Call>({ ...talking, v: 4 })).legs, [
    { id: 'o1', role: 'agent', agent: 'ana', device: 'web', from: talking.answeredAt, until: null },
  ])
  const { legs: __, ...waiting } = callIn('waiting')
  t.strictSame(upcastCall(stored<Call>({ ...waiting, v: 4 })).legs, [])
})

t.test('every call of an older release has come in', async (t) => {
  const { direction: _, ...older } = call
  t.strictSame(upcastCall(stored<Call>({ ...older, v: 7 })), call)
})

t.test('every colleague of an older release was asked at the desk', async (t) => {
  const consult = { offer: call, seat: 'side' }
  t.strictSame(upcastCall(stored<Call>({ ...call, v: 8, consult })).consult, { ...consult, secondLine: null })
  t.equal(upcastCall(stored<Call>({ ...call, v: 8, consult: null })).consult, null)
  const asked = { type: 'ConsultRequested', offer: 'o1' }
  t.strictSame(upcastCallEvent(stored<CallEvent>({ ...asked, v: 8 })), { ...asked, secondLine: null })
  const hungUp = { type: 'CallerHungUp' }
  t.strictSame(upcastCallEvent(stored<CallEvent>({ ...hungUp, v: 8 })), hungUp)
})

t.test('the agent of an older release speaks by a second line that is not on hold', async (t) => {
  for (const isHeld of [true, false]) {
    const consult = { offer: call, seat: 'music', secondLine: { channel: 'pbx1-1.9', isHeld } }
    t.strictSame(upcastCall(stored<Call>({ ...call, v: 9, consult })).consult, {
      ...consult,
      secondLine: { ...consult.secondLine, isActive: !isHeld },
    })
  }
  const atDesk = { offer: call, seat: 'side', secondLine: null }
  t.strictSame(upcastCall(stored<Call>({ ...call, v: 9, consult: atDesk })).consult, atDesk)
})

t.test('a newer version is refused in one sentence', async (t) => {
  const newer = { v: currentVersion + 1 }
  const sentence = new RegExp(
    `^a call has format version ${currentVersion + 1}, and this release reads versions up to ${currentVersion}: update`,
  )
  t.throws(() => upcastCall(stored<Call>({ ...call, ...newer })), sentence)
  for (const read of [
    () => upcastAgent(stored<Agent>({ ...agent, ...newer })),
    () => upcastAcdEvent(stored<AcdEvent>({ ...ofCall, ...newer })),
    () => upcastAcdEvent(stored<AcdEvent>({ ...ofAgent, ...newer })),
    () => upcastEffects(stored<EffectList>({ effects, ...newer })),
  ]) {
    t.throws(read, NewerVersion)
  }
})

void t.test('version 13: announcements without notices', async (t) => {
  const announced = { count: 2, at: t0, estimate: 5 }
  const older = { ...call, v: 12, announced } as unknown as Stored<Call>
  t.match(upcastCall<Call>(older), { announced: { ...announced, notices: [] } })
  const announcement = { position: 2, estimate: null, sounds: ['al-doilea'] }
  const event = { v: 12, type: 'AnnouncementMade', announcement } as unknown as Stored<CallEvent>
  t.strictSame(upcastCallEvent(event), {
    type: 'AnnouncementMade',
    announcement: { notice: null, text: null, ...announcement },
  })
})

void t.test('version 13: callers who have not been asked whether they want to be called back', async (t) => {
  const announced = { count: 2, at: t0, estimate: 5 }
  const upcast = (phase: string) =>
    upcastCall<Call>({ ...call, phase, v: 12, announced } as unknown as Stored<Call>)
  t.match(upcast('waiting'), { question: null, announced: { ...announced, askedAt: null } })
  t.notOk('question' in upcast('ringing'))
})

void t.test('version 14: callers who have not overflowed', async (t) => {
  const { overflowedFrom: _, ...older } = call
  t.equal(upcastCall(stored<Call>({ ...older, v: 13 })).overflowedFrom, null)
})

void t.test('version 15: callers who have not been asked how it was', async (t) => {
  const { survey: _, ...older } = call
  t.equal(upcastCall(stored<Call>({ ...older, v: 14 })).survey, null)
  t.equal(upcastCall(stored<Call>({ ...older, v: 14 })).callback, null)
  const callback = { of: call.id, promisedAt: t0, attempt: 2 }
  const promised = { ...older, v: 14, callback } as unknown as Stored<Call>
  t.strictSame(upcastCall<Call>(promised).callback, { ...callback, keptUntil: t0 + 7 * 86_400_000 })
})

void t.test('version 15: greetings that are no number’s own', async (t) => {
  const { words: _, survey: __, ...older } = as(call, 'greeting')
  t.strictSame(upcastCall(stored<Call>({ ...older, v: 14 })), call)
  t.notOk('words' in upcastCall(stored<Call>({ ...callIn('waiting'), v: 14 })))
})

void t.test('version 15: announcements of queues without their own texts', async (t) => {
  const { isPlaceNext: _, nextText: __, ...announced } = { ...call.announced, count: 2, at: t0 }
  const older = { ...callIn('waiting'), v: 14, announced } as unknown as Stored<Call>
  t.strictSame(upcastCall<Call>(older).announced, { ...call.announced, count: 2, at: t0 })
  const announcement = { notice: null, position: 2, estimate: null, sounds: ['al-doilea'] }
  const event = { v: 14, type: 'AnnouncementMade', announcement } as unknown as Stored<CallEvent>
  t.strictSame(upcastCallEvent(event), {
    type: 'AnnouncementMade',
    announcement: { ...announcement, text: null },
  })
})
