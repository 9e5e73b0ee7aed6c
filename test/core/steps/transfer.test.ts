/** An agent sends the caller on: to a queue, to a colleague, and what happens when nobody takes them. */
import t from 'tap'
import { newAgent, stepAgent } from '../../../src/core/agent-step.ts'
import { agentStates, takesCalls, type AfterCall, type Agent, type WrapUp } from '../../../src/core/agent.ts'
import type { CallEvent } from '../../../src/core/call-event.ts'
import { step } from '../../../src/core/call-step.ts'
import type { TransferTarget } from '../../../src/core/call.ts'
import { callDeadline } from '../../../src/core/deadline.ts'
import { AgentId, OfferId, QueueId } from '../../../src/core/ids.ts'
import { bounds } from '../../../src/core/rules.ts'
import {
  ana,
  answered,
  as,
  bridged,
  callIn,
  channel,
  id,
  inShort,
  ion,
  offerTo,
  offered,
  rules,
  run,
  t0,
} from '../samples.ts'

const later = t0 + 60_000
const toTaxes: TransferTarget = { queue: QueueId('taxes') }
const toIon: TransferTarget = { agent: AgentId('ion') }
const sent = (to: TransferTarget, offer = ana.id): CallEvent => ({ type: 'TransferRequested', offer, to })
const passed: CallEvent = { type: 'DeadlinePassed' }
const declined = (offer: typeof ion): CallEvent => ({ type: 'OfferEnded', offer: offer.id, end: 'declined' })

void t.test('a caller sent to a queue is first there, and their agent wraps up', async (t) => {
  for (const phase of ['talking', 'held'] as const) {
    const { call, effects, agents } = step(callIn(phase), sent(toTaxes), later, rules)
    t.match(call, {
      phase: 'waiting',
      queue: 'taxes',
      priority: 0,
      since: later,
      waitUntil: later + bounds.sentOnMs,
      reservedFor: null,
      transfer: { by: 'ana', from: 'city', to: toTaxes, at: later, state: 'under way' },
    })
    t.match(call.legs, [{ agent: 'ana', until: later }])
    t.same(agents, [{ agent: 'ana', event: { type: 'CallEnded', offer: 'o1', wrapUpMs: rules.wrapUpMs } }])
    t.same(inShort(effects), ['HangUp offer-o1', 'DestroyBridge bridge-o1', `StartMusic ${channel}`], phase)
  }
})

void t.test('what was held before a transfer counts as held', async (t) => {
  const held = callIn('held')
  t.equal(step(held, sent(toTaxes), held.since + 5_000, rules).call.heldMs, 5_000)
})

void t.test('a caller sent to a colleague is offered to nobody else', async (t) => {
  const { call } = step(callIn('talking'), sent(toIon), later, rules)
  t.match(call, {
    phase: 'waiting',
    queue: 'city',
    reservedFor: { agent: 'ion', until: later + bounds.reservedMs },
  })
  t.equal(callDeadline(call), later + bounds.reservedMs)
  const ringing = step(call, offered(ion), later + 1_000, rules).call
  t.notOk('reservedFor' in ringing)
  const talking = run(ringing, [answered(ion), bridged(ion)], later + 1_000).call
  t.match(talking, { phase: 'talking', transfer: { state: 'taken', by: 'ana' }, lastAgent: 'ion' })
  t.match(talking.legs, [{ agent: 'ana' }, { agent: 'ion', until: null }])
})

void t.test('a colleague who does not take the caller: they go back to whoever sent them', async (t) => {
  const ringing = run(callIn('talking'), [sent(toIon), offered(ion)], later).call
  const unbridged = run(ringing, [answered(ion)], later + 2_000).call
  for (const [before, event] of [
    [ringing, declined(ion)],
    [unbridged, { type: 'AgentLegLost', offer: ion.id, cause: 'no audio' }],
  ] as const) {
    const { call, agents } = step(before, event, later + 5_000, rules)
    t.match(call, {
      phase: 'waiting',
      queue: 'city',
      priority: 0,
      transfer: { state: 'failed', by: 'ana' },
      reservedFor: { agent: 'ana', until: later + 5_000 + bounds.reservedMs },
    })
    t.match(agents, [
      { agent: 'ion', event: { type: 'OfferEnded' } },
      { agent: 'ana', event: { type: 'CallReturned', call: id } },
    ])
  }
})

void t.test('a colleague who is not rung in time does not keep the caller waiting', async (t) => {
  const { call } = step(callIn('talking'), sent(toIon), later, rules)
  t.equal(step(call, passed, later + bounds.reservedMs - 1, rules).call, call, 'not before')
  const back = step(call, passed, later + bounds.reservedMs, rules)
  t.match(back.call, { transfer: { state: 'failed' }, reservedFor: { agent: 'ana' } })
  const free = step(back.call, passed, later + 2 * bounds.reservedMs, rules)
  t.match(
    free.call,
    { phase: 'waiting', reservedFor: null, priority: 0, queue: 'city' },
    'anyone may take them',
  )
  t.same(free.agents, [])
})

void t.test('a caller whom a queue does not serve in time goes back, once', async (t) => {
  const { call } = step(callIn('talking'), sent(toTaxes), later, rules)
  const waiting = as(call, 'waiting')
  const back = step(waiting, passed, waiting.waitUntil, rules)
  t.match(back.call, {
    phase: 'waiting',
    queue: 'city',
    waitUntil: waiting.waitUntil + rules.waitMaxMs,
    reservedFor: { agent: 'ana' },
  })
  t.match(back.agents, [{ agent: 'ana', event: { type: 'CallReturned' } }])
  const again = as(step(back.call, passed, waiting.waitUntil + bounds.reservedMs, rules).call, 'waiting')
  t.match(step(again, passed, again.waitUntil, rules).call, {
    phase: 'dismissing',
    prompt: { say: 'waited too long' },
  })
})

