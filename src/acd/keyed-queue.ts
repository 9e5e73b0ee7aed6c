/** Work in order per key: what concerns one call is never overtaken by what came later for it. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<void>>()
  readonly #failed: (error: unknown) => void

  /** `failed` is told of a task that threw; the tasks behind it still run. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  post(key: string, task: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(key) ?? Promise.resolve()
    const mine = this.#run(before, task).finally(() => {
      if (this.#tails.get(key) === mine) this.#tails.delete(key)
    })
    this.#tails.set(key, mine)
    return mine
  }

  async #run(before: Promise<void>, task: () => Promise<void>): Promise<void> {
    await before
    try {
      await task()
    } catch (error) {
      this.#failed(error)
    }
  }

  /** Whether something of this key is being done, or waits for its turn. */
  isBusy(key: string): boolean {
    return this.#tails.has(key)
  }

  /** Resolves when all that was posted so far is done. */
  async drained(): Promise<void> {
    await Promise.all(this.#tails.values())
  }
}
