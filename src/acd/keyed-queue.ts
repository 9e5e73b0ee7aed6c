/** Runs tasks in order per key: a later task of one call never overtakes an earlier one. */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<void>>()
  readonly #failed: (error: unknown) => void

  /** `failed` is called with the error of a task that threw; the tasks behind it still run. */
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

  /** Whether a task of this key runs or is queued. */
  isBusy(key: string): boolean {
    return this.#tails.has(key)
  }

  /** Resolves when all tasks posted so far are done. */
  async drained(): Promise<void> {
    await Promise.all(this.#tails.values())
  }
}
