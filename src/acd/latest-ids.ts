/** The latest ids of what is over, so that a channel that is slow to go, or is reported again, is not taken for something new. */
const keptMax = 1_000

export class LatestIds<Id extends string> {
  readonly #ids = new Set<Id>()

  add(id: Id): void {
    this.#ids.add(id)
    const [oldest] = this.#ids
    if (this.#ids.size > keptMax && oldest !== undefined) this.#ids.delete(oldest)
  }

  has(id: Id): boolean {
    return this.#ids.has(id)
  }
}
