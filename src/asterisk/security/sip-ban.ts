/**
 * Refused SIP requests: counted, logged each minute, and their address blocked for a while when it guesses passwords
 * too fast.
 */
import type { Logger } from 'pino'
import type { Millis } from '../../core/ids.ts'
import { blockedFile, blockedMs, Blocklist } from './blocklist.ts'
import { textIn, type Fields } from '../ami/fields.ts'
import { addressOf, SecurityCounts, type SecurityCount } from './security-counts.ts'
import type { SecurityLog } from './security-log.ts'

export interface SipBanOptions {
  /** Whether this address may be blocked. */
  readonly mayBlock: (address: string) => boolean
  /** Makes Asterisk load this `blocked.conf`. */
  readonly apply: (text: string) => Promise<void>
  readonly securityLog: SecurityLog | null
  readonly log: Logger
  readonly now: () => Millis
}

/** Failures that guessing causes; other kinds are only counted. */
const guesses = new Set(['InvalidAccountID', 'InvalidPassword', 'ChallengeResponseFailed'])
const minuteMs = 60_000
const lookEveryMs = 1_000

export class SipBan {
  readonly #options: SipBanOptions
  readonly #counts = new SecurityCounts()
  readonly #blocklist: Blocklist
  #timer: ReturnType<typeof setInterval> | undefined
  /** The next minute to log. */
  #minute: Millis
  #applied: Promise<void> = Promise.resolve()
  #due = true

  constructor(options: SipBanOptions) {
    this.#options = options
    this.#blocklist = new Blocklist(options.mayBlock)
    this.#minute = minuteOf(options.now())
  }

  /** Addresses that an earlier process had blocked are admitted again. */
  start(): void {
    this.stop()
    this.#timer = setInterval(() => this.#look(), lookEveryMs)
    this.#due = true
    this.#apply()
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  heard(event: Fields): void {
    const { now, log, securityLog } = this.#options
    if (!this.#counts.add(event, now()) || !guesses.has(textIn(event, 'event'))) return
    const address = addressOf(event)
    if (!this.#blocklist.failed(address, now())) return
    log.warn({ address, blockedMs }, 'an address guesses phone passwords: blocked')
    securityLog?.write([{ what: 'blocked', address }], now())
    this.#due = true
    this.#apply()
  }

  /** Of the last hour, newest last. */
  counts(): readonly SecurityCount[] {
    return this.#counts.all()
  }

  /** Since this process started, by kind. */
  totals(): ReadonlyMap<string, number> {
    return this.#counts.totals
  }

  blocked(): readonly string[] {
    return this.#blocklist.addresses
  }

  #look(): void {
    const { now, securityLog } = this.#options
    const at = now()
    const over = this.#blocklist.expire(at)
    if (over.length > 0) this.#due = true
    securityLog?.write(
      over.map((address) => ({ what: 'unblocked', address })),
      at,
    )
    this.#apply()
    if (minuteOf(at) <= this.#minute) return
    const ended = this.#counts.all().filter(({ minute }) => minute >= this.#minute && minute < minuteOf(at))
    securityLog?.write(
      ended.map((count) => ({ what: 'refused', count })),
      at,
    )
    this.#minute = minuteOf(at)
  }

  /** One at a time; a failure is repeated at the next look. */
  #apply(): void {
    if (!this.#due) return
    this.#due = false
    const { apply, log } = this.#options
    this.#applied = this.#applied
      .then(() => apply(blockedFile(this.#blocklist.addresses)))
      .catch((err: unknown) => {
        this.#due = true
        log.warn({ err }, 'the list of blocked addresses was not loaded by Asterisk')
      })
  }
}

const minuteOf = (at: Millis): Millis => Math.floor(at / minuteMs) * minuteMs
