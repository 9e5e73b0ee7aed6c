/** Callers who are in Asterisk but not with us: the fallback serves them, and nobody tells when they leave. */
import { callerLegOf, type CallId } from '../core/ids.ts'
import type { Mirror } from './mirror.ts'
import type { Clock, Pbx } from './ports.ts'

const everyMs = 10_000

export class Elsewhere {
  readonly #pbx: Pbx
  readonly #mirror: Mirror
  readonly #clock: Clock
  #soughtAt = 0

  constructor(pbx: Pbx, mirror: Mirror, clock: Clock) {
    this.#pbx = pbx
    this.#mirror = mirror
    this.#clock = clock
  }

  /** Tells who has left since; looks at most every ten seconds. */
  async seek(left: (call: CallId) => void): Promise<void> {
    const shelved = this.#mirror.shelved()
    if (shelved.length === 0 || this.#clock.monotonic() - this.#soughtAt < everyMs) return
    this.#soughtAt = this.#clock.monotonic()
    const present = new Set((await this.#pbx.inventory()).channels)
    for (const id of shelved) if (!present.has(callerLegOf(id))) left(id)
  }
}
