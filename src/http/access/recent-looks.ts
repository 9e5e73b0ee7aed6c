/**
 * Looks that are on record already. A page that is refreshed every few seconds, and a record that is opened again
 * within some minutes of the same session, are one look.
 */
import type { Millis } from '../../core/ids.ts'

const sameLookMs = 10 * 60_000
/** The oldest is dropped first; its next look is recorded again. */
const looksMax = 20_000

export class RecentLooks {
  readonly #now: () => Millis
  readonly #at = new Map<string, Millis>()

  constructor(now: () => Millis) {
    this.#now = now
  }

  isKnown(token: string, what: string): boolean {
    const at = this.#at.get(keyOf(token, what))
    return at !== undefined && Math.abs(this.#now() - at) < sameLookMs
  }

  add(token: string, what: string): void {
    const key = keyOf(token, what)
    this.#at.delete(key)
    this.#at.set(key, this.#now())
    if (this.#at.size <= looksMax) return
    const [oldest] = this.#at.keys()
    if (oldest !== undefined) this.#at.delete(oldest)
  }
}

const keyOf = (token: string, what: string): string => `${token} ${what}`
