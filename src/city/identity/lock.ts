/**
 * The telephone channel of a taxpayer is locked after three failed calls in 24 hours (docs/rules/identity.md, rule 4). A supervisor
 * unlocks it with a reason; earlier failures then no longer count.
 */
import type { CallId, Millis } from '../../core/ids.ts'

export const failedCallsMax = 3
export const lockWindowMs = 24 * 3_600_000

/** One judged answer about the person. */
export interface Judged {
  readonly call: CallId
  readonly passed: boolean
  readonly at: Millis
}

/**
 * A call has failed when it has a wrong verdict and no right one, so hanging up before the second attempt counts as
 * failed too. `since`: the last unlocking, or null.
 */
export function mustLock(judged: readonly Judged[], since: Millis | null, now: Millis): boolean {
  const from = Math.max(now - lockWindowMs, since ?? -Infinity)
  const counted = judged.filter(({ at }) => at > from)
  const right = new Set(counted.filter(({ passed }) => passed).map(({ call }) => call))
  const failed = new Set(counted.map(({ call }) => call).filter((call) => !right.has(call)))
  return failed.size >= failedCallsMax
}
