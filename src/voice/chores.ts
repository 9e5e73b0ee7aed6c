/** What the owner of a line does each second for as long as it owns it. */
import type { Logger } from 'pino'
import type { Audit } from './audit.ts'
import type { FallbackMembers } from './fallback-members.ts'
import type { Clock, Pbx } from './ports.ts'

export interface ChoresDeps {
  readonly pbx: Pbx
  readonly clock: Clock
  readonly log: Logger
  readonly members: FallbackMembers
  readonly audit: Audit
  /** Finds what a lost timer missed, and repeats what could not be done. */
  readonly sweep: () => void
  /** Whether memory and Asterisk agree: nothing is done before. */
  readonly reconciled: () => boolean
  /** Whether a call that arrives now would be answered by us. */
  readonly takesCalls: () => boolean
}

const everyMs = 1_000

export class Chores {
  readonly #deps: ChoresDeps
  #callOff: (() => void) | undefined

  constructor(deps: ChoresDeps) {
    this.#deps = deps
  }

  /** At once and each second from now on. */
  start(): void {
    this.#callOff = this.#deps.clock.after(everyMs, () => this.start())
    this.now()
  }

  stop(): void {
    this.#callOff?.()
  }

  now(): void {
    const { pbx, members, audit, sweep, reconciled, takesCalls } = this.#deps
    if (!reconciled()) return
    sweep()
    this.attempt('audit', audit.look())
    // Said only while it is true: the dialplan relies on it.
    if (takesCalls()) this.attempt('beat', pbx.beat())
    this.attempt('fallback members', members.tell())
  }

  /** Work whose failure the next second or connect repeats. */
  attempt(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.#deps.log.warn({ err: error }, `${what}: the pbx did not answer`))
  }
}
