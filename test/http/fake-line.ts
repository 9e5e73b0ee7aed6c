/** A line in memory: what the desk asks changes it at once, and its feed tells of every change. */
import type { Agent } from '../../src/core/agent.ts'
import type { LiveCall } from '../../src/core/call.ts'
import type { AgentId, CallId } from '../../src/core/ids.ts'
import type { AcdEvent } from '../../src/core/acd-event.ts'
import { FeedTooOld, StoreUnavailable } from '../../src/acd/ports.ts'
import type { Command, DeskCommands, AcdFeed, Refusal } from '../../src/acd/ports.ts'
import { agentAt } from './states.ts'

export class FakeAcd implements AcdFeed {
  readonly #calls = new Map<CallId, LiveCall>()
  readonly #agents = new Map<AgentId, Agent>()
  /** The n-th has position n. */
  readonly #log: { position: string; event: AcdEvent }[] = []
  #told = 0
  #wake: (() => void)[] = []
  #broken: Error | null = null
  snapshots = 0
  /** Set to have every command answered with this refusal, or fail. */
  refusal: Refusal | null = null
  away = false
  /** What the desk asked, in order. */
  readonly asked: string[] = []

  // ---- the feed ----------------------------------------------------------------------------

  async snapshot(): ReturnType<AcdFeed['snapshot']> {
    if (this.#broken !== null) throw this.#broken
    this.snapshots += 1
    return {
      position: positionOf(this.#told),
      calls: [...this.#calls.values()],
      agents: [...this.#agents.values()],
    }
  }

  async *changes(after: string, signal: AbortSignal): ReturnType<AcdFeed['changes']> {
    let read = Number(after.split('-')[0])
    signal.addEventListener('abort', () => this.#wakeAll(), { once: true })
    while (!signal.aborted) {
      if (this.#broken !== null) throw this.#broken
      const next = this.#log[read]
      if (next === undefined) {
        await new Promise<void>((resolve) => this.#wake.push(resolve))
        continue
      }
      read += 1
      yield next
    }
  }

  tell(...events: AcdEvent[]): void {
    for (const event of events) {
      if (event.subject === 'agent') this.#agents.set(event.id, event.after)
      else if (event.after.phase === 'ended') this.#calls.delete(event.id)
      else this.#calls.set(event.id, event.after)
      this.#told += 1
      this.#log.push({ position: positionOf(this.#told), event })
    }
    this.#wakeAll()
  }

  /** The stream is lost from here on, until `mend`. */
  break(error: Error = new StoreUnavailable('gone')): void {
    this.#broken = error
    this.#wakeAll()
  }

  /** The stream was trimmed: readers must start again. */
  trim(): void {
    this.break(new FeedTooOld('trimmed'))
    setImmediate(() => this.mend())
  }

  mend(): void {
    this.#broken = null
    this.#wakeAll()
  }

  // ---- the desk ----------------------------------------------------------------------------

  agent(id: AgentId): Agent | undefined {
    return this.#agents.get(id)
  }

  /** The call that he is in, as `line/call-now.ts` has it. */
  activeCall(id: AgentId): CallId | null {
    if (this.away) throw new StoreUnavailable('away')
    const agent = this.#agents.get(id)
    const call = agent?.state === 'talking' ? this.#calls.get(agent.call) : undefined
    return call?.phase === 'talking' && call.offer.agent === id ? call.id : null
  }

  desk(now: () => number): DeskCommands {
    const answer = async (
      what: string,
      id: AgentId,
      change: Parameters<typeof agentAt>[2] | null,
    ): Promise<Command<Agent>> => {
      this.asked.push(what)
      if (this.away) throw new StoreUnavailable('away')
      if (this.refusal !== null) return { ok: false, refusal: this.refusal }
      const agent =
        change === null ? (this.#agents.get(id) ?? agentAt(id, now())) : agentAt(id, now(), change)
      const event = { type: 'ReadyRequested' } as const
      if (change !== null) this.tell({ subject: 'agent', id, seq: 1, at: now(), event, after: agent })
      return { ok: true, value: agent }
    }
    return {
      signIn: (id) => answer('signIn', id, { state: 'paused', reason: 'sign-in' }),
      signOut: (id) => answer('signOut', id, { state: 'signed out' }),
      ready: (id) => answer('ready', id, { state: 'ready', notBefore: 0 }),
      pause: (id, reason) => answer(`pause ${reason}`, id, { state: 'paused', reason }),
      chooseDevice: (id, device) => answer(`device ${device}`, id, null),
      hangUp: (id, offer) => answer(named('hangUp', offer), id, null),
      hold: (id, offer) => answer(named('hold', offer), id, null),
      resume: (id, offer) => answer(named('resume', offer), id, null),
      mute: (id, muted, offer) => answer(named(`mute ${muted}`, offer), id, null),
      decline: (id, offer) => answer(named('decline', offer), id, null),
      extendWrapUp: (id, byMs) => answer(`extend ${byMs}`, id, null),
      endWrapUp: (id) => answer('endWrapUp', id, null),
      pageOpened: async (_id, instance) => void this.asked.push(`opened ${instance}`),
      pageClosed: (_id, instance) => void this.asked.push(`closed ${instance}`),
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}

const named = (what: string, offer?: string): string => (offer === undefined ? what : `${what} of ${offer}`)
const positionOf = (told: number): string => `${told}-0`
