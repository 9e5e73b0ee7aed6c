/** Time, as the ACD asks for it. */
import type { Millis } from '../core/ids.ts'

export interface Clock {
  /** Epoch ms of all states and events. On the owner it neither goes back nor jumps. */
  now(): Millis
  /** The machine's wall clock, which may be set: only for comparison with other machines' clocks or with the date. */
  wall(): Millis
  /**
   * A saved state has this time, so it is at least as late now. One that is days ahead counts only if it is a call's:
   * the clock was wrong when it was saved, and the call goes on by that time.
   */
  advanceTo(saved: Millis, isOfCall?: boolean): void
  /** Monotonic milliseconds; for leases and measuring. */
  monotonic(): number
  /** Calls `wake` once after so long, by the monotonic clock; the answer cancels it. */
  after(waitMs: number, wake: () => void): () => void
}
