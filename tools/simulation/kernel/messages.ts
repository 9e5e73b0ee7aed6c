/**
 * What passes between the processes and their world, by kind: before each message that a process sends, and at each
 * that it hears, it can die. That is a crash at every await.
 */
export interface CrashAt {
  readonly what: string
  /** The how manieth of its kind, from 1. */
  readonly nth: number
}

export class Messages {
  readonly messageCounts = new Map<string, number>()
  /** Whether the crash that was asked for has come. */
  crashed = false
  readonly #counts: boolean
  readonly #crashAt: CrashAt | null
  readonly #onCrash: () => void

  /** `counts`: what observe is counted also where nobody is to die. */
  constructor(counts: boolean, crashAt: CrashAt | null, onCrash: () => void) {
    this.#counts = counts || crashAt !== null
    this.#crashAt = crashAt
    this.#onCrash = onCrash
  }

  /** True: whose message it is dies at it. */
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
