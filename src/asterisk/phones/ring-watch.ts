/**
 * Whether each of our legs has rung: its phone has sent 180 or 183. A phone that gives no sign is asked whether it is
 * there, so that a caller does not wait for the whole ring timeout of a phone that is switched off. One that is there
 * and still does not ring (a filtered INVITE, a frozen phone) is given up soon as well.
 */
import type { ChannelId } from '../../core/ids.ts'
import type { LegEnd } from '../../acd/ports.ts'

export interface RingWatchDeps {
  /** Has Asterisk qualify the endpoint's contacts now; whether it has taken the request. */
  readonly ask: (endpoint: string) => Promise<boolean>
  /** The phone rings or has answered. */
  readonly rang: (endpoint: string) => void
  readonly didNotRing: (endpoint: string) => void
  /** The leg's phone answers, and has not rung in time. */
  readonly silent: (channel: ChannelId) => void
  readonly after: (waitMs: number, act: () => void) => void
}

interface Leg {
  readonly endpoint: string
  rang: boolean
  isDialled: boolean
  /** Its events may have been missed: it may ring, or be answered, without a sign of it here. */
  isBlind: boolean
}

/** Desk phones ring within 0.2 s; a lost INVITE is repeated after 0.5 s. */
const askAfterMs = 1_000
/**
 * A qualify without an answer makes a contact unreachable after 3 s (`phones-file.ts`): a phone that is not, and does
 * not ring by then, is there and does not ring. That is 4.5 s after the INVITE, with two repetitions at 0.5 s and 1.5 s
 * (a third one at 3.5 s); the ring timeout is three times as long.
 */
const answersWithinMs = 3_000
/** Frames that wait in the socket are read before the leg is given up: this process may have been stopped. */
const readWithinMs = 500

export class RingWatch {
  readonly #deps: RingWatchDeps
  /** Legs that are not answered, and that the ACD has not hung up. */
  readonly #legs = new Map<ChannelId, Leg>()

  constructor(deps: RingWatchDeps) {
    this.#deps = deps
  }

  dialled(channel: ChannelId, endpoint: string): void {
    if (this.#legs.has(channel)) return
    this.#legs.set(channel, { endpoint, rang: false, isDialled: false, isBlind: false })
  }

  /** Asterisk has sent the INVITE. */
  dialling(channel: ChannelId): void {
    const leg = this.#legs.get(channel)
    if (leg === undefined || leg.isDialled) return
    leg.isDialled = true
    const ifUnrung = (waitMs: number, act: () => void): void =>
      this.#deps.after(waitMs, () => {
        if (this.#legs.get(channel) === leg && !leg.rang) act()
      })
    const giveUp = (): void =>
      ifUnrung(answersWithinMs, () =>
        ifUnrung(readWithinMs, () => (leg.isBlind ? undefined : this.#deps.silent(channel))),
      )
    ifUnrung(askAfterMs, () => {
      // An Asterisk that takes no request may have a ringing phone to report.
      void this.#deps.ask(leg.endpoint).then((isTaken) => (isTaken ? giveUp() : undefined))
    })
  }

  /** Events are missed from now on: nothing follows any more from the silence of the present legs. */
  disconnected(): void {
    for (const leg of this.#legs.values()) leg.isBlind = true
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
    if (!leg.isBlind) this.#deps.didNotRing(leg.endpoint)
    return 'unreachable'
  }

  /** Legs that ring at this endpoint without a sign of it. */
  unrung(endpoint: string): readonly ChannelId[] {
    return [...this.#legs].flatMap(([channel, leg]) =>
      leg.endpoint === endpoint && !leg.rang && !leg.isBlind ? [channel] : [],
    )
  }
}
