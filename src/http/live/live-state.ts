/**
 * The state behind the live feed: a snapshot, to which each event is applied. Every change carries its
 * audience and is rendered once for all readers.
 */
import { isFree } from '../../core/agent.ts'
import type { Agent, AgentState } from '../../core/agent.ts'
import { isCallback, isCallerPresent, type Call, type Ended, type LiveCall } from '../../core/call.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { AgentId, CallId, Millis, QueueId } from '../../core/ids.ts'
import { externalOf } from '../../core/leg.ts'
import { waitStart } from '../../core/reports/wait.ts'
import type { AcdEvent, StreamPosition } from '../../core/acd-event.ts'
import type { AcdFeed } from '../../acd/ports.ts'
import { agentView } from '../agents/view.ts'
import { unreachedBy } from '../contacts/view.ts'
import { callView, concernedBy, holderOf } from './view.ts'
import type { Names } from '../shell/names.ts'
import { frame, withoutPosition } from '../shell/sse.ts'
import type { AgentView } from '../agents/wire.ts'
import { toldToAgent, type SupervisionNotice } from '../supervision/view.ts'
import { transferView } from '../transfer/view.ts'
import type { TransferView } from '../transfer/wire.ts'
import type { LiveCallView } from './wire.ts'

/** The contents of a feed: everything, or one agent's own state and call. With neither it has only figures. */
export interface Scope {
  readonly all: boolean
  readonly own: AgentId | null
  /** The agent has signed the agreement: the caller's earlier calls come with the call. */
  readonly signed: boolean
}

export interface Change {
  readonly position: StreamPosition
  /** The id of the call or agent. */
  readonly id: string
  /** The rendered event, for readers of everything. */
  readonly text: string
  /** The same for the agents concerned, where it differs: they are not told of everybody in the call. */
  readonly ownText?: string
  /** The agents whom the change concerns, now and before it. */
  readonly concerned: readonly AgentId[]
  readonly concernedBefore: readonly AgentId[]
  /** Its conversation is over, and the caller is still there. */
  readonly isSurveyed?: true
  /** For the agent who has sent the caller on. */
  readonly transfer: { readonly by: AgentId; readonly text: string } | null
}

export interface Waiting {
  readonly waiting: number
  readonly longestWaitMs: number | null
}

export class LiveState {
  readonly #names: Names
  readonly #calls = new Map<CallId, LiveCall>()
  readonly #agents = new Map<AgentId, Agent>()
  /** The last contact of each call who was not reached. A call does not have it: it is only shown. */
  readonly #unreached = new Map<CallId, NonNullable<LiveCallView['unreached']>>()

  readonly #notice: SupervisionNotice

  constructor(names: Names, notice: SupervisionNotice = 'always') {
    this.#names = names
    this.#notice = notice
  }

  restart(snapshot: Awaited<ReturnType<AcdFeed['snapshot']>>): void {
    this.#calls.clear()
    this.#agents.clear()
    this.#unreached.clear()
    for (const call of snapshot.calls) this.#calls.set(call.id, call)
    for (const agent of snapshot.agents) this.#agents.set(agent.id, agent)
  }

