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
import type { Rules } from '../rules.ts'
import { nextAttempt } from './callback.ts'
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
    ...(isFinal(outcome, by) ? {} : nextAttempt(call, isAgents(outcome, by) ? 0 : callbackAgainMs, now)),
  }
}

/** The citizen has hung up, or has called meanwhile; or a supervisor has cancelled the callback. */
const isFinal = (outcome: Outcome, by: EndedBy): boolean =>
  by === 'supervisor' || (outcome === 'cancelled' && by === 'caller')

/** The agent has left, and the citizen did not fail to answer: another agent may call at once. */
const isAgents = (outcome: Outcome, by: EndedBy): boolean => outcome === 'cancelled' && by === 'agent'

/** Whether the citizen has been called and is not yet in a conversation: there is no queue to go back to. */
export const isFirstWords = (call: Connecting): boolean => !isCallerPresent(call)
