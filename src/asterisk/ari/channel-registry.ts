/** Recent channels: which are gone, which callers are answered, and the last leg of each agent's phone. */
import { setTimeout as delay } from 'node:timers/promises'
import { callerLegOf, type AgentId, type ChannelId } from '../../core/ids.ts'
import type { PbxEvent } from '../../acd/ports.ts'

/** Size of each set below: far more than concurrent calls. */
const rememberedMax = 2_000
/** How long the next INVITE waits for the end of the phone's last leg. */
export const releaseMaxMs = 300
/** Asterisk hands over a channel that it has made itself within milliseconds. */
const enterMaxMs = 1_000

export class ChannelRegistry {
  /** The latest channels that are gone or going, oldest first. */
  readonly #gone = new Set<ChannelId>()
  /** Answered callers, oldest first; some may be gone. */
  readonly #answered = new Set<ChannelId>()
  readonly #last = new Map<AgentId, ChannelId>()
  /** Legs being hung up; each promise resolves at the leg's end. */
  readonly #leaving = new Map<ChannelId, PromiseWithResolvers<void>>()

  /** Channels that are about to enter the application. */
  readonly #entering = new Map<ChannelId, PromiseWithResolvers<void>>()

  isGone(channel: ChannelId): boolean {
    return this.#gone.has(channel)
  }

  /** False may be wrong: another node may have answered the caller. */
  isAnswered(channel: ChannelId): boolean {
    return this.#answered.has(channel)
  }

  heard(event: PbxEvent): void {
    if (event.type === 'LegGone') this.ended(event.channel)
    if (event.type === 'CallerUp') this.answered(event.channel)
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

  /** Resolves once the channel is in the application, or after a bound. */
  async entering(channel: ChannelId): Promise<void> {
    const entered = Promise.withResolvers<void>()
    this.#entering.set(channel, entered)
    await Promise.race([entered.promise, delay(enterMaxMs)])
    this.#entering.delete(channel)
  }

  entered(channel: ChannelId): void {
    this.#entering.get(channel)?.resolve()
  }

  /**
   * Waits, before this leg rings, for the end of the same agent's leg that is being hung up: a phone with one line
   * would answer "busy", which counts as a missed call.
   */
  async turnOf(agent: AgentId, leg: ChannelId): Promise<void> {
    const before = this.#last.get(agent)
    this.#last.set(agent, leg)
    const leaving = before === undefined ? undefined : this.#leaving.get(before)
    if (leaving !== undefined && before !== leg) {
      await Promise.race([leaving.promise, delay(releaseMaxMs)])
      this.#leaving.delete(before!)
    }
  }
}

function remember(channels: Set<ChannelId>, channel: ChannelId): void {
  channels.add(channel)
  const [oldest] = channels
  if (channels.size > rememberedMax && oldest !== undefined) channels.delete(oldest)
}
