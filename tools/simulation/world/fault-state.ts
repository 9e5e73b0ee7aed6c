/** Active faults. Fault injection sets them; connections query them. */
import type { Schedule } from '../kernel/schedule.ts'

export class FaultState {
  /** Answers still to be lost after execution. */
  pbxAnswersToLose = 0
  redisAnswersToLose = 0
  /** Requests still to be lost before execution. */
  pbxRequestsToLose = 0
  /** Events still to be lost on an intact connection. */
  eventsToLose = 0
  /** Probability that an event is duplicated; maximum delay of late events. */
  doubling = 0
  eventLateMs = 0
  /** Maximum delay of Asterisk's execution. */
  pbxSlowMs = 0
  /** Redis does not answer before this time (elapsed). */
  redisStalledUntil = 0
  readonly #schedule: Schedule
  #disturbedUntil = 0
  #slowUntil = 0

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  /** Marks the system as disturbed for this time, recovery included. */
  disturb(forMs: number): void {
    this.#disturbedUntil = Math.max(this.#disturbedUntil, this.#schedule.elapsed + forMs)
  }

  /** Marks Asterisk as slow for this time, catching up included; no request is lost. */
  slow(forMs: number): void {
    this.#slowUntil = Math.max(this.#slowUntil, this.#schedule.elapsed + forMs)
  }

  get isHealthy(): boolean {
    return this.isUndisturbed && this.#schedule.elapsed >= this.#slowUntil
  }

  /** No fault is active except that Asterisk may be slow. */
  get isUndisturbed(): boolean {
    return this.#schedule.elapsed >= this.#disturbedUntil
  }

  loses(what: 'pbxAnswersToLose' | 'pbxRequestsToLose' | 'redisAnswersToLose' | 'eventsToLose'): boolean {
    if (this[what] === 0) return false
    this[what] -= 1
    return true
  }
}
