/** Until when the dialplan finds a fresh beat, and whom it has sent to the fallback queue for want of one. */
import type { Logger } from 'pino'

export interface HeartbeatDeps {
  /** Returns the fallback queue's waiting callers. */
  readonly retakeWaiting: () => Promise<unknown>
  /** Returns one of them. */
  readonly retake: (channel: string) => Promise<unknown>
  /** Milliseconds by a clock that nobody sets. */
  readonly monotonic: () => number
  readonly log: Logger
}

/** The dialplan's own measure. */
const freshMs = 3_000

export class Heartbeat {
  readonly #deps: HeartbeatDeps
  /** The latest that Asterisk has taken, by when it was sent: so old is what the dialplan reads. */
  #sentAt = Number.NEGATIVE_INFINITY
  /** Somebody may be in the queue who has met no fresh beat; each beat tries until he is fetched. */
  #owed = true
  #fetching: Promise<void> | null = null

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps
  }

  /** Asterisk has taken the one that was sent then, perhaps late. Never rejects. */
  async taken(sentAt: number): Promise<void> {
    if (!this.#isFresh()) this.#owed = true
    this.#sentAt = Math.max(this.#sentAt, sentAt)
    if (!this.#owed) return
    // One after the other: who is fetched twice is taken out of the application again.
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null
    })
    await this.#fetching
  }

  async #fetch(): Promise<void> {
    const { retakeWaiting, log } = this.#deps
    this.#owed = false
    try {
      await retakeWaiting()
    } catch (err) {
      this.#owed = true
      log.warn({ err }, 'callers stay in the fallback queue until the next beat')
    }
  }

  /** Somebody has come into the queue who was on his way when we came back. Never rejects. */
  async joined(channel: string): Promise<void> {
    const { retake, log } = this.#deps
    if (!this.#isFresh()) return
    // He may be among those who are being fetched, or not.
    if (this.#fetching !== null) {
      this.#owed = true
      return
    }
    try {
      await retake(channel)
    } catch (err) {
      this.#owed = true
      log.warn({ err }, 'a caller stays in the fallback queue until the next beat')
    }
  }

  #isFresh(): boolean {
    return this.#deps.monotonic() - this.#sentAt < freshMs
  }
}
