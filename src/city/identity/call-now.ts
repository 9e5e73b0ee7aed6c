/**
 * "Which call is this agent in now?" The city half asks before it says anything about a person; the line answers
 * (decision 0012). In a call means in conversation: talking, the caller on hold, or the agent's leg being rung anew.
 * Ringing, wrap-up and a call that somebody else has taken over are not.
 */
import type { AgentId, CallId } from '../../core/ids.ts'

/** Null: in none. Rejects while the line cannot be asked: then nobody is in a call as far as the city knows. */
export type ActiveCall = (agent: AgentId) => Promise<CallId | null>