void t.test('an offer that fails leaves a caller in the queue to which they were sent', async (t) => {
  const { call } = run(callIn('talking'), [sent(toTaxes), offered(ion), declined(ion)], later)
  t.match(call, { phase: 'waiting', queue: 'taxes', transfer: { state: 'under way' }, reservedFor: null })
})

void t.test('the sender who declines the returned caller is not rung for them again and again', async (t) => {
  const again = offerTo('ana', 'o7')
  const { call, agents } = run(
    callIn('talking'),
    [sent(toIon), offered(ion), declined(ion), offered(again), declined(again)],
    later,
  )
  t.match(call, { phase: 'waiting', reservedFor: null, transfer: { state: 'failed' } })
  t.match(agents, [{ agent: 'ana', event: { type: 'OfferEnded', end: 'declined' } }])
})

void t.test('a caller who comes back to the sender was taken by nobody', async (t) => {
  const again = offerTo('ana', 'o7')
  const { call } = run(
    callIn('talking'),
    [sent(toTaxes), offered(again), answered(again), bridged(again)],
    later,
  )
  t.match(call, { phase: 'talking', transfer: { state: 'failed' } })
  t.match(call.legs, [
    { agent: 'ana', id: 'o1' },
    { agent: 'ana', id: 'o7', until: null },
  ])
})

void t.test(
  'a transfer of an earlier conversation changes nothing, nor does one outside a conversation',
  async (t) => {
    for (const phase of ['talking', 'held'] as const) {
      const call = callIn(phase)
      t.equal(step(call, sent(toTaxes, OfferId('o0')), later, rules).call, call)
    }
    const waiting = callIn('waiting')
    t.equal(step(waiting, sent(toTaxes), later, rules).call, waiting)
  },
)

void t.test('a caller who hangs up on the way was answered', async (t) => {
  const { call } = run(callIn('talking'), [sent(toTaxes), { type: 'CallerHungUp' }], later)
  t.match(call, { phase: 'ended', outcome: 'answered', endedBy: 'caller' })
})

void t.test(
  'the sender’s wrap-up ends when the caller comes back, unless a pause was to follow',
  async (t) => {
    const wrapUp: WrapUp = {
      id: AgentId('ana'),
      phones: { desk: false, web: true, chosen: null, ownCalls: 0 },
      missed: 0,
      unrung: 0,
      idleSince: t0,
      callsToday: 1,
      imposed: null,
      emergencyAt: null,
      state: 'wrap-up',
      since: t0,
      call: id,
      until: t0 + 10_000,
      after: { state: 'ready' },
    }
    const returned = { type: 'CallReturned', call: id } as const
    t.match(stepAgent(wrapUp, returned, t0 + 1_000, rules), { state: 'ready', notBefore: t0 + 1_000 })
    const pausing: WrapUp = { ...wrapUp, after: { state: 'paused', reason: 'meal' } }
    t.equal(stepAgent(pausing, returned, t0 + 1_000, rules), pausing)
    for (const change of [
      { imposed: { by: null, since: t0, lifted: { state: 'ready' } } },
      { phones: { ...wrapUp.phones, web: false } },
      { phones: { ...wrapUp.phones, ownCalls: 1 } },
    ] as const) {
      const unable: WrapUp = { ...wrapUp, ...change }
      t.equal(stepAgent(unable, returned, t0 + 1_000, rules), unable, JSON.stringify(change))
    }
    const other: WrapUp = { ...wrapUp, call: 'pbx1-1.9' as typeof id }
    t.equal(stepAgent(other, returned, t0 + 1_000, rules), other, 'the wrap-up of another call')
  },
)

void t.test(
  'agents take the next call unless they are paused or gone, or will be after their call',
  async (t) => {
    const isBusy = (state: Agent['state']) => ['offered', 'talking', 'wrap-up'].includes(state)
    const taking = (after: AfterCall, imposed: Agent['imposed'] = null) =>
      agentStates.filter((state) =>
        takesCalls({
          ...newAgent(AgentId('ana'), t0),
          imposed,
          ...(isBusy(state) && { after }),
          state,
        } as Agent),
      )
    t.strictSame(taking({ state: 'ready' }), ['ready', 'offered', 'talking', 'wrap-up'])
    t.strictSame(taking({ state: 'paused', reason: 'meal' }), ['ready'])
    t.strictSame(taking({ state: 'signed out' }), ['ready'])
    const imposed = { by: null, since: t0, lifted: { state: 'ready' } } as const
    t.strictSame(taking({ state: 'ready' }, imposed).filter(isBusy), [])
  },
)

void t.test('a returned caller whose bridge fails was no conversation of the sender', async (t) => {
  const again = offerTo('ana', 'o7')
  const connecting = run(
    callIn('talking'),
    [sent(toIon), offered(ion), declined(ion), offered(again), answered(again)],
    later,
  ).call
  const lost: CallEvent = { type: 'AgentLegLost', offer: again.id, cause: 'no audio' }
  t.match(step(connecting, lost, later + 9_000, rules).agents, [
    { agent: 'ana', event: { type: 'OfferEnded' } },
  ])
  t.match(step(connecting, { type: 'CallerHungUp' }, later + 9_000, rules).agents, [
    { agent: 'ana', event: { type: 'OfferEnded', end: 'withdrawn' } },
  ])
  const talking = run(connecting, [bridged(again), { ...lost }], later + 9_000).call
  t.match(talking, { phase: 'reconnecting' }, 'a conversation that was taken up is mended')
})
