/** An ACD in memory: commands of the desk change it at once, and its feed has every change. */
import { isExternal } from '../../src/core/contact.ts'
import type { Agent } from '../../src/core/agent.ts'
import type { LiveCall } from '../../src/core/call.ts'
import type { AgentId, CallId } from '../../src/core/ids.ts'
import type { AcdEvent } from '../../src/core/acd-event.ts'
import { FeedTooOld, StoreUnavailable } from '../../src/acd/ports.ts'
import type { AcdFeed, Desk, PageCallbacks } from '../../src/acd/ports.ts'
import type { AskedOnPage, PageCallbackAnswer } from '../../src/core/announcements/page-callback.ts'
import type { DeskCommand, DeskRefusal } from '../../src/core/desk-command.ts'
import { agentAt } from './states.ts'

export class FakeAcd implements AcdFeed {
  readonly #calls = new Map<CallId, LiveCall>()
  readonly #agents = new Map<AgentId, Agent>()
  /** The n-th event has position n. */
  readonly #log: { position: string; event: AcdEvent }[] = []
  #emitted = 0
  #wake: (() => void)[] = []
  #broken: Error | null = null
  snapshots = 0
  /** Set to make every command fail or answer with this refusal. */
  refusal: DeskRefusal | null = null
  /** The same for some commands only. */
  refusals: { readonly [Do in DeskCommand['do']]?: DeskRefusal } = {}
  away = false
  /** The desk's commands, in order: whole, and in a short notation. */
  readonly commands: DeskCommand[] = []
  readonly asked: string[] = []

  /** What citizens have asked for on the public page, in order, and the answer that they get. */
  readonly askedOnPage: AskedOnPage[] = []
  pageAnswer: PageCallbackAnswer = {
    ok: true,
    value: { number: '+40722000911', opensAt: null, estimate: null },
  }
  readonly pageCallbacks: PageCallbacks = {
    ask: async (asked) => {
      if (this.away) throw new StoreUnavailable('away')
      this.askedOnPage.push(asked)
      return this.pageAnswer
    },
  }

  async snapshot(): ReturnType<AcdFeed['snapshot']> {
    if (this.#broken !== null) throw this.#broken
    this.snapshots += 1
    return {
      position: positionOf(this.#emitted),
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

  emit(...events: AcdEvent[]): void {
    for (const event of events) {
      if (event.subject === 'agent') this.#agents.set(event.id, event.after)
      else if (event.after.phase === 'ended') this.#calls.delete(event.id)
      else this.#calls.set(event.id, event.after)
      this.#emitted += 1
      this.#log.push({ position: positionOf(this.#emitted), event })
    }
    this.#wakeAll()
  }

  /** The stream fails from now on, until `mend`. */
  break(error: Error = new StoreUnavailable('gone')): void {
    this.#broken = error
    this.#wakeAll()
  }

  /** The stream was trimmed: readers must start again from a snapshot. */
  trim(): void {
    this.break(new FeedTooOld('trimmed'))
    setImmediate(() => this.mend())
  }

  mend(): void {
    this.#broken = null
    this.#wakeAll()
  }

  agent(id: AgentId): Agent | undefined {
    return this.#agents.get(id)
  }

  /** The call that the agent is in, as `redis/active-call.ts` answers it. */
  activeCall(id: AgentId): CallId | null {
    if (this.away) throw new StoreUnavailable('away')
    const agent = this.#agents.get(id)
    const call = agent?.state === 'talking' ? this.#calls.get(agent.call) : undefined
    const talks = call?.phase === 'talking' || call?.phase === 'held'
    return talks && call.offer.agent === id ? call.id : null
  }

  /** The call about which a colleague asks the agent. */
  askedAbout(id: AgentId): { readonly call: CallId; readonly by: AgentId } | null {
    if (this.away) throw new StoreUnavailable('away')
    const agent = this.#agents.get(id)
    const call = agent?.state === 'talking' ? this.#calls.get(agent.call) : undefined
    if (call === undefined || !('offer' in call) || call.consult === null) return null
    const { offer, seat } = call.consult
    if (isExternal(offer) || offer.agent !== id) return null
    return seat === 'ringing' ? null : { call: call.id, by: call.offer.agent }
  }

  desk(now: () => number): Desk {
    return {
      perform: async (command) => {
        this.commands.push(command)
        this.asked.push(textOf(command))
        // No screen waits for the answer to an opened page.
        if (command.do !== 'pageOpened') {
          if (this.away) throw new StoreUnavailable('away')
          const refusal = this.refusals[command.do] ?? this.refusal
          if (refusal !== null) return { ok: false, refusal }
        }
        const { agent: id } = command
        const change = changeOf(command)
        if (change === null) return { ok: true, value: this.#agents.get(id) ?? agentAt(id, now()) }
        const lifted = { state: 'ready' } as const
        const imposed = command.do === 'imposePause' ? { by: command.by, since: now(), lifted } : null
        const after = { ...agentAt(id, now(), change), imposed }
        this.emit({ subject: 'agent', id, seq: 1, at: now(), event: { type: 'ReadyRequested' }, after })
        return { ok: true, value: after }
      },
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }
}

/** The change of the agent's state; null: this fake leaves the state as it is. */
function changeOf(command: DeskCommand): Parameters<typeof agentAt>[2] | null {
  if (command.do === 'signIn') return { state: 'paused', reason: 'sign-in' }
  if (command.do === 'signOut') return { state: 'signed out' }
  if (command.do === 'ready' || command.do === 'liftPause') return { state: 'ready', notBefore: 0 }
  if (command.do === 'imposePause') return { state: 'paused', reason: 'supervisor' }
  return command.do === 'pause' ? { state: 'paused', reason: command.reason } : null
}

/** Short notation of a command, without the agent: `mute true of o1`. */
function textOf(command: DeskCommand): string {
  const { agent: _agent, offer, ...words }: DeskCommand & { readonly offer?: string } = command
  return [
    ...Object.values(words).map((word) =>
      typeof word !== 'object' || word === null
        ? String(word)
        : 'name' in word
          ? word.name
          : JSON.stringify(word),
    ),
    ...(offer === undefined ? [] : ['of', offer]),
  ].join(' ')
}
const positionOf = (count: number): string => `${count}-0`
