/** Tracks how long the dialplan sees a fresh heartbeat, and fetches callers who met a stale one from the fallback queue. */
import type { Logger } from 'pino'

export interface HeartbeatDeps {
  /** Fetches all waiting callers of the fallback queue. */
  readonly retakeWaiting: () => Promise<unknown>
  /** Fetches one of them. */
  readonly retake: (channel: string) => Promise<unknown>
  /** Monotonic clock in milliseconds. */
  readonly monotonic: () => number
  readonly log: Logger
}

/** As in `dialplan/inbound.conf`. */
const freshMs = 3_000

export class Heartbeat {
  readonly #deps: HeartbeatDeps
  /** Sending time of the latest accepted heartbeat: the age that the dialplan sees. */
  #sentAt = Number.NEGATIVE_INFINITY
  /** Callers who met a stale heartbeat may be in the queue; each heartbeat tries until they are fetched. */
  #owed = true
  #fetching: Promise<void> | null = null

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps
  }

  /** Asterisk has accepted the heartbeat sent at that time, perhaps late. Never rejects. */
  async taken(sentAt: number): Promise<void> {
    if (!this.#isFresh()) this.#owed = true
    this.#sentAt = Math.max(this.#sentAt, sentAt)
    if (!this.#owed) return
    // One fetch at a time: a caller fetched twice would be taken out of the application again.
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
      log.warn({ err }, 'callers stay in the fallback queue until the next heartbeat')
    }
  }

  /** A caller entered the queue. While the heartbeat is fresh it was a race: the caller is fetched. Never rejects. */
  async joined(channel: string): Promise<void> {
    const { retake, log } = this.#deps
    if (!this.#isFresh()) return
    // The fetch under way may or may not include this caller.
    if (this.#fetching !== null) {
      this.#owed = true
      return
    }
    try {
      await retake(channel)
    } catch (err) {
      this.#owed = true
      log.warn({ err }, 'a caller stays in the fallback queue until the next heartbeat')
    }
  }

  #isFresh(): boolean {
    return this.#deps.monotonic() - this.#sentAt < freshMs
  }
}