  apply(position: StreamPosition, event: AcdEvent): Change {
    if (event.subject === 'agent') {
      this.#agents.set(event.id, event.after)
      const text = frame('agent', agentView(event.after, this.#names), position)
      const concerned = [event.id]
      return { position, id: event.id, text, concerned, concernedBefore: concerned, transfer: null }
    }
    const before = this.#calls.get(event.id)
    const concernedBefore = before === undefined ? [] : concernedBy(before)
    if (event.after.phase === 'ended') {
      this.#calls.delete(event.id)
      this.#unreached.delete(event.id)
      const transfer = this.#transferOf(before, event.after, position)
      return { ...ended(position, event.after, concernedBefore), transfer }
    }
    const call = event.after
    this.#calls.set(call.id, call)
    this.#noteUnreached(event.event, before, call)
    const view = this.#viewOf(call)
    const text = frame('call', view, position)
    const own = this.#forAgent(view)
    const ownText = own === view ? {} : { ownText: frame('call', own, position) }
    const transfer = this.#transferOf(before, call, position)
    const concerned = concernedBy(call)
    const surveyed = call.phase === 'survey' ? ({ isSurveyed: true } as const) : {}
    return { position, id: call.id, text, ...ownText, concerned, concernedBefore, ...surveyed, transfer }
  }

  #transferView(call: Call): TransferView | null {
    return transferView(call, this.#names, this.#unreached.get(call.id))
  }

  #viewOf(call: LiveCall): LiveCallView {
    return callView(call, this.#names, this.#unreached.get(call.id))
  }

  #noteUnreached(event: CallEvent, before: LiveCall | undefined, call: LiveCall): void {
    const unreached = before === undefined ? null : unreachedBy(event, before)
    if (unreached !== null) this.#unreached.set(call.id, unreached)
    else if (externalOf(call) !== null) this.#unreached.delete(call.id)
  }

  /** A call as its agent sees it. */
  #forAgent(view: LiveCallView): LiveCallView {
    const supervisions = toldToAgent(view.supervisions, this.#notice)
    return supervisions.length === view.supervisions.length ? view : { ...view, supervisions }
  }

  /** The call in which this supervisor is, or for which their phone rings. */
  supervisedBy(id: string): CallId | null {
    for (const call of this.#calls.values())
      if (call.supervisions.some(({ offer }) => offer.agent === id)) return call.id
    return null
  }

  /** Null where nothing became of it that the sender was not told before. */
  #transferOf(before: LiveCall | undefined, call: Call, position: StreamPosition): Change['transfer'] {
    const view = this.#transferView(call)
    if (view === null || call.transfer === null) return null
    const told = before === undefined ? null : this.#transferView(before)
    if (JSON.stringify(told) === JSON.stringify(view)) return null
    return { by: call.transfer.by, text: frame('transfer', view, position) }
  }

  agent(id: AgentId): Agent | undefined {
    return this.#agents.get(id)
  }

  call(id: CallId): LiveCall | undefined {
    return this.#calls.get(id)
  }

  /** Whether the call is this agent's now, or asked about: ringing, in conversation, or just over (wrap-up). */
  concerns(call: CallId, agent: AgentId): boolean {
    const known = this.#calls.get(call)
    if (known !== undefined && concernedBy(known).includes(agent)) return true
    return callOf(this.#agents.get(agent)) === call
  }

  /** Of a call that has ended the ledger knows it. */
  isCallerPresent(call: CallId): boolean {
    const known = this.#calls.get(call)
    return known === undefined || isCallerPresent(known)
  }

  /** Whether the call only rings this agent: it has not been answered. */
  rings(call: CallId, agent: AgentId): boolean {
    const own = this.#agents.get(agent)
    if (callOf(own) === call) return own?.state === 'offered'
    const known = this.#calls.get(call)
    return known?.phase === 'ringing' && holderOf(known) === agent
  }

  /** The call that this agent is offered, is in, or wraps up. */
  presentCall(agent: AgentId): CallId | null {
    const named = callOf(this.#agents.get(agent))
    if (named !== null) return named
    // The call's event can arrive before the agent's.
    for (const call of this.#calls.values()) if (concernedBy(call).includes(agent)) return call.id
    return null
  }

  calls(scope: Scope): LiveCallView[] {
    const views: LiveCallView[] = []
    for (const call of this.#calls.values()) {
      if (!scope.all && (scope.own === null || !concernedBy(call).includes(scope.own))) continue
      const view = this.#viewOf(call)
      views.push(scope.all ? view : this.#forAgent(view))
    }
    return views
  }

  /** The transfers of an agent whose callers are still there. */
  transfers(by: AgentId | null): TransferView[] {
    return [...this.#calls.values()].flatMap((call) => {
      const view = by !== null && call.transfer?.by === by ? this.#transferView(call) : null
      return view === null ? [] : [view]
    })
  }

  agents(scope: Scope): AgentView[] {
    const views: AgentView[] = []
    for (const agent of this.#agents.values()) {
      if (scope.all || agent.id === scope.own) views.push(agentView(agent, this.#names))
    }
    return views
  }

  /** How many calls wait, how many agents could take one, and how many are in each state. */
  counts(now: Millis): Waiting & { readonly free: number; readonly states: ReadonlyMap<AgentState, number> } {
    let free = 0
    const states = new Map<AgentState, number>()
    for (const agent of this.#agents.values()) {
      if (isFree(agent, now)) free += 1
      states.set(agent.state, (states.get(agent.state) ?? 0) + 1)
    }
    return { ...this.waitingIn(null, now), free, states }
  }

  /** By queue, calls that have waited for their first answer longer than the queue's T, and still wait. */
  waitingBeyond(withinMs: (queue: QueueId) => number, now: Millis): Map<QueueId, number> {
    const counts = new Map<QueueId, number>()
    for (const call of this.#calls.values()) {
      if (call.phase !== 'waiting' && call.phase !== 'ringing' && call.phase !== 'connecting') continue
      if (call.answeredAt !== null || call.queuedAt === null || call.direction === 'outbound') continue
      if (now - waitStart(call) > withinMs(call.queue))
        counts.set(call.queue, (counts.get(call.queue) ?? 0) + 1)
    }
    return counts
  }

  /** Whether a call waits, for the first time or again, longer than T of its queue. */
  waitsTooLong(withinMs: (queue: QueueId) => number, now: Millis): boolean {
    return this.#waiting().some((call) => now - waitsSince(call) > withinMs(call.queue))
  }

  /** How many calls wait in a queue; null: in all. A call that is ringing an agent still waits. */
  waitingIn(queue: QueueId | null, now: Millis): Waiting {
    const waiting = this.#waiting().filter((call) => queue === null || call.queue === queue)
    const oldest = Math.min(...waiting.map(waitsSince))
    return {
      waiting: waiting.length,
      longestWaitMs: waiting.length === 0 ? null : Math.max(0, now - oldest),
    }
  }

  #waiting(): InQueue[] {
    const waiting: InQueue[] = []
    for (const call of this.#calls.values())
      if ((call.phase === 'waiting' || call.phase === 'ringing') && !isCallback(call)) waiting.push(call)
    return waiting
  }
}

type InQueue = Extract<LiveCall, { phase: 'waiting' | 'ringing' }>

/** A caller who is waiting again after a conversation did not wait during it. */
const waitsSince = (call: InQueue): Millis => (call.answeredAt === null ? waitStart(call) : call.since)

function ended(
  position: StreamPosition,
  after: Ended,
  concerned: readonly AgentId[],
): Omit<Change, 'transfer'> {
  const text = frame('call-ended', { id: after.id, outcome: after.outcome, endedBy: after.endedBy }, position)
  return { position, id: after.id, text, concerned, concernedBefore: concerned }
}

/** The call that an agent is offered, is in, or is wrapping up. */
export function callOf(agent: Agent | undefined): CallId | null {
  return agent !== undefined && 'call' in agent ? agent.call : null
}

/** The text that a reader of this scope receives for a change; null: nothing. */
export function textFor(change: Change, scope: Scope): string | null {
  const { transfer } = change
  const ofCall = textOfCall(change, scope)
  if (transfer === null || transfer.by !== scope.own) return ofCall
  // The position comes with the last frame alone: a reader whose connection is cut between them gets both again.
  return (ofCall === null ? '' : withoutPosition(ofCall)) + transfer.text
}

function textOfCall(change: Change, { all, own }: Scope): string | null {
  if (all) return change.text
  if (own === null) return null
  if (change.concerned.includes(own)) return change.ownText ?? change.text
  // The call went back to the queue (a missed offer) or to another agent, or the colleague who was asked has left.
  if (!change.concernedBefore.includes(own)) return null
  const end = change.isSurveyed
    ? ({ outcome: 'answered', endedBy: 'agent' } as const)
    : ({ outcome: 'left', endedBy: null } as const)
  return frame('call-ended', { id: change.id, ...end }, change.position)
}
