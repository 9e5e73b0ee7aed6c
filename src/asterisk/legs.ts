/** Which channels are gone, and which leg each agent's phone had last. */
import { setTimeout as delay } from 'node:timers/promises'
import type { AgentId, ChannelId } from '../core/ids.ts'

const goneMax = 2_000
/** How long the next call waits for the phone to be told of the last one's end. */
export const letGoMaxMs = 300

export class Legs {
  /** The latest channels that are gone or going, oldest first. */
  readonly #gone = new Set<ChannelId>()
  readonly #last = new Map<AgentId, ChannelId>()
  /** Legs that we are hanging up, and who waits for their end. */
  readonly #leaving = new Map<ChannelId, PromiseWithResolvers<void>>()

  isGone(channel: ChannelId): boolean {
    return this.#gone.has(channel)
  }

  ended(channel: ChannelId): void {
    this.#gone.add(channel)
    this.#leaving.get(channel)?.resolve()
    this.#leaving.delete(channel)
    const [oldest] = this.#gone
    if (this.#gone.size > goneMax && oldest !== undefined) this.#gone.delete(oldest)
  }

  hangingUp(channel: ChannelId): void {
    if (![...this.#last.values()].includes(channel)) return
    if (!this.#leaving.has(channel)) this.#leaving.set(channel, Promise.withResolvers())
  }

  /**
   * Before this leg rings: a leg of the same agent that we are hanging up lets go first, or a phone with
   * one line would find itself busy, which counts as a missed call.
   */
  async turnOf(agent: AgentId, leg: ChannelId): Promise<void> {
    const before = this.#last.get(agent)
    this.#last.set(agent, leg)
    const leaving = before === undefined ? undefined : this.#leaving.get(before)
    if (leaving !== undefined && before !== leg) {
      await Promise.race([leaving.promise, delay(letGoMaxMs)])
      this.#leaving.delete(before!)
    }
  }
}
