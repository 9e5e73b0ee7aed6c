/**
 * Limits how much work runs at once for each key. Further work waits in FIFO order; beyond the limit of waiting work
 * it is rejected.
 */
export class KeyedLimiter {
  readonly #atOnceMax: number
  readonly #waitingMax: number
  readonly #queues = new Map<string, { running: number; readonly waiting: (() => void)[] }>()

  constructor({ atOnceMax, waitingMax }: { readonly atOnceMax: number; readonly waitingMax: number }) {
    this.#atOnceMax = atOnceMax
    this.#waitingMax = waitingMax
  }

  /** Runs the work when its turn comes. Null: rejected, because too much work waits already. */
  async inTurn<Value>(key: string, work: () => Promise<Value>): Promise<Value | null> {
    const queue = this.#queues.get(key) ?? { running: 0, waiting: [] }
    if (queue.running >= this.#atOnceMax) {
      if (queue.waiting.length >= this.#waitingMax) return null
      await new Promise<void>((resolve) => queue.waiting.push(resolve))
    } else {
      queue.running += 1
      this.#queues.set(key, queue)
    }
    try {
      return await work()
    } finally {
      const next = queue.waiting.shift()
      // The turn passes straight to the next in line, so work that arrives now cannot take it.
      if (next !== undefined) next()
      else if (--queue.running === 0) this.#queues.delete(key)
    }
  }
}
