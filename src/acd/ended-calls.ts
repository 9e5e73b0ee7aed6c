/** The latest ended calls, so that a channel that is slow to go is not taken for a new call. */
import type { CallId } from '../core/ids.ts'

const keptMax = 1_000

export class EndedCalls {
  readonly #ids = new Set<CallId>()

  add(id: CallId): void {
    this.#ids.add(id)
    const [oldest] = this.#ids
    if (this.#ids.size > keptMax && oldest !== undefined) this.#ids.delete(oldest)
  }

  has(id: CallId): boolean {
    return this.#ids.has(id)
  }
}
