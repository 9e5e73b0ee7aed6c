/** Which channels are gone, which callers are answered, and which leg each agent's phone had last. */
import { setTimeout as delay } from 'node:timers/promises'
import { callerLegOf, type AgentId, type ChannelId } from '../../core/ids.ts'
import type { PbxEvent } from '../../acd/ports.ts'

/** Of each set below: far more than calls at once. */
const rememberedMax = 2_000
/** How long the next call waits for the phone to be told of the last one's end. */
export const letGoMaxMs = 300

export class ChannelRegistry {
  /** The latest channels that are gone or going, oldest first. */
  readonly #gone = new Set<ChannelId>()
  /** Callers who are answered, oldest first; some of them may be gone. */
  readonly #answered = new Set<ChannelId>()
  readonly #last = new Map<AgentId, ChannelId>()
  /** Legs that we are hanging up, and who waits for their end. */
  readonly #leaving = new Map<ChannelId, PromiseWithResolvers<void>>()

  isGone(channel: ChannelId): boolean {
    return this.#gone.has(channel)
  }

  /** False does not say that he is not: whom another node has answered is not known here. */
  isAnswered(channel: ChannelId): boolean {
    return this.#answered.has(channel)
  }

  heard(event: PbxEvent): void {
    if (event.type === 'LegGone') this.ended(event.channel)
    if (event.type === 'CallArrived' && event.answered) this.answered(callerLegOf(event.call))
  }

  answered(channel: ChannelId): void {
    remember(this.#answered, channel)
  }

  ended(channel: ChannelId): void {
    this.#answered.delete(channel)
    remember(this.#gone, channel)
    this.#leaving.get(channel)?.resolve()
    this.#leaving.delete(channel)
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

function remember(channels: Set<ChannelId>, channel: ChannelId): void {
  channels.add(channel)
  const [oldest] = channels
  if (channels.size > rememberedMax && oldest !== undefined) channels.delete(oldest)
}
