/**
 * Calls whose step threw: their media is left alone, their agents are freed by a deadline or by the end of their own
 * leg, and the call ends with its caller.
 */
import { letGo } from '../core/agent-step.ts'
import type { AgentEvent } from '../core/agent-event.ts'
import type { CallEvent } from '../core/call-event.ts'
import type { LiveCall } from '../core/call.ts'
import { engagedIn, withLegs } from '../core/leg.ts'
import type { AgentId } from '../core/ids.ts'
import type { AcdState } from './acd-state.ts'

/** The agent that an event of a quarantined call frees, and how; null for none. */
export function freedBy(
  call: LiveCall,
  event: CallEvent,
  acdState: AcdState,
): { readonly agent: AgentId; readonly event: AgentEvent } | null {
  if (!isOver(event)) return null
  const named = 'offer' in event ? event.offer : null
  for (const { offer } of engagedIn(withLegs(call))) {
    const agent = acdState.agent(offer.agent)?.value
    if (agent?.state !== 'offered' && agent?.state !== 'talking') continue
    if (agent.offer.id === offer.id && (named === null || named === offer.id))
      return { agent: agent.id, event: letGo(agent) }
  }
  return null
}

/** Whether the event ends the agent's part in the call. */
const isOver = ({ type }: CallEvent): boolean =>
  type === 'DeadlinePassed' || type === 'AgentHungUp' || type === 'AgentLegLost' || type === 'OfferEnded'
