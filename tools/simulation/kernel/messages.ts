/**
 * Messages between the processes and their environment, by kind. A process can be made to die before each message that
 * it sends and at each that it receives, which covers a crash at every await.
 */
export interface CrashAt {
  readonly what: string
  /** Number of the message within its kind, from 1. */
  readonly nth: number
}

export class Messages {
  readonly messageCounts = new Map<string, number>()
  /** Whether the requested crash has happened. */
  crashed = false
  readonly #counts: boolean
  readonly #crashAt: CrashAt | null
  readonly #onCrash: () => void

  /** `counts`: count messages even without a requested crash. */
  constructor(counts: boolean, crashAt: CrashAt | null, onCrash: () => void) {
    this.#counts = counts || crashAt !== null
    this.#crashAt = crashAt
    this.#onCrash = onCrash
  }

  /** Counts a message; true: its process dies at it. */
  observe(what: string): boolean {
    if (!this.#counts) return false
    const count = (this.messageCounts.get(what) ?? 0) + 1
    this.messageCounts.set(what, count)
    if (this.#crashAt?.what !== what || this.#crashAt.nth !== count) return false
    this.crashed = true
    this.#onCrash()
    return true
  }
}
