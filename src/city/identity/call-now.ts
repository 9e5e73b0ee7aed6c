/**
 * The call that an agent is in now. The city half asks the ACD through this port before it reveals anything about a
 * person (decision 0012). "In a call" means in conversation: talking, the caller on hold, or the agent's leg being
 * rung again. Ringing, wrap-up and a call taken over by another agent do not count.
 */
import type { AgentId, CallId } from '../../core/ids.ts'

/** Null: in none. Rejects while the ACD cannot be asked; the city half then treats every agent as in no call. */
export type ActiveCall = (agent: AgentId) => Promise<CallId | null>

/**
 * The call about which a colleague asks the agent now, and that colleague, who serves its caller. The phone that only
 * rings does not count. Null and rejections as in `ActiveCall`.
 */
export type AskedAbout = (agent: AgentId) => Promise<{ readonly call: CallId; readonly by: AgentId } | null>
