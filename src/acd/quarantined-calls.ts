/**
 * Calls whose step threw: their media is left alone, their agents are freed by a deadline or by the end of their own
 * leg, and the call ends with its caller.
 */
import { letGo } from '../core/agent-step.ts'
import type { AgentEvent } from '../core/agent-event.ts'
import type { CallEvent } from '../core/call-event.ts'
import type { LiveCall } from '../core/call.ts'
import type { AgentId } from '../core/ids.ts'
import type { AcdState } from './acd-state.ts'

/** The agent that an event of a quarantined call frees, and how; null for none. */
export function freedBy(
  call: LiveCall,
  event: CallEvent,
  acdState: AcdState,
): { readonly agent: AgentId; readonly event: AgentEvent } | null {
  if (!('offer' in call) || !isOver(event)) return null
  const agent = acdState.agent(call.offer.agent)?.value
  if (agent?.state !== 'offered' && agent?.state !== 'talking') return null
  return agent.offer.id === call.offer.id ? { agent: agent.id, event: letGo(agent) } : null
}

/** Whether the event ends the agent's part in the call. */
const isOver = ({ type }: CallEvent): boolean =>
  type === 'DeadlinePassed' || type === 'AgentHungUp' || type === 'AgentLegLost' || type === 'OfferEnded'
