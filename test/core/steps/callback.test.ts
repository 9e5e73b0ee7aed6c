/** A citizen who is called back: promised while they wait, offered by their place, dialled once an agent is there, tried again. */
import t from 'tap'
import { arrive } from '../../../src/core/call-arrival.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import {
  inConversation,
  isCallback,
  isUncalled,
  type Call,
  type LiveCall,
  type Promised,
} from '../../../src/core/call.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import {
  AgentId,
  bridgeOf,
  callbackOf,
  CallId,
  callerLegOf,
  isOutbound,
  PbxName,
  QueueId,
} from '../../../src/core/ids.ts'
import { mediaPlan, unplaced, widestPlan } from '../../../src/core/media/media-plan.ts'
import { bounds } from '../../../src/core/rules.ts'
import type { Stepped } from '../../../src/core/steps/next.ts'
import {
  answered,
  arrival,
  callIn,
  inShort,
  offered,
  offerTo,
  open,
  rules,
  run,
  t0,
  why,
} from '../samples.ts'

const pbx = PbxName('pbx1')
const waiting = callIn('waiting')
const id = callbackOf(pbx, waiting.id, 1)
const promise: CallEvent = { type: 'CallbackPromised', call: id, by: AgentId('vera') }
const now = t0 + 60_000
const next = (call: Call, event: CallEvent, at = now): Stepped => step(call, event, at, rules)
const asked = next(waiting, promise)
const promised = asked.begins as Promised
const ana = offerTo('ana', `leg-${id}-u1`)
const rings = next(promised, offered(ana)).call
const dialling = next(rings, answered(ana)).call
const talking = run(dialling, [
  { type: 'CallerAnswered' },
  { type: 'Bridged', bridge: bridgeOf(ana.id) },
]).call
const again = (stepped: Stepped) => stepped.begins?.callback.attempt ?? null

void t.test('a caller who has chosen English hears so in English', async (t) => {
  const { effects } = next({ ...waiting, language: 'en' }, promise)
  t.match(
    effects.find((effect) => effect.do === 'Play'),
    { prompt: { say: 'callback promised', language: 'en' } },
  )
  const late = next({ ...waiting, language: 'en' }, { type: 'DeadlinePassed' }, waiting.waitUntil)
  t.match(
    late.effects.find((effect) => effect.do === 'Play'),
    { prompt: { say: 'waited too long', language: 'en' } },
  )
})

void t.test('the caller hears that they will be called, and the callback has their place', async (t) => {
  t.match(asked.call, { phase: 'dismissing', outcome: 'callback', prompt: { say: 'callback promised' } })
  t.same(inShort(asked.effects), [`StopMusic ${waiting.id}`, 'Play callback promised'])
  t.match(promised, {
    phase: 'promised',
    id,
    direction: 'outbound',
    queuedAt: waiting.queuedAt,
    priority: waiting.priority,
    queue: waiting.queue,
    caller: waiting.caller,
    callback: { of: waiting.id, attempt: 1, promisedAt: now },
    arrivedAt: now,
    lastAgent: null,
  })
  t.same(mediaPlan(promised), unplaced, 'nobody is on the line')
  t.same(widestPlan(promised), unplaced)
  t.equal(callDeadline(promised), now + bounds.callbackMs)
  const over = next(asked.call, { type: 'CallerHungUp' })
  t.match(over.call, { phase: 'ended', outcome: 'callback' })
  t.equal(over.begins, undefined)
  t.equal(next(callIn('ringing'), promise).begins, undefined, 'not while a phone rings')
  t.ok(isOutbound(id))
  t.not(id, callbackOf(pbx, CallId('pbx1-1.2'), 1))
  t.equal(callbackOf(pbx, CallId('c1'), 2), 'pbx1-out-c1r2')
})

