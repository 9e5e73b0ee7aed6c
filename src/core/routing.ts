import type { AgentId, CallId } from './ids.ts'

/** Why this call went to this agent; kept with the call. */
export interface Why {
  readonly call: CallId
  readonly agent: AgentId
  readonly skill: string
  readonly level: number
  /** How long the caller had waited and the agent had been idle. */
  readonly waitedMs: number
  readonly idleMs: number
  /** How many callers waited and how many agents were free and able. */
  readonly waiting: number
  readonly candidates: number
}
