/** How an agent's day was spent, from the changes of their state. */
import type { AgentState, PauseReason } from '../agent.ts'
import type { Millis } from '../ids.ts'

/** The state from a moment on. */
export interface StateChange {
  readonly at: Millis
  readonly state: AgentState
  /** Of a pause; otherwise null. */
  readonly reason: PauseReason | null
}

export interface StateTime {
  readonly state: AgentState
  readonly reason: PauseReason | null
  readonly ms: number
}

/**
 * The time in each state between two moments, longest first; a pause by its reason. The first change may be before
 * `from`: it is the state at that moment. Time signed out is left out.
 */
export function stateTimes(changes: readonly StateChange[], from: Millis, to: Millis): StateTime[] {
  const times = new Map<string, StateTime>()
  for (const [index, { at, state, reason }] of changes.entries()) {
    const until = changes[index + 1]?.at ?? to
    const ms = Math.max(0, Math.min(until, to) - Math.max(at, from))
    if (ms === 0 || state === 'signed out') continue
    const key = `${state} ${reason ?? ''}`
    times.set(key, { state, reason, ms: ms + (times.get(key)?.ms ?? 0) })
  }
  return [...times.values()].sort((a, b) => b.ms - a.ms)
}
