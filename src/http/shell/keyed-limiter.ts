/** At most so many at once for each key. Who comes then waits for a turn; who would wait too long gets none. */
export class KeyedLimiter {
  readonly #atOnceMax: number
  readonly #waitingMax: number
  readonly #queues = new Map<string, { running: number; readonly waiting: (() => void)[] }>()

  constructor({ atOnceMax, waitingMax }: { readonly atOnceMax: number; readonly waitingMax: number }) {
    this.#atOnceMax = atOnceMax
    this.#waitingMax = waitingMax
  }

  /** Does the work when its turn has come; null: there were too many already. */
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
      // The turn is handed on, so nobody who comes now can take it.
      if (next !== undefined) next()
      else if (--queue.running === 0) this.#queues.delete(key)
    }
  }
}
