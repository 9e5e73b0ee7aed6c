import { unreachedOutcomes } from '../../../core/call.ts'
import type { LiveState } from '../../live/live-state.ts'

const told = [...unreachedOutcomes, 'rejected', 'failed'] as const

/** Why a citizen was not reached, as the desk says it. */
export type UnreachedWhy = Exclude<(typeof told)[number], 'cancelled'> | 'hung up' | 'called' | 'own phone'

/** Of the call that has just ended; null: none to a citizen who was not reached, or the agent knows, having given it up. */
export function whyUnreached(ended: LiveState['ended']): UnreachedWhy | null {
  if (ended?.call.direction !== 'outbound') return null
  const outcome = told.find((one) => one === ended.outcome)
  if (outcome === undefined) return null
  // The citizen's phone has not been rung.
  if (ended.call.phase === 'summoning' && ended.endedBy !== 'supervisor') return 'own phone'
  if (outcome === 'cancelled') return ended.endedBy === 'caller' ? 'called' : null
  if (outcome === 'no answer' && ended.endedBy === 'caller') return 'hung up'
  return outcome
}
