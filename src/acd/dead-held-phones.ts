/**
 * Phones that die while their own hold key is on. Silence is allowed then, so Asterisk never gives the leg up; the only
 * sign is that the phone is no longer reachable.
 */
import type { Held } from '../core/call.ts'
import type { AgentId, OfferId } from '../core/ids.ts'
import type { Device } from '../core/offer.ts'
import type { AcdState } from './acd-state.ts'
import type { Clock } from './ports.ts'

/** A shorter absence may be a network failure that the leg survives. */
const awayMaxMs = 15_000

export interface DeadHeldPhonesDeps {
  readonly acdState: AcdState
  readonly clock: Clock
}

export class DeadHeldPhones {
  readonly #deps: DeadHeldPhonesDeps
  /** Since when (monotonic) the phone of each such offer has not been reached. */
  readonly #lostAt = new Map<OfferId, number>()

  constructor(deps: DeadHeldPhonesDeps) {
    this.#deps = deps
  }

  /** The phone may be back before the next sweep, without the leg: registered from elsewhere, or restarted. */
  phoneLost(agent: AgentId, device: Device): void {
    for (const { offer } of this.#held())
      if (offer.agent === agent && offer.device === device) this.#lose(offer.id)
  }

  /** Called each second. A phone that is back has lost the old leg, and is rung again. */
  gone(): readonly Held[] {
    const { acdState, clock } = this.#deps
    const held = this.#held()
    const offers = new Set(held.map(({ offer }) => offer.id))
    for (const offer of this.#lostAt.keys()) if (!offers.has(offer)) this.#lostAt.delete(offer)
    return held.filter(({ offer: { id, agent, device } }) => {
      const reachable = acdState.agent(agent)?.value.phones[device] === true
      if (!reachable) this.#lose(id)
      const lostAt = this.#lostAt.get(id)
      return lostAt !== undefined && (reachable || clock.monotonic() - lostAt >= awayMaxMs)
    })
  }

  #lose(offer: OfferId): void {
    if (!this.#lostAt.has(offer)) this.#lostAt.set(offer, this.#deps.clock.monotonic())
  }

  /** Calls that the fallback queue has are left out: they have no leg of ours. */
  #held(): readonly Held[] {
    const { acdState } = this.#deps
    return acdState
      .calls()
      .flatMap(({ value: call }) =>
        call.phase === 'held' && call.byPhone && !acdState.isDetached(call.id) ? [call] : [],
      )
  }
}
