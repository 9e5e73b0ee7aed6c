/** What is wrong with the world at the moment. Faults set it; links and wires ask. */
import type { Schedule } from '../kernel/schedule.ts'

export class FaultState {
  /** So many answers are still to be lost after what was asked is done. */
  pbxAnswersToLose = 0
  redisAnswersToLose = 0
  /** So many requests are still to be lost before they are executed. */
  pbxRequestsToLose = 0
  /** So many events are still to be lost on a connection that stands. */
  eventsToLose = 0
  /** How likely an event observe twice, or observe late by up to `eventLateMs`. */
  doubling = 0
  eventLateMs = 0
  /** By how much Asterisk may be late to begin with what it is asked. */
  pbxSlowMs = 0
  /** Until then (elapsed) Redis answers nothing. */
  redisStalledUntil = 0
  readonly #schedule: Schedule
  #roughUntil = 0
  #slowUntil = 0

  constructor(schedule: Schedule) {
    this.#schedule = schedule
  }

  /** Something is wrong for so long, counting what it takes to mend. */
  disturb(forMs: number): void {
    this.#roughUntil = Math.max(this.#roughUntil, this.#schedule.elapsed + forMs)
  }

  /** Asterisk has too much to do for so long, counting what it takes to catch up; all that is asked gets done. */
  slow(forMs: number): void {
    this.#slowUntil = Math.max(this.#slowUntil, this.#schedule.elapsed + forMs)
  }

  get isHealthy(): boolean {
    return this.isUndisturbed && this.#schedule.elapsed >= this.#slowUntil
  }

  /** Nothing is wrong but that Asterisk is slow, if that. */
  get isUndisturbed(): boolean {
    return this.#schedule.elapsed >= this.#roughUntil
  }

  loses(what: 'pbxAnswersToLose' | 'pbxRequestsToLose' | 'redisAnswersToLose' | 'eventsToLose'): boolean {
    if (this[what] === 0) return false
    this[what] -= 1
    return true
  }
}
