/**
 * The owner's state in memory: every call and agent with its version, and each queue's waiting callers and free agents
 * in order. Decisions are made on it; it is written through to Redis.
 */
import { isFree, takesCalls, type Agent, type Ready } from '../core/agent.ts'
import type { Admission } from '../core/call-arrival.ts'
import {
  isCallback,
  type Call,
  type LiveCall,
  type Queued,
  type Reconnecting,
  type Waiting,
} from '../core/call.ts'
import type { AgentId, CallId, ChannelId, Millis, OfferId, QueueId } from '../core/ids.ts'
import type { AgentProfile, Queue } from '../core/queue.ts'
import { compareCandidates, compareWaiting, levelFor, type Candidate } from '../core/routing.ts'
import { Sorted } from '../core/sorted.ts'
import type { LastRecorded } from './ports.ts'

export interface Versioned<Value> {
  readonly value: Value
  readonly version: number
}

class QueueLine {
  readonly queue: Queue
  readonly #waiting = new Sorted<Queued>(compareWaiting)
  readonly #candidates = new Sorted<Candidate>(compareCandidates)

  constructor(queue: Queue) {
    this.queue = queue
  }
  get waiting(): Sorted<Queued> {
    return this.#waiting
  }
  get candidates(): Sorted<Candidate> {
    return this.#candidates
  }
}

export class AcdState {
  readonly #calls = new Map<CallId, Versioned<LiveCall>>()
  readonly #agents = new Map<AgentId, Versioned<Agent>>()
  readonly #callOfOffer = new Map<OfferId, CallId>()
  readonly #offersOfCall = new Map<CallId, OfferId[]>()
  /** The second lines by which a colleague was asked in each call, also those that are over. */
  readonly #callOfSecondLine = new Map<ChannelId, CallId>()
  readonly #lines = new Map<QueueId, QueueLine>()
  /** Of each free agent. */
  readonly #candidacies = new Map<AgentId, { line: QueueLine; candidate: Candidate }[]>()
  /** The callers who are reserved for one agent, in no queue's line. */
  readonly #reserved = new Map<AgentId, Sorted<Waiting>>()
  /** Calls that are not offered although they may wait: quarantined, or with the fallback queue. */
  readonly #detached = new Set<CallId>()
  /** The promised calls that may be offered now. */
  readonly #due = new Set<CallId>()
  /** The call of each supervisor who takes part in one. */
  readonly #supervised = new Map<AgentId, CallId>()
  /** Conversations whose agent's leg was lost. */
  readonly #reconnecting = new Map<CallId, Reconnecting>()
  #profiles = new Map<AgentId, AgentProfile>()
  #lastRecorded: LastRecorded = { calls: new Map(), agents: new Map() }

