/** `ProgramRates` of this node alone. */
import type { Millis } from '../../core/ids.ts'
import type { ProgramRates } from '../ports.ts'

const windowMs = 60_000
const tokensMax = 1_000

export class OwnRates implements ProgramRates {
  readonly #now: () => Millis
  readonly #windows = new Map<number, { count: number; readonly endsAt: Millis }>()
  /** Since the start of the node. */
  readonly #refused = new Map<number, number>()

  constructor(now: () => Millis) {
    this.#now = now
  }

  async count(token: number, perMinute: number): Promise<{ count: number; endsInMs: number }> {
    const now = this.#now()
    const present = this.#windows.get(token)
    const window =
      present !== undefined && present.endsAt > now ? present : { count: 0, endsAt: now + windowMs }
    window.count += 1
    if (this.#windows.size >= tokensMax) this.#windows.clear()
    this.#windows.set(token, window)
    if (window.count > perMinute) this.#refused.set(token, (this.#refused.get(token) ?? 0) + 1)
    return { count: window.count, endsInMs: window.endsAt - now }
  }

  async refused(): Promise<ReadonlyMap<number, number>> {
    return this.#refused
  }
}
