/** What Asterisk does with callers by itself (`dialplan/`, `src/asterisk/watchdog.ts`), in few lines. */
import { ChannelId, type CallId } from '../../src/core/ids.ts'
import type { FakeAsterisk } from '../support/fake-pbx.ts'
import type { Schedule } from './schedule.ts'

const beatFreshMs = 3_000
const knockEveryMs = 500
const knocksMax = 10
const beatAgeMaxMs = 30_000

export class Dialplan {
  readonly #asterisk: FakeAsterisk
  readonly #schedule: Schedule
  /** When each sign of the application was last seen to have changed (elapsed): no clock that jumps counts. */
  #beaten = { times: 0, at: 0 }
  #lived = { times: 0, at: 0 }

  constructor(asterisk: FakeAsterisk, schedule: Schedule) {
    this.#asterisk = asterisk
    this.#schedule = schedule
    this.#watch()
  }

  /** A citizen's INVITE: into the application, or music and knocking at its door. */
  arrive(id: string, line: string): CallId {
    const takes = this.#takesCalls()
    const call = this.#asterisk.arrive(id, { line, arrivedAt: this.#schedule.now() }, takes)
    if (!takes) this.#knock(ChannelId(id), 0)
    return call
  }

  #takesCalls(): boolean {
    return this.#beatAgeMs() <= beatFreshMs && this.#asterisk.hasApplication
  }

  #beatAgeMs(): number {
    return Math.abs(this.#schedule.now() - this.#asterisk.beatAt)
  }

  #knock(id: ChannelId, tries: number): void {
    // Whoever is not let in waits in the fallback queue, until the application takes him over.
    if (tries >= knocksMax) return
    this.#schedule.after(knockEveryMs, () => {
      if (this.#asterisk.channels.get(id)?.here !== false) return
      if (this.#takesCalls()) this.#asterisk.enter(id)
      else this.#knock(id, tries + 1)
    })
  }

  /** The watchdog takes callers out of an application that does not beat. */
  #watch(): void {
    this.#schedule.after(1_000, () => {
      const { beats, signsOfLife } = this.#asterisk
      const at = this.#schedule.elapsed
      if (beats !== this.#beaten.times) this.#beaten = { times: beats, at }
      if (signsOfLife !== this.#lived.times) this.#lived = { times: signsOfLife, at }
      if (at - this.#beaten.at > beatAgeMaxMs) this.#asterisk.rescueAll(at - this.#lived.at <= beatAgeMaxMs)
      this.#watch()
    })
  }
}