  /** People or queues changed: rebuilds every queue. */
  setDirectory(agents: readonly AgentProfile[], queues: readonly Queue[], now: Millis): void {
    this.#profiles = new Map(agents.map((agent) => [agent.id, agent]))
    this.#lines.clear()
    this.#candidacies.clear()
    this.#reserved.clear()
    for (const queue of queues) this.#lines.set(queue.id, new QueueLine(queue))
    for (const { value } of this.#calls.values()) this.#lineUp(value)
    for (const id of this.#agents.keys()) this.refreshCandidate(id, now)
  }

  /**
   * Continues the numbers from the ledger where Redis has lost them: the ledger would drop an event with a number that
   * is taken.
   */
  continueFrom(recorded: LastRecorded): void {
    this.#lastRecorded = recorded
  }

  /** The version after this one, which is also the number of the event. */
  afterCall(id: CallId, version: number): number {
    return after(version, this.#lastRecorded.calls.get(id))
  }
  afterAgent(id: AgentId, version: number): number {
    return after(version, this.#lastRecorded.agents.get(id))
  }

  call(id: CallId): Versioned<LiveCall> | undefined {
    return this.#calls.get(id)
  }
  agent(id: AgentId): Versioned<Agent> | undefined {
    return this.#agents.get(id)
  }
  calls(): readonly Versioned<LiveCall>[] {
    return [...this.#calls.values()]
  }
  agents(): readonly Versioned<Agent>[] {
    return [...this.#agents.values()]
  }
  /** Undefined: it has been removed. */
  queue(id: QueueId): Queue | undefined {
    return this.#lines.get(id)?.queue
  }
  callOfOffer(offer: OfferId): CallId | undefined {
    return this.#callOfOffer.get(offer)
  }
  callOfSecondLine(channel: ChannelId): CallId | undefined {
    return this.#callOfSecondLine.get(channel)
  }

  /** Takes a call's new state; an ended call is forgotten with all its offers. */
  setCall(call: Call, version: number): void {
    this.#leaveLine(call.id)
    for (const { offer } of this.#calls.get(call.id)?.value.supervisions ?? [])
      this.#supervised.delete(offer.agent)
    for (const { offer } of call.supervisions) this.#supervised.set(offer.agent, call.id)
    if (call.phase === 'reconnecting') this.#reconnecting.set(call.id, call)
    else this.#reconnecting.delete(call.id)
    if (call.phase === 'ended') {
      this.#calls.delete(call.id)
      this.#detached.delete(call.id)
      this.#due.delete(call.id)
      for (const offer of this.#offersOfCall.get(call.id) ?? []) this.#callOfOffer.delete(offer)
      this.#offersOfCall.delete(call.id)
      for (const [line, id] of this.#callOfSecondLine) if (id === call.id) this.#callOfSecondLine.delete(line)
      return
    }
    this.#calls.set(call.id, { value: call, version })
    this.#lineUp(call)
    if ('offer' in call) this.#rememberOffer(call.offer.id, call.id)
    if ('external' in call) this.#rememberOffer(call.external.id, call.id)
    if (call.consult !== null) this.#rememberOffer(call.consult.offer.id, call.id)
    if (call.consult?.secondLine) this.#callOfSecondLine.set(call.consult.secondLine.channel, call.id)
    for (const { offer } of call.supervisions) this.#rememberOffer(offer.id, call.id)
  }

  /** The call in which a supervisor takes part; undefined: none. */
  supervisedBy(id: AgentId): LiveCall | undefined {
    const call = this.#supervised.get(id)
    return call === undefined ? undefined : this.#calls.get(call)?.value
  }

  /** Whether a callback may be offered now, or once it is promised again: it has its place in the queue only then. */
  setDue(id: CallId, isDue: boolean): void {
    const call = this.#calls.get(id)?.value
    if (call === undefined || this.#due.has(id) === isDue) return
    if (!isDue) {
      this.#leaveLine(id)
      this.#due.delete(id)
    } else if (call.phase === 'promised') {
      this.#due.add(id)
      this.#lineUp(call)
    }
  }

  /** Takes a call out of its queue without changing it: it is quarantined, or its caller is with the fallback queue. */
  detach(id: CallId): void {
    this.#leaveLine(id)
    this.#detached.add(id)
  }
  attach(id: CallId): void {
    const call = this.#calls.get(id)?.value
    if (this.#detached.delete(id) && call !== undefined) this.#lineUp(call)
  }
  isDetached(id: CallId): boolean {
    return this.#detached.has(id)
  }
  detached(): readonly CallId[] {
    return [...this.#detached]
  }

  setAgent(agent: Agent, version: number, now: Millis): void {
    this.#agents.set(agent.id, { value: agent, version })
    this.refreshCandidate(agent.id, now)
  }

  /** An agent also becomes free by time (the rest after a failed offer): the sweep calls this. */
  refreshCandidate(id: AgentId, now: Millis): void {
    for (const { line, candidate } of this.#candidacies.get(id) ?? []) line.candidates.remove(candidate)
    this.#candidacies.delete(id)
    const agent = this.#agents.get(id)?.value
    const profile = this.#profiles.get(id)
    if (agent === undefined || profile === undefined || !isFree(agent, now)) return
    // A supervisor who listens is offered no caller.
    if (this.supervisedBy(id) !== undefined) return
    this.#candidacies.set(id, this.#enlist(agent, profile))
  }

  /** The call in which this number is to be called back, or is dialled for it; null: none. */
  callbackTo(number: string | null): LiveCall | null {
    if (number === null) return null
    for (const { value } of this.#calls.values())
      if (isCallback(value) && value.caller.number === number) return value
    return null
  }

  /** The callers ahead of a new one. Detached calls do not count: they may be in conversation elsewhere. */
  crowd(): Pick<Admission, 'waiting' | 'dismissing'> {
    const crowd = { waiting: 0, dismissing: 0 }
    for (const { value } of this.#calls.values()) {
      if (this.#detached.has(value.id)) continue
      if (value.phase === 'greeting' || value.phase === 'menu' || value.phase === 'waiting')
        crowd.waiting += 1
      else if (turnedAway.includes(value.phase)) crowd.dismissing += 1
    }
    return crowd
  }

  /** Conversations whose agent can be rung again: none is rung yet, and the caller is in the application. */
  toReconnect(): readonly Reconnecting[] {
    const calls = [...this.#reconnecting.values()]
    return calls.filter(({ id, invited }) => !invited && !this.#detached.has(id))
  }

  /** The callers who wait in each queue, first one first; without those who are reserved for one agent. */
  *lines(): Iterable<{ readonly queue: Queue; readonly waiting: readonly Queued[] }> {
    for (const { queue, waiting } of this.#lines.values()) yield { queue, waiting: waiting.items }
  }

  /** How many agents take this queue's calls, now or after what they are doing. */
  atWorkFor(queue: Queue): number {
    return this.#agentsFor(queue, takesCalls)
  }

  /** How many agents could take this queue's calls, or will once they are ready. */
  signedInFor(queue: Queue): number {
    return this.#agentsFor(queue, ({ state }) => state !== 'signed out')
  }

  #agentsFor(queue: Queue, counts: (agent: Agent) => boolean): number {
    let count = 0
    for (const { value: agent } of this.#agents.values()) {
      const profile = this.#profiles.get(agent.id)
      if (profile !== undefined && counts(agent) && levelFor(profile, queue) !== null) count += 1
    }
    return count
  }

  *views() {
    for (const { queue, waiting, candidates } of this.#lines.values()) {
      yield { queue, waiting: waiting.items, candidates: candidates.items }
    }
    for (const [id, waiting] of this.#reserved) {
      // A queue that was removed meanwhile still leaves the one agent.
      const line = this.#lines.get(waiting.items[0]?.queue as QueueId) ?? [...this.#lines.values()][0]
      if (line !== undefined)
        yield { queue: line.queue, waiting: waiting.items, candidates: this.#alone(id, line.queue) }
    }
  }

  /** Only this agent, whether they serve the queue or not; nobody while they are not free. */
  #alone(id: AgentId, queue: Queue): readonly Candidate[] {
    const agent = this.#agents.get(id)?.value
    const profile = this.#profiles.get(id)
    if (agent?.state !== 'ready' || profile === undefined || !this.#candidacies.has(id)) return []
    return [{ agent, level: levelFor(profile, queue) ?? 0 }]
  }

  #lineUp(call: LiveCall): void {
    if (call.phase === 'promised' && this.#due.has(call.id)) this.#lines.get(call.queue)?.waiting.add(call)
    if (call.phase !== 'waiting' || this.#detached.has(call.id)) return
    if (call.reservedFor === null) {
      this.#lines.get(call.queue)?.waiting.add(call)
      return
    }
    const { agent } = call.reservedFor
    const reserved = this.#reserved.get(agent) ?? new Sorted<Waiting>(compareWaiting)
    reserved.add(call)
    this.#reserved.set(agent, reserved)
  }

  #leaveLine(id: CallId): void {
    const call = this.#calls.get(id)?.value
    if (call?.phase === 'promised' && this.#due.has(id)) this.#lines.get(call.queue)?.waiting.remove(call)
    if (call?.phase !== 'waiting') return
    if (call.reservedFor === null) {
      this.#lines.get(call.queue)?.waiting.remove(call)
      return
    }
    const { agent } = call.reservedFor
    const reserved = this.#reserved.get(agent)
    reserved?.remove(call)
    if (reserved?.items.length === 0) this.#reserved.delete(agent)
  }

  #enlist(agent: Ready, profile: AgentProfile) {
    const places = []
    for (const line of this.#lines.values()) {
      const level = levelFor(profile, line.queue)
      if (level === null) continue
      const candidate: Candidate = { agent, level }
      line.candidates.add(candidate)
      places.push({ line, candidate })
    }
    return places
  }

  #rememberOffer(offer: OfferId, call: CallId): void {
    if (this.#callOfOffer.has(offer)) return
    this.#callOfOffer.set(offer, call)
    const offers = this.#offersOfCall.get(call)
    if (offers === undefined) this.#offersOfCall.set(call, [offer])
    else offers.push(offer)
  }
}

/** The stages of callers who are not served. */
const turnedAway: readonly LiveCall['phase'][] = ['closed', 'voicemail', 'dismissing']

const after = (version: number, recorded = 0): number => Math.max(version, recorded) + 1
