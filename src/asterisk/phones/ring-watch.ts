/**
 * Whether each of our legs has rung: its phone has sent 180 or 183. A phone that gives no sign is asked whether it is
 * there, so that a caller does not wait for the whole ring timeout of a phone that is switched off.
 */
import type { ChannelId } from '../../core/ids.ts'
import type { LegEnd } from '../../acd/ports.ts'

export interface RingWatchDeps {
  /** Has Asterisk qualify the endpoint's contacts now. */
  readonly ask: (endpoint: string) => void
  /** The phone rings or has answered. */
  readonly rang: (endpoint: string) => void
  readonly didNotRing: (endpoint: string) => void
  readonly after: (waitMs: number, act: () => void) => void
}

interface Leg {
  readonly endpoint: string
  rang: boolean
}

/** Desk phones ring within 0.2 s; a lost INVITE is repeated after 0.5 s and 1.5 s. */
const ringsWithinMs = 2_000

export class RingWatch {
  readonly #deps: RingWatchDeps
  /** Legs that are not answered, and that the ACD has not hung up. */
  readonly #legs = new Map<ChannelId, Leg>()

  constructor(deps: RingWatchDeps) {
    this.#deps = deps
  }

  dialled(channel: ChannelId, endpoint: string): void {
    if (this.#legs.has(channel)) return
    const leg: Leg = { endpoint, rang: false }
    this.#legs.set(channel, leg)
    this.#deps.after(ringsWithinMs, () => {
      if (this.#legs.get(channel) === leg && !leg.rang) this.#deps.ask(endpoint)
    })
  }

  rang(channel: ChannelId): void {
    const leg = this.#legs.get(channel)
    if (leg === undefined || leg.rang) return
    leg.rang = true
    this.#deps.rang(leg.endpoint)
  }

  answered(channel: ChannelId): void {
    this.rang(channel)
    this.#legs.delete(channel)
  }

  /** The ACD hangs up: the end tells nothing about the phone. */
  withdrawn(channel: ChannelId): void {
    this.#legs.delete(channel)
  }

  /** Asterisk could not dial. */
  refused(channel: ChannelId): void {
    const leg = this.#legs.get(channel)
    if (!this.#legs.delete(channel) || leg === undefined) return
    this.#deps.didNotRing(leg.endpoint)
  }

  /** The end of a leg, told apart by whether its phone rang. */
  ended(channel: ChannelId, end: LegEnd): LegEnd {
    const leg = this.#legs.get(channel)
    this.#legs.delete(channel)
    if (leg === undefined || (end !== 'no answer' && end !== 'unreachable' && end !== 'failed')) return end
    if (leg.rang) return 'no answer'
    this.#deps.didNotRing(leg.endpoint)
    return 'unreachable'
  }

  /** Legs that ring at this endpoint without a sign of it. */
  unrung(endpoint: string): readonly ChannelId[] {
    return [...this.#legs].flatMap(([channel, leg]) =>
      leg.endpoint === endpoint && !leg.rang ? [channel] : [],
    )
  }
}
