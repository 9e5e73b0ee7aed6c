/**
 * One server process as seen by its machine. All inputs (timers, events, answers) pass through here, so that it can be
 * killed at any message, or hang and receive everything late.
 */
import type { Clock } from '../../../src/acd/ports.ts'
import type { Messages } from './messages.ts'
import type { Schedule } from './schedule.ts'

export class Process {
  readonly #schedule: Schedule
  readonly #messages: Messages
  #state: 'running' | 'hung' | 'dead' = 'running'
  #hungAt = 0
  /** Inputs that became due during a hang. Timers run before sockets on resume. */
  #timers: (() => void)[] = []
  #inputs: { readonly what: string; readonly act: () => void }[] = []
  #onWake: ((hungMs: number) => void)[] = []
  #onDeath: (() => void)[] = []
  /** Messages, in and out, until it dies; null: it does not die. */
  #messagesLeft: number | null = null
  readonly clock: Clock

  constructor(schedule: Schedule, messages: Messages) {
    this.#schedule = schedule
    this.#messages = messages
    this.clock = {
      now: () => schedule.now(),
      wall: () => schedule.now(),
      goOnFrom: () => undefined,
      monotonic: () => schedule.elapsed,
      after: (waitMs, wake) => this.#after(waitMs, wake),
    }
  }

  get isRunning(): boolean {
    return this.#state === 'running'
  }
  get isDead(): boolean {
    return this.#state === 'dead'
  }

  /** Delivers an input; `what` names its kind. */
  deliver(what: string, act: () => void): void {
    if (this.#state === 'hung') this.#inputs.push({ what, act })
    if (this.#state !== 'running' || this.#diesAt(what)) return
    act()
  }

  /** Called before the process sends a message; false: it died before sending. */
  maySend(what: string): boolean {
    return this.#state !== 'dead' && !this.#diesAt(what)
  }

  hang(): void {
    if (this.#state !== 'running') return
    this.#state = 'hung'
    this.#hungAt = this.#schedule.elapsed
  }

  resume(): void {
    if (this.#state !== 'hung') return
    this.#state = 'running'
    const timers = this.#timers.map((act) => ({ what: 'a timer, late', act }))
    const inputs = this.#inputs
    this.#timers = []
    this.#inputs = []
    for (const listener of this.#onWake) listener(this.#schedule.elapsed - this.#hungAt)
    for (const { what, act } of [...timers, ...inputs]) this.#schedule.after(0, () => this.deliver(what, act))
  }

  kill(): void {
    if (this.#state === 'dead') return
    this.#state = 'dead'
    for (const listener of this.#onDeath) listener()
  }

  killAfter(messages: number): void {
    this.#messagesLeft = messages
  }

  /** Called on resume after a hang, before any input. */
  onWake(listener: (hungMs: number) => void): void {
    this.#onWake.push(listener)
  }
  onDeath(listener: () => void): void {
    this.#onDeath.push(listener)
  }

  #diesAt(what: string): boolean {
    const mustDie = this.#messages.observe(what)
    if (this.#messagesLeft !== null) this.#messagesLeft -= 1
    if (!mustDie && (this.#messagesLeft === null || this.#messagesLeft >= 0)) return false
    this.#messagesLeft = null
    this.kill()
    return true
  }

  #after(waitMs: number, wake: () => void): () => void {
    let off = false
    const callOff = this.#schedule.after(waitMs, () => {
      if (this.#state === 'running') wake()
      else if (this.#state === 'hung') {
        this.#timers.push(() => {
          if (!off) wake()
        })
      }
    })
    return () => {
      off = true
      callOff()
    }
  }
}
