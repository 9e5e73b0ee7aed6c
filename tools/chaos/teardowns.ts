/** Tap's `teardown` for a program that is not a test: runs in reverse order, also after failures. */
export class Teardowns {
  readonly #teardowns: (() => unknown)[] = []

  teardown(end: () => unknown): void {
    this.#teardowns.push(end)
  }

  fail(...message: readonly unknown[]): boolean {
    throw new Error(message.map(String).join(' '))
  }

  /** Runs all. @throws the first failure, after all have run. */
  async end(): Promise<void> {
    const failures: unknown[] = []
    for (const end of this.#teardowns.splice(0).reverse()) {
      try {
        await end()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
}
