/**
 * The addresses that guess phone passwords too fast, and until when they are blocked. Asterisk assigns a blocked
 * address to an endpoint without a known password: the guesser gets the same challenge as before and cannot notice,
 * a right password does not help, and nothing more is logged.
 */
import { isIP } from 'node:net'
import type { Millis } from '../../core/ids.ts'

/** A phone with a mistyped password tries about twice a minute; a scanner some thousand times. */
export const failuresMax = 20
const minuteMs = 60_000
/** Not extended by further failures: an office whose phones keep trying must be admitted again by itself. */
export const blockedMs = 10 * minuteMs
/** Each costs Asterisk a comparison per request. */
const addressesMax = 500

export class Blocklist {
  readonly #mayBlock: (address: string) => boolean
  readonly #failures = new Map<string, { minute: number; count: number }>()
  /** End of each block, oldest first. */
  readonly #blocked = new Map<string, Millis>()

  /** `mayBlock` is false for an address with phones of ours, or the provider's. */
  constructor(mayBlock: (address: string) => boolean) {
    this.#mayBlock = mayBlock
  }

  get addresses(): readonly string[] {
    return [...this.#blocked.keys()]
  }

  /** Counts a failure; true when the address is blocked from now on. */
  failed(address: string, now: Millis): boolean {
    if (isIP(address) === 0 || this.#blocked.has(address)) return false
    const minute = Math.floor(now / minuteMs)
    const known = this.#failures.get(address)
    const count = known?.minute === minute ? known.count + 1 : 1
    // Moved to the end: the address that has been silent for longest is forgotten first.
    this.#failures.delete(address)
    this.#failures.set(address, { minute, count })
    this.#forget(minute)
    if (count <= failuresMax || this.#blocked.size >= addressesMax || !this.#mayBlock(address)) return false
    this.#blocked.set(address, now + blockedMs)
    this.#failures.delete(address)
    return true
  }

  /** Removes blocks that have ended and returns their addresses. */
  expire(now: Millis): readonly string[] {
    const over = [...this.#blocked].filter(([, until]) => until <= now).map(([address]) => address)
    for (const address of over) this.#blocked.delete(address)
    return over
  }

  #forget(minute: number): void {
    for (const [address, known] of this.#failures) {
      if (known.minute === minute && this.#failures.size <= addressesMax * 10) break
      this.#failures.delete(address)
    }
  }
}

export const nobodyBlocked = '; Written by the application: addresses that guessed at phones too fast.\n'

/** `blocked.conf`; its endpoint is in `pjsip.conf`. */
export function blockedFile(addresses: readonly string[]): string {
  if (addresses.length === 0) return nobodyBlocked
  const matches = addresses.map((address) => `match = ${address}\n`).join('')
  return `${nobodyBlocked}[blocked-identify]\ntype = identify\nendpoint = blocked\n${matches}`
}
