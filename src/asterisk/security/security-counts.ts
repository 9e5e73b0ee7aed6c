/** Counts Asterisk's security events per address and minute: a scan must not become one row for each request. */
import { textIn, type Fields } from '../ami/fields.ts'

export interface SecurityCount {
  /** `203.0.113.7` */
  readonly address: string
  /** Start of the minute, epoch ms. */
  readonly minute: number
  /** Asterisk's name of the event (`InvalidPassword`, `InvalidAccountID` …). */
  readonly kind: string
  readonly count: number
}

const kinds = new Set([
  'InvalidAccountID',
  'InvalidPassword',
  'ChallengeResponseFailed',
  'FailedACL',
  'RequestBadFormat',
  'RequestNotAllowed',
  'RequestNotSupported',
  'SessionLimit',
  'UnexpectedAddress',
])
const minuteMs = 60_000
const minutesKept = 60
const entriesMax = 10_000

export class SecurityCounts {
  readonly #counts = new Map<string, { address: string; minute: number; kind: string; count: number }>()
  /** By kind, since the start. */
  readonly totals = new Map([...kinds].map((kind) => [kind, 0]))

  /** True when the event is of a counted kind. */
  add(event: Fields, now: number): boolean {
    const kind = textIn(event, 'event')
    if (!kinds.has(kind)) return false
    this.totals.set(kind, (this.totals.get(kind) ?? 0) + 1)
    const minute = Math.floor(now / minuteMs) * minuteMs
    const address = addressOf(event)
    const key = `${minute} ${address} ${kind}`
    const entry = this.#counts.get(key)
    if (entry !== undefined) {
      entry.count += 1
      return true
    }
    this.#forget(minute)
    // Full: further addresses share one entry, so that a flood does not use up memory.
    const room = this.#counts.size < entriesMax
    const kept = room ? { key, address } : { key: `${minute} many ${kind}`, address: 'many' }
    const shared = this.#counts.get(kept.key)
    if (shared === undefined) this.#counts.set(kept.key, { address: kept.address, minute, kind, count: 1 })
    else shared.count += 1
    return true
  }

  /** The last hour's, newest last. */
  all(): readonly SecurityCount[] {
    return [...this.#counts.values()].map((entry) => ({ ...entry }))
  }

  #forget(minute: number): void {
    for (const [key, entry] of this.#counts) {
      if (entry.minute > minute - minutesKept * minuteMs) break
      this.#counts.delete(key)
    }
  }
}

/** `IPV4/UDP/203.0.113.7/5060` → `203.0.113.7` */
export const addressOf = (event: Fields): string => textIn(event, 'remoteaddress').split('/')[2] ?? 'unknown'
