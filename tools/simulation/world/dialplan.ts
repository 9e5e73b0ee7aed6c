/** Model of the dialplan and the watchdog (`dialplan/`, `src/asterisk/fallback/watchdog.ts`). */
import { ChannelId, type CallId } from '../../../src/core/ids.ts'
import type { FakeAsterisk } from '../../../test/support/pbx/fake-pbx.ts'
import type { Schedule } from '../kernel/schedule.ts'

const beatFreshMs = 3_000
const retryEveryMs = 500
const retriesMax = 10
const beatAgeMaxMs = 30_000
/** Announcement before the fallback queue. */
const noticeMs = 4_000

export class Dialplan {
  readonly #asterisk: FakeAsterisk
  readonly #schedule: Schedule
  /** Last change of each sign of life (elapsed); the wall clock may jump. */
  #beaten = { times: 0, at: 0 }
  #lived = { times: 0, at: 0 }

  constructor(asterisk: FakeAsterisk, schedule: Schedule) {
    this.#asterisk = asterisk
    this.#schedule = schedule
    this.#watch()
  }

  /** A caller's INVITE: into the application, or music with periodic retries. */
  arrive(id: string, line: string, callerNumber: string): CallId {
    const takes = this.#takesCalls()
    const call = this.#asterisk.arrive(id, { line, callerNumber, arrivedAt: this.#schedule.now() }, takes)
    if (!takes) this.#retry(ChannelId(id), 0)
    return call
  }

  #takesCalls(): boolean {
    return this.#beatAgeMs() <= beatFreshMs && this.#asterisk.hasApplication
  }

  #beatAgeMs(): number {
    return Math.abs(this.#schedule.now() - this.#asterisk.beatAt)
  }

  #retry(id: ChannelId, tries: number): void {
    if (tries >= retriesMax) return this.#enqueue(id)
    this.#schedule.after(retryEveryMs, () => {
      if (this.#asterisk.channels.get(id)?.here !== false) return
      if (this.#takesCalls()) this.#asterisk.enter(id)
      else this.#retry(id, tries + 1)
    })
  }

  /** `linia-waiting`: back into the application as soon as its heartbeat is fresh. */
  #enqueue(id: ChannelId): void {
    this.#schedule.after(noticeMs, () => {
      const channel = this.#asterisk.channels.get(id)
      if (channel?.here !== false) return
      if (this.#takesCalls()) this.#asterisk.enter(id, channel.arrived?.arrivedAt ?? null)
      else this.#asterisk.enqueued(id)
    })
  }

  /** The watchdog moves callers out of an application whose heartbeat has stopped. */
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
