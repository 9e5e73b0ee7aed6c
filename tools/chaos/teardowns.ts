/** What a test would tear down, for a program that is no test: in the opposite order, whatever happens. */
export class Teardowns {
  readonly #teardowns: (() => unknown)[] = []

  teardown(end: () => unknown): void {
    this.#teardowns.push(end)
  }

  fail(...told: readonly unknown[]): boolean {
    throw new Error(told.map(String).join(' '))
  }

  /** @throws what the first one threw, when all are done. */
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