void t.test('nobody is dialled before an agent has picked up', async (t) => {
  const { call, effects, agents } = next(promised, offered(ana))
  t.match(call, { phase: 'ringing', offeredAt: now })
  t.same(inShort(effects), [`RingAgent ${ana.id}`, `BuildBridge ${bridgeOf(ana.id)}`])
  t.match(agents, [{ agent: 'ana', event: { type: 'Offered', call: id } }])
  t.ok(isUncalled(call) && isCallback(call as LiveCall))
  const dialled = next(call, answered(ana))
  t.match(dialled.call, {
    phase: 'dialling',
    lastAgent: 'ana',
    until: now + bounds.dialMs + bounds.dialMarginMs,
  })
  t.same(inShort(dialled.effects), [`StartRingback ${ana.id}`, `DialCaller ${callerLegOf(id)}`])
  t.same(dialled.agents, [{ agent: 'ana', event: { type: 'OfferAnswered', offer: ana.id } }])
  t.notOk(isUncalled(dialled.call))
  t.match(talking, { phase: 'talking', legs: [{ agent: 'ana' }] })
  t.ok([talking, callIn('held'), callIn('reconnecting')].every(inConversation) && !inConversation(call))
  t.notOk(isCallback(talking as LiveCall))
  t.match(next(talking, { type: 'CallerHungUp' }), { call: { outcome: 'answered' }, begins: undefined })
})

void t.test('an agent who does not pick up leaves the callback at its place', async (t) => {
  for (const event of [
    { type: 'OfferEnded', offer: ana.id, end: 'declined' },
    { type: 'DeadlinePassed' },
  ] as const) {
    const { call, agents, effects } = next(rings, event, now + 60_000)
    t.match(call, { phase: 'promised', queuedAt: waiting.queuedAt, callback: promised.callback })
    t.match(agents, [{ agent: 'ana', event: { type: 'OfferEnded' } }])
    t.same(inShort(effects), [`HangUp ${ana.id}`, `DestroyBridge ${bridgeOf(ana.id)}`])
  }
})

void t.test(
  'a citizen who is not reached is tried again later, and the third attempt is the last',
  async (t) => {
    let attempt = promised
    for (const nth of [1, 2, 3]) {
      const offer = offerTo('ana', `leg-${attempt.id}-u1`)
      const ends = run(attempt, [{ type: 'OfferMade', offer, why: why(offer) }, answered(offer)]).call
      const stepped = next(ends, { type: 'CallerUnreached', why: 'no answer' })
      t.match(stepped.call, { phase: 'ended', outcome: 'no answer', callback: { attempt: nth } })
      t.match(stepped.agents, [{ event: { type: 'CalledInVain' } }])
      if (nth === 3) {
        t.equal(stepped.begins, undefined)
        break
      }
      attempt = stepped.begins as Promised
      t.match(attempt, {
        id: callbackOf(pbx, waiting.id, nth + 1),
        queuedAt: waiting.queuedAt,
        notBefore: now + rules.callbackAgainMs,
        waitUntil: promised.waitUntil,
        callback: { of: waiting.id, promisedAt: now },
        lastAgent: null,
        offeredAt: null,
      })
    }
  },
)

void t.test('who ends an attempt decides whether there is another one', async (t) => {
  t.equal(again(next(dialling, { type: 'CallerUnreached', why: 'rejected' })), 2)
  t.equal(again(next(dialling, { type: 'CallerLost', pbxDied: true })), 2)
  const busyAt = (attempt: number, spared?: number) => {
    const callback = { ...promised.callback, attempt, ...(spared !== undefined && { spared }) }
    return again(next({ ...dialling, callback }, { type: 'CallerUnreached', why: 'busy' }))
  }
  t.same([busyAt(2), busyAt(3), busyAt(3, 1), busyAt(4, 1)], [3, null, 4, null], 'three that count')
  const left = next(dialling, { type: 'AgentHungUp', offer: ana.id })
  t.match(
    left,
    { call: { outcome: 'cancelled', endedBy: 'agent' }, begins: { notBefore: now } },
    'another agent, at once',
  )
  t.equal(
    again(next(dialling, { type: 'CallerHungUp' })),
    2,
    'hung up during the announcement: nobody has talked',
  )
  t.equal(again(next(dialling, { type: 'CallEndedBySupervisor', by: ana.agent })), null)
})

void t.test('a supervisor moves or cancels a callback', async (t) => {
  const queue = QueueId('taxes')
  const to = (toFront: boolean) => next(promised, { type: 'CallMoved', queue, toFront, by: ana.agent }).call
  t.match(to(false), { phase: 'promised', queue, priority: 10 })
  t.match(to(true), { phase: 'promised', queue, priority: 0 })
  const ends: CallEvent = { type: 'CallEndedBySupervisor', by: ana.agent }
  t.match(next(promised, ends).call, { phase: 'ended', outcome: 'cancelled', endedBy: 'supervisor' })
  const withdrawn = next(rings, ends)
  t.match(withdrawn.call, { phase: 'ended', outcome: 'cancelled' })
  t.match(withdrawn.agents, [{ event: { type: 'OfferEnded', end: 'withdrawn' } }])
  t.match(next(callIn('ringing'), ends).call, { outcome: 'rejected' }, 'of a caller')
})

