/** What Asterisk does with callers by itself (`dialplan/`, `src/asterisk/fallback/watchdog.ts`), in few lines. */
import { ChannelId, type CallId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/fake-pbx.ts'
import type { Schedule } from '../kernel/schedule.ts'

const beatFreshMs = 3_000
const knockEveryMs = 500
const knocksMax = 10
const beatAgeMaxMs = 30_000
/** What callers hear before they stand in the fallback queue. */
const noticeMs = 4_000

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
    if (tries >= knocksMax) return this.#enqueue(id)
    this.#schedule.after(knockEveryMs, () => {
      if (this.#asterisk.channels.get(id)?.here !== false) return
      if (this.#takesCalls()) this.#asterisk.enter(id)
      else this.#knock(id, tries + 1)
    })
  }

  /** `linia-waiting`: back at once where the application beats, else until it takes him over. */
  #enqueue(id: ChannelId): void {
    this.#schedule.after(noticeMs, () => {
      const channel = this.#asterisk.channels.get(id)
      if (channel?.here !== false) return
      if (this.#takesCalls()) this.#asterisk.enter(id, channel.arrived?.arrivedAt ?? null)
      else this.#asterisk.enqueued(id)
    })
  }

  /** The watchdog takes callers out of an application that does not beat. */
  #watch(): void {
    this.#schedule.after(1_000, () => {
      const { beats, signsOfLife } = this.#asterisk
      const at = this.#schedule.elapsed
      if (beats !== this.#beaten.times) this.#beaten = { times: beats, at }
      if (signsOfLife !== this.#lived.times) this.#lived = { times: signsOfLife, at }
      if (at - this.#beaten.at > beatAgeMaxMs) this.#rescue(at - this.#lived.at <= beatAgeMaxMs)
      this.#watch()
    })
  }

  #rescue(lives: boolean): void {
    const callers = [...this.#asterisk.channels.values()].filter(({ phone, here }) => phone === null && here)
    this.#asterisk.rescueAll(lives)
    for (const { id, here } of callers) if (!here) this.#enqueue(id)
  }
}
