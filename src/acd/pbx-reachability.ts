/**
 * An owner that cannot reach the PBX gives the lease up when a standby node can. Where no standby reaches the PBX either
 * (Asterisk is restarting), it stays the owner.
 */
import type { Clock, Lease, Pbx } from './ports.ts'

/** How long the PBX may show no sign of being ours. */
const outOfReachMs = 700
const lookEveryMs = 200

export interface PbxReachabilityDeps {
  readonly pbx: Pick<Pbx, 'isOurs'>
  readonly lease: Pick<Lease, 'standbyAble'>
  readonly clock: Clock
  readonly giveUp: () => void
}

export class PbxReachability {
  readonly #deps: PbxReachabilityDeps
  #oursAt = 0
  #lookedAt = 0
  #callOff: () => void = () => undefined

  constructor(deps: PbxReachabilityDeps) {
    this.#deps = deps
  }

  /** The first connection has as long as a lost one. */
  watch(): void {
    this.#oursAt = this.#deps.clock.monotonic()
    this.#lookSoon()
  }

  stop(): void {
    this.#callOff()
  }

  #lookSoon(): void {
    this.#callOff = this.#deps.clock.after(lookEveryMs, () => this.#look())
  }

  #look(): void {
    const { pbx, lease, clock, giveUp } = this.#deps
    this.#lookSoon()
    const now = clock.monotonic()
    // A process that was suspended has no news of the PBX or of a standby.
    const slept = now - this.#lookedAt > 2 * lookEveryMs
    this.#lookedAt = now
    if (pbx.isOurs() || slept) this.#oursAt = now
    else if (now - this.#oursAt > outOfReachMs && lease.standbyAble()) giveUp()
  }
}
