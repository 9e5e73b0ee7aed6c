/** What a test would tear down, for a program that is no test: in the opposite order, whatever happens. */
export class Ends {
  readonly #ends: (() => unknown)[] = []

  teardown(end: () => unknown): void {
    this.#ends.push(end)
  }

  fail(...told: readonly unknown[]): boolean {
    throw new Error(told.map(String).join(' '))
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }
}
