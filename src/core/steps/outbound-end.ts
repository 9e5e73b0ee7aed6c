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
import { end, type Next } from './next.ts'

/** The agent is free as before, without a wrap-up: nobody has talked. */
export function notReached(
  call: Summoning | Dialling | Connecting,
  outcome: Outcome,
  by: EndedBy,
  now: Millis,
): Next {
  const { agent, id: offer } = call.offer
  return {
    ...end(call, outcome, by, now),
    agents: [{ agent, event: { type: 'OfferEnded', offer, end: 'withdrawn' } }],
  }
}

/** Whether the citizen has been called and is not yet in a conversation: there is no queue to go back to. */
export const isFirstWords = (call: Connecting): boolean => !isCallerPresent(call)
