/** The owner's tasks of each second. */
import type { Logger } from 'pino'
import type { Room } from '../core/call-arrival.ts'
import type { Audit } from './audit.ts'
import type { FallbackMembers } from './fallback-members.ts'
import type { Clock, Pbx, AcdMeter } from './ports.ts'

export interface PeriodicTasksDeps {
  readonly pbx: Pbx
  readonly clock: Clock
  readonly meter: AcdMeter
  readonly log: Logger
  readonly members: FallbackMembers
  readonly audit: Audit
  /** Finds what a lost timer missed, and repeats effects that failed. */
  readonly sweep: () => void
  /** Whether memory and Asterisk have been reconciled: no task runs before. */
  readonly reconciled: () => boolean
  /** Whether this node could answer a call that arrives now. */
  readonly mayServe: () => boolean
  /** Whether this node can act on the present calls. */
  readonly mayAct: () => boolean
  /** The offer to new callers: a place, a message, or the busy tone. */
  readonly room: (isStrained: boolean) => Room
  /** Whether the PBX is too slow for the callers it has. */
  readonly isStrained: () => boolean
  /** When the tasks run next, if not a second later: a test passes the seconds itself. */
  readonly nextSecond?: (wake: () => void) => () => void
}

const everyMs = 1_000
/** Without a heartbeat for so long the dialplan sends callers to the fallback queue. */
const beatFreshMs = 3_000
/** A heartbeat that queues behind others would carry an old time; one whose answer is lost must not stop the next. */
const beatsMax = 2

export class PeriodicTasks {
  readonly #deps: PeriodicTasksDeps
  #callOff: (() => void) | undefined
  /** When the latest heartbeat was acknowledged, or the fallback's callers were taken back, by the monotonic clock. */
  #beatAt = Number.NEGATIVE_INFINITY
  #takingBack = false
  #wasStrained = false
  #beatsUnderWay = 0
  /** Work owed to the PBX, by name; a later one of the same name replaces it. */
  readonly #owed = new Map<string, () => Promise<void>>()
  readonly #paying = new Set<string>()

  constructor(deps: PeriodicTasksDeps) {
    this.#deps = deps
  }

  /** At once and each second from now on. */
  start(): void {
    const { clock, nextSecond = (wake) => clock.after(everyMs, wake) } = this.#deps
    this.#callOff = nextSecond(() => this.start())
    this.now()
  }

  stop(): void {
    this.#callOff?.()
  }

  now(): void {
    const { pbx, members, audit, sweep, reconciled, mayServe, mayAct } = this.#deps
    if (!reconciled()) return
    sweep()
    this.#attempt('audit', audit.look())
    // Before the heartbeat: under a fresh one the room that a dead owner set would count.
    this.#tellRoom()
    if (mayServe()) this.#attempt('beat', this.#beat())
    // Redis is away: talking and held calls are still served here, and the watchdog must not move them.
    else if (mayAct()) this.#attempt('sign of life', pbx.stillHere())
    this.#attempt('fallback members', members.update())
    for (const what of this.#owed.keys()) this.#pay(what)
  }

  /** Does this now, and again each second until it has succeeded; a later one of the same name replaces it. */
  owe(what: string, work: () => Promise<void>): void {
    this.#owed.set(what, work)
    this.#pay(what)
  }

  /** Whether callers may be with the fallback queue, because we were silent for too long. */
  fallbackServes(): boolean {
    return this.#deps.clock.monotonic() - this.#beatAt > beatFreshMs
  }

  /** The fallback's callers have been taken back. */
  tookBack(): void {
    this.#beatAt = this.#deps.clock.monotonic()
  }

  /** The heartbeat. After a gap, the fallback's callers are taken back first. */
  async #beat(): Promise<void> {
    const { pbx, members, clock, log, sweep, mayServe } = this.#deps
    if (this.#takingBack || this.#beatsUnderWay === beatsMax) return
    const wasSilent = this.fallbackServes()
    if (wasSilent) {
      this.#takingBack = true
      try {
        const taken = await members.takeBack()
        log.info({ fromFallback: taken }, 'serving again')
      } finally {
        this.#takingBack = false
      }
      if (!mayServe()) return
      this.tookBack()
      sweep()
    }
    this.#beatsUnderWay += 1
    try {
      await pbx.beat()
    } finally {
      this.#beatsUnderWay -= 1
    }
    this.#beatAt = clock.monotonic()
    // Taking callers back may have emptied the queue of its members.
    if (wasSilent) await members.update()
  }

  /** Each second, changed or not, so that a late or a dead owner's value is overwritten. */
  #tellRoom(): void {
    const { pbx, meter, log } = this.#deps
    const isStrained = this.#deps.isStrained()
    if (isStrained) meter.alarm('pbx too slow')
    if (isStrained && !this.#wasStrained) log.warn('the pbx is too slow: newcomers hear busy')
    if (!isStrained && this.#wasStrained) log.info('the pbx keeps up again')
    this.#wasStrained = isStrained
    const room = this.#deps.room(isStrained)
    this.owe('room', () => pbx.tellRoom(room))
  }

  #pay(what: string): void {
    const work = this.#owed.get(what)
    if (work === undefined || this.#paying.has(what)) return
    this.#paying.add(what)
    this.#attempt(what, this.#doOwed(what, work))
  }

  async #doOwed(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
      if (this.#owed.get(what) === work) this.#owed.delete(what)
    } finally {
      this.#paying.delete(what)
    }
    // Newer work of the same name may have come meanwhile.
    this.#pay(what)
  }

  /** Work whose failure the next second repeats. */
  #attempt(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.#deps.log.warn({ err: error }, `${what}: the pbx did not answer`))
  }
}
