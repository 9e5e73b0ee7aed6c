/** The end of a call to a citizen who was not reached. */
import {
  isCallerPresent,
  type Connecting,
  type Dialling,
  type EndedBy,
  type Outcome,
  type Summoning,
} from '../call.ts'
import type { Millis } from '../ids.ts'
import type { OfferEnd } from '../offer.ts'
import type { Rules } from '../rules.ts'
import { nextAttempt, sparedAttempt } from './callback.ts'
import { end, type Next } from './next.ts'

/** The agent has a wrap-up as after a conversation: without it the next caller would ring in the same moment. */
export function notReached(
  call: Summoning | Dialling | Connecting,
  outcome: Outcome,
  by: EndedBy,
  now: Millis,
  { wrapUpMs, callbackAgainMs }: Rules,
): Next {
  const { agent, id: offer } = call.offer
  return {
    ...end(call, outcome, by, now),
    agents: [{ agent, event: { type: 'CalledInVain', offer, wrapUpMs } }],
    ...(isFinal(outcome, by) ? {} : nextAttempt(call, callbackAgainMs, now)),
  }
}

/** The citizen has called meanwhile; or a supervisor has cancelled the callback. */
const isFinal = (outcome: Outcome, by: EndedBy): boolean =>
  by === 'supervisor' || (outcome === 'cancelled' && by === 'caller')

/**
 * The agent has left, and the citizen did not fail to answer. A callback is offered again at once, as a call that was
 * declined: the attempt was not the citizen's, and an agent who goes on doing so is paused.
 */
export function leftByAgent(
  call: Summoning | Dialling | Connecting,
  cause: OfferEnd,
  now: Millis,
  rules: Rules,
): Next {
  if (call.callback === null) return notReached(call, 'cancelled', 'agent', now, rules)
  const { agent, id: offer } = call.offer
  return {
    ...end(call, 'cancelled', 'agent', now),
    agents: [{ agent, event: { type: 'OfferEnded', offer, end: cause } }],
    begins: sparedAttempt(call, call.callback, now),
  }
}

/** Whether the citizen has been called and is not yet in a conversation: there is no queue to go back to. */
export const isFirstWords = (call: Connecting): boolean => !isCallerPresent(call)