void t.test('a callback ends after a week', async (t) => {
  const late: CallEvent = { type: 'DeadlinePassed' }
  t.equal(next(promised, late).call, promised)
  t.match(next(promised, late, now + bounds.callbackMs).call, { outcome: 'cancelled', endedBy: 'system' })
})

void t.test(
  'a citizen who calls meanwhile is not dialled, and keeps the callback until they have talked',
  async (t) => {
    const back: CallEvent = { type: 'CallerCameBack', call: CallId('pbx1-2.1') }
    t.equal(next(promised, back).call, promised)
    const withdrawn = next(rings, back)
    t.match(withdrawn.call, { phase: 'promised', queuedAt: waiting.queuedAt, callback: promised.callback })
    t.match(withdrawn.agents, [{ agent: 'ana', event: { type: 'OfferEnded', end: 'withdrawn' } }])
    t.same(inShort(withdrawn.effects), [`HangUp ${ana.id}`, `DestroyBridge ${bridgeOf(ana.id)}`])
    const third = { ...dialling, callback: { ...promised.callback, attempt: 3 } } as Call
    for (const [call, attempt] of [
      [dialling, 2],
      [third, 4],
    ] as const) {
      const stepped = next(call, back)
      t.match(stepped.call, { phase: 'ended', outcome: 'cancelled', endedBy: 'caller' })
      t.match(stepped.agents, [{ event: { type: 'CalledInVain' } }])
      t.match(stepped.begins, {
        phase: 'promised',
        queuedAt: waiting.queuedAt,
        callback: { attempt, spared: 1 },
        notBefore: now,
      })
    }
    const served: CallEvent = { type: 'CallerServed', call: CallId('pbx1-2.1') }
    for (const call of [promised, rings, dialling]) {
      const { call: over, begins } = next(call, served)
      t.match(over, { phase: 'ended', outcome: 'cancelled', endedBy: 'caller' }, call.phase)
      t.equal(begins, undefined)
    }
    const toCitizen = { ...dialling, callback: null } as Call
    for (const call of [talking, callIn('ringing'), waiting, toCitizen])
      for (const event of [back, served]) t.equal(next(call, event).call, call, call.phase)
  },
)

void t.test('a caller who is to be called back keeps that callback, and no second one begins', async (t) => {
  const stepped = next({ ...waiting, id: CallId('pbx1-2.1') }, promise)
  t.match(stepped.call, { phase: 'dismissing', outcome: 'callback' })
  t.equal(stepped.begins, undefined)
})

void t.test('a citizen who calls meanwhile has the place', async (t) => {
  const call = { ...arrival({ id: CallId('pbx1-2.1'), arrivedAt: now }), callback: promised }
  const arrives = (change = {}, admission = open) =>
    arrive({ ...call, ...change }, admission, now, rules).call
  const greeted = arrives()
  t.match(greeted, { phase: 'greeting', queuedAt: waiting.queuedAt, priority: 10 })
  t.match(
    arrives({ queuedAt: now - 5 }),
    { phase: 'waiting', queuedAt: waiting.queuedAt },
    'from the fallback queue',
  )
  t.match(arrives({ callback: { ...promised, priority: 0 } }), { priority: 0 }, 'moved to the front')
  t.match(arrives({ callback: { ...promised, priority: 0, queue: QueueId('taxes') } }), { priority: 10 })
  const closed = { ...open, opening: { open: false, opensAt: null, closedAt: null } } as const
  t.match(arrives({}, closed), { phase: 'dismissing', queuedAt: null }, 'closed: the callback stays')
  t.match(arrives({ block: 1 }), { phase: 'ended', queuedAt: null })
  const playback = greeted.phase === 'greeting' ? greeted.playback : undefined
  t.match(
    playback && step(greeted, { type: 'PlaybackEnded', playback, queuedAt: now + 9 }, now + 10, rules).call,
    {
      phase: 'waiting',
      queuedAt: waiting.queuedAt,
    },
  )
})
