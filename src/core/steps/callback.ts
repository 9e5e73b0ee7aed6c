/**
 * A citizen who is called back without losing the place in the queue. The callback is a call of its own, which nobody is on
 * until an agent has picked up for it: only then is the citizen dialled. Each attempt is a call, so that each is on record.
 */
import { nothingAnnounced } from '../announcements/announcement.ts'
import type { Callback } from '../announcements/callback-promise.ts'
import type { Call, Closed, Dialling, LiveCall, Promised, Ringing, Waiting } from '../call.ts'
import type { CallEventOf, Returned } from '../call-event.ts'
import { nobodyBeside } from '../call.ts'
import { callbackOf, isAskedOnPage, type Millis } from '../ids.ts'
import { bounds } from '../rules.ts'
import { becomes, dismiss, end, factsOf, type Handlers, type Next } from './next.ts'
import { moved } from './supervision.ts'

export const promised: Handlers<'promised'> = {
  OfferMade(call, { offer }, now) {
    const { queuedAt } = call
    return {
      call: {
        ...factsOf(call),
        phase: 'ringing',
        queuedAt,
        offer,
        offeredAt: call.offeredAt ?? now,
        announcement: null,
        since: now,
      },
      agents: [{ agent: offer.agent, event: { type: 'Offered', call: call.id, offer } }],
    }
  },
  CallMoved: moved,
  CallEndedBySupervisor: (call, _event, now) => end(call, 'cancelled', 'supervisor', now),
  CallerServed: (call, _event, now) => end(call, 'cancelled', 'caller', now),
  DeadlinePassed: (call, _event, now) =>
    now >= call.waitUntil ? end(call, 'cancelled', 'system', now) : { call, agents: [] },
}

/**
 * The waiting caller hears that they will be called, and their place is that of the callback. One that their number had in
 * this queue before is kept instead, with its place.
 */
export function callbackPromised(call: Waiting, event: CallEventOf<'CallbackPromised'>, now: Millis): Next {
  // By key only to a caller who has confirmed the number.
  if (event.by === null && call.question?.awaits !== 'confirmation') return becomes(call)
  return {
    ...dismiss(call, 'callback', { say: 'callback promised' }, now),
    ...promise(call, event, now, now),
  }
}

/** The same to a caller of a closed number: from when it opens the callback is kept as long. Its place is that of the arrival. */
export function promisedWhenOpen(call: Closed, event: CallEventOf<'CallbackPromised'>, now: Millis): Next {
  if (event.by !== null || call.awaits !== 'confirmation') return becomes(call)
  return {
    ...dismiss(call, 'callback', { say: 'callback promised when open' }, now),
    ...promise({ ...call, queuedAt: call.arrivedAt }, event, Math.max(now, call.opensAt), now),
  }
}

/** `from`: when its term begins. */
function promise(
  call: LiveCall & { readonly queuedAt: Millis },
  event: CallEventOf<'CallbackPromised'>,
  from: Millis,
  now: Millis,
): Pick<Next, 'begins'> {
  const callback = { of: call.id, promisedAt: now, keptUntil: from + bounds.callbackMs, attempt: 1 }
  const isNew = event.call === callbackOf(call.pbx, call.id, callback.attempt)
  return isNew ? { begins: begun(call, callback, now) } : {}
}

/** In every stage until the citizen is reached: it keeps its place, and is about this request as well. */
export function askedOnPage(call: Call, { request }: CallEventOf<'CallbackAsked'>): Next {
  if (call.phase === 'ended' || call.callback === null) return becomes(call)
  const { callback } = call
  const requests = callback.requests ?? []
  if (requests.includes(request)) return becomes(call)
  return becomes({ ...call, callback: { ...callback, requests: [...requests, request] } })
}

/** Why it is called: the call in which it was promised; of one from the public page the request, then the first attempt. */
export function returnedBy({ pbx, callback }: Promised): Returned {
  const [request] = callback.requests ?? []
  if (request === undefined || !isAskedOnPage(pbx, callback.of)) return { call: callback.of }
  return callback.attempt === 1 ? { request } : { call: callbackOf(pbx, callback.of, 1) }
}

/** The agent has picked up: now the citizen is dialled. */
export function dial(call: Ringing, now: Millis): Next<Dialling> {
  const { offer, queuedAt } = call
  return {
    call: {
      ...factsOf(call),
      phase: 'dialling',
      queuedAt,
      offer,
      lastAgent: offer.agent,
      waitUntil: now,
      until: now + bounds.dialMs + bounds.dialMarginMs,
      since: now,
    },
    agents: [{ agent: offer.agent, event: { type: 'OfferAnswered', offer: offer.id } }],
  }
}

/** No agent has picked up. */
export const promisedStill = (call: Ringing, callback: Callback, now: Millis): Promised => ({
  ...factsOf(call),
  phase: 'promised',
  callback,
  queuedAt: call.queuedAt,
  notBefore: now,
  since: now,
})

/** The next attempt after one in vain; none after the last one. `againMs`: how much later at the earliest. */
export function nextAttempt(
  call: LiveCall & { readonly queuedAt: Millis },
  againMs: Millis,
  now: Millis,
): Pick<Next, 'begins'> {
  const { callback } = call
  if (callback === null || callback.attempt - sparedOf(callback) >= bounds.callbackAttempts) return {}
  return { begins: { ...attemptAfter(call, callback, now), notBefore: now + againMs } }
}

/** The next attempt, after one that does not count: the citizen has called while they were dialled, or the agent has left. */
export const sparedAttempt = (
  call: LiveCall & { readonly queuedAt: Millis },
  callback: Callback,
  now: Millis,
): Promised => attemptAfter(call, { ...callback, spared: sparedOf(callback) + 1 }, now)

const sparedOf = ({ spared = 0 }: Callback): number => spared

const attemptAfter = (
  call: LiveCall & { readonly queuedAt: Millis },
  callback: Callback,
  now: Millis,
): Promised => begun(call, { ...callback, attempt: callback.attempt + 1 }, now)

function begun(call: LiveCall & { readonly queuedAt: Millis }, callback: Callback, now: Millis): Promised {
  return {
    ...factsOf(call),
    ...nobodyBeside,
    announced: nothingAnnounced,
    phase: 'promised',
    id: callbackOf(call.pbx, callback.of, callback.attempt),
    direction: 'outbound',
    callback,
    queuedAt: call.queuedAt,
    arrivedAt: now,
    waitUntil: callback.keptUntil,
    notBefore: now,
    offeredAt: null,
    answeredAt: null,
    // There is nothing to tell a network that has not called.
    lineAnswered: true,
    heldMs: 0,
    lastAgent: null,
    legs: [],
    transfer: null,
    since: now,
  }
}
