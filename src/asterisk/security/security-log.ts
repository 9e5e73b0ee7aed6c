/**
 * `security.log`: refused and blocked addresses, one line each, for people and for fail2ban. A scan makes one line per
 * address, kind and minute, however fast it is. It contains no text from outside: addresses are validated, and all
 * other words are fixed.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import type { Logger } from 'pino'
import type { Millis } from '../../core/ids.ts'
import type { SecurityCount } from './security-counts.ts'

const bytesMax = 5 * 1024 * 1024
const linesAtOnceMax = 1_000

export type SecurityNews =
  | { readonly what: 'refused'; readonly count: SecurityCount }
  | { readonly what: 'blocked' | 'unblocked'; readonly address: string }

export class SecurityLog {
  readonly #path: string
  readonly #log: Logger

  constructor(path: string, log: Logger) {
    this.#path = path
    this.#log = log
  }

  write(news: readonly SecurityNews[], now: Millis): void {
    if (news.length === 0) return
    const lines = news
      .slice(0, linesAtOnceMax)
      .map((one) => `${new Date(now).toISOString()} ${lineOf(one)}\n`)
    try {
      if ((statSync(this.#path, { throwIfNoEntry: false })?.size ?? 0) > bytesMax)
        renameSync(this.#path, `${this.#path}.1`)
      appendFileSync(this.#path, lines.join(''), { mode: 0o600 })
    } catch (err) {
      // For example a full disk: counting goes on in memory and in the metrics.
      this.#log.warn({ err }, 'the security log could not be written')
    }
  }
}

function lineOf(news: SecurityNews): string {
  if (news.what !== 'refused') return `sip ${news.what} ${named(news.address)}`
  const { address, kind, count, minute } = news.count
  return `sip refused ${named(address)} ${kind} ${count} times in the minute ${new Date(minute).toISOString().slice(0, 16)}Z`
}

const named = (address: string): string => (isIP(address) === 0 ? 'several-addresses' : address)
