/**
 * Wakes the owner when a state's deadline passes. The deadline itself is a field of the state; a
 * timer only makes it punctual, and the sweep finds what a lost timer missed.
 */
import type { Millis } from '../core/ids.ts'
import type { Clock } from './ports.ts'

/** Node's timers cannot wait longer than this. */
const longestMs = 2_000_000_000

export class Timers {
  /** Cancels each timer. */
  readonly #timers = new Map<string, () => void>()
  readonly #clock: Clock
  #stopped = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set(key: string, at: Millis | null, wake: () => void): void {
    this.#timers.get(key)?.()
    if (at === null || this.#stopped) {
      this.#timers.delete(key)
      return
    }
    const waitMs = Math.min(Math.max(0, at - this.#clock.now()) + 1, longestMs)
    this.#timers.set(
      key,
      this.#clock.after(waitMs, () => {
        this.#timers.delete(key)
        wake()
      }),
    )
  }

  /** Cancels all timers; none can be set afterwards. */
  stop(): void {
    this.#stopped = true
    for (const callOff of this.#timers.values()) callOff()
    this.#timers.clear()
  }
}
