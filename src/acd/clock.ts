/** Time, as the voice half asks for it. */
import type { Millis } from '../core/ids.ts'

export interface Clock {
  /** Epoch ms; of all states and events. Where it is the line's, it does not go back nor jump. */
  now(): Millis
  /** The machine's own, which may be set: only for what is compared with others' clocks, or with the day. */
  wall(): Millis
  /** What is saved was true at this time: it is at least so late. */
  goOnFrom(saved: Millis): void
  /** Monotonic milliseconds; for leases and measuring. */
  monotonic(): number
  /** Wakes once after so long, by the monotonic clock; the answer calls it off. */
  after(waitMs: number, wake: () => void): () => void
}
