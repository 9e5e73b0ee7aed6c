/** Until when the dialplan has found a fresh beat, and whom it has sent to the fallback queue without one. */
import type { Logger } from 'pino'
import type { AmiConnection } from './ami.ts'
import { retake, retakeWaiting } from './fallback.ts'

/** The dialplan's own measure of a fresh beat. */
const freshMs = 3_000

export class Beat {
  readonly #ami: AmiConnection
  readonly #log: Logger
  /** By the clock that nobody sets. */
  #takenAt = Number.NEGATIVE_INFINITY

  constructor(ami: AmiConnection, log: Logger) {
    this.#ami = ami
    this.#log = log
  }

  /** Asterisk has taken one, perhaps late: whoever came into the queue before it comes back. */
  async taken(): Promise<void> {
    const wasFresh = this.#isFresh()
    this.#takenAt = performance.now()
    if (wasFresh) return
    try {
      await retakeWaiting(this.#ami)
    } catch (error) {
      // The next beat tries again.
      this.#takenAt = Number.NEGATIVE_INFINITY
      throw error
    }
  }

  /** Somebody has come into the queue who was on his way when we came back. */
  async joined(channel: string): Promise<void> {
    if (!this.#isFresh()) return
    try {
      await retake(this.#ami, channel)
    } catch (err) {
      this.#log.warn({ err }, 'a caller stays in the fallback queue')
    }
  }

  #isFresh(): boolean {
    return performance.now() - this.#takenAt < freshMs
  }
}
