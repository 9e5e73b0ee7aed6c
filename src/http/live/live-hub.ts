/**
 * The process's one subscription to the ACD's events, shared by all open pages. The hub applies each event to its
 * state once and sends the change at once to the readers that it concerns. After any upstream failure every
 * reader starts again from a snapshot.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { isCallerPresent } from '../../core/call.ts'
import { CallId } from '../../core/ids.ts'
import type { AgentId, Millis, QueueId } from '../../core/ids.ts'
import type { Target } from '../../core/reports/target.ts'
import type { Queue } from '../../core/queue.ts'
import type { CallOutRules } from '../../core/rules.ts'
import type { Pauses } from '../../core/configuration/pauses.ts'
import type { AcdEvent, StreamPosition } from '../../core/acd-event.ts'
import type { Metrics } from '../../metrics.ts'
import { FeedTooOld } from '../../acd/ports.ts'
import { Backoff } from '../../repeat.ts'
import type { AcdFeed } from '../../acd/ports.ts'
import { measureCall, measureTargets, signedInStates } from './call-metrics.ts'
import { CallContexts } from './caller-context.ts'
import { LiveChanges } from './live-changes.ts'
import { LiveState, callOf } from './live-state.ts'
import type { Change, Scope } from './live-state.ts'
import type { LiveReader } from './live-reader.ts'
import { iso } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import { frame } from '../shell/sse.ts'
import type { SupervisionNotice } from '../supervision/view.ts'
import type { TodayFigures } from './today.ts'
import { callOutView, pauseViews } from './view.ts'
import type { CallContext } from './wire.ts'

const beatEveryMs = 2_000
const retryFirstMs = 50
const retryMaxMs = 1_000
const stopMaxMs = 1_000
/** The ledger lags behind the ACD, so its figures are refreshed until this long after the last change. */
const settleMs = 5_000
const idleRefreshMs = 30_000

export interface HubDeps {
  readonly feed: AcdFeed
  readonly names: Names
  /** When agents are told of a supervisor in their call. */
  readonly supervisionNotice: SupervisionNotice
  readonly metrics: Metrics
  readonly log: FastifyBaseLogger
  readonly now: () => Millis
  readonly queues: () => readonly Queue[]
  readonly pauses: () => Pauses
  readonly callOutRules: () => CallOutRules
  readonly targetOf: (queue: QueueId) => Target
  readonly shortAbandonMs: number
  /** Whether calls would be answered now, apart from the state of this subscription. */
  readonly acdReady: () => boolean
  readonly askContext: (call: CallId, state: LiveState) => Promise<CallContext | null>
  readonly today: (state: LiveState) => TodayFigures
  /** The scope of a session's present roles and signature; null once it has ended, undefined while that cannot be found out. */
  readonly scopeNow: (token: string) => Promise<Scope | null | undefined>
}

export class LiveHub {
  readonly #deps: HubDeps
  readonly state: LiveState
  readonly #today: TodayFigures
  readonly #contexts: CallContexts
  readonly #readers = new Set<LiveReader>()
  readonly #stopping = new AbortController()
  readonly #timers: NodeJS.Timeout[] = []
  readonly #changes = new LiveChanges()
  #up = false
  #changedAt = 0
  #refreshedAt = 0
  #todayText = ''
  #running: Promise<void> = Promise.resolve()

  constructor(deps: HubDeps) {
    this.#deps = deps
    this.state = new LiveState(deps.names, deps.supervisionNotice)
    this.#today = deps.today(this.state)
    this.#contexts = new CallContexts(
      (call) => deps.askContext(call, this.state),
      (context) => this.#contextReady(context),
    )
  }

  start(): void {
    this.#running = this.#run(this.#stopping.signal)
    this.#timers.push(
      setInterval(() => this.#beat(), beatEveryMs),
      setInterval(() => void this.#tick(), 1_000),
      setInterval(() => void this.endOldSessions(), 5 * beatEveryMs),
    )
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const timer of this.#timers) clearInterval(timer)
    for (const reader of this.#readers) reader.end()
    // A feed that waits for an unavailable Redis may not react to the abort; abandoning it loses nothing.
    await Promise.race([this.#running, delay(stopMaxMs, undefined, { ref: false })])
  }

  get lineUp(): boolean {
    return this.#up && this.#deps.acdReady()
  }

  /** Whether the agent is in a conversation; unknown before the first snapshot. */
  talks(agent: AgentId): 'yes' | 'no' | 'unknown' {
    if (this.#changes.position === null) return 'unknown'
    return this.state.agent(agent)?.state === 'talking' ? 'yes' : 'no'
  }

  get readers(): number {
    return this.#readers.size
  }

  /** The number of feeds that one person, or one program's token, has open. */
  readersOf(holder: string): number {
    let count = 0
    for (const reader of this.#readers) if (reader.holder === holder) count++
    return count
  }

  /** The reader receives the changes in its scope from now on: first the ones it missed, or a snapshot. */
  add(reader: LiveReader, lastSeen: string | null): void {
    this.#readers.add(reader)
    this.#deps.metrics.liveFeeds.set(this.#readers.size)
    // The beat carries no position: a connection that is cut right after it must not resume after changes it
    // never got.
    reader.send(this.#beatText(null))
    // There is no snapshot yet; every reader gets the first one when it arrives.
    if (this.#changes.position === null) return
    const missed = lastSeen === null ? null : this.#missedSince(lastSeen, reader.scope)
    if (missed === null) reader.restart()
    else reader.send(missed)
  }

  remove(reader: LiveReader): void {
    this.#readers.delete(reader)
    this.#deps.metrics.liveFeeds.set(this.#readers.size)
  }

  endSession(isOver: (token: string) => boolean): void {
    for (const reader of this.#readers) if (isOver(reader.token)) reader.end()
  }

  /**
   * Ends the feeds whose session has ended, or has other roles or another signature now; the latter reconnect with the
   * present ones.
   */
  async endOldSessions(): Promise<void> {
    for (const token of new Set([...this.#readers].map((reader) => reader.token))) {
      const now = await this.#deps.scopeNow(token)
      if (now === undefined) continue
      for (const reader of this.#readers) {
        if (reader.token === token && (now === null || !isSame(now, reader.scope))) reader.end()
      }
    }
  }

  /** Sends a new snapshot to every reader, after names have changed. */
  restartAll(): void {
    if (this.#changes.position === null) return
    for (const reader of this.#readers) reader.restart()
  }

  snapshotText(scope: Scope): string {
    const data = {
      at: iso(this.#deps.now()),
      calls: this.state.calls(scope),
      agents: this.state.agents(scope),
      pauses: pauseViews(this.#deps.pauses()),
      callOut: callOutView(this.#deps.callOutRules(), scope.all),
      today: this.#today.view(scope.all),
      context: this.#contextFor(scope),
      transfers: this.state.transfers(scope.own),
    }
    return frame('snapshot', data, this.#changes.position ?? undefined)
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { feed, log } = this.#deps
    const backoff = new Backoff(retryFirstMs, retryMaxMs)
    while (!signal.aborted) {
      try {
        const snapshot = await feed.snapshot()
        this.state.restart(snapshot)
        this.#changes.restart(snapshot.position)
        this.#up = true
        this.restartAll()
        for await (const { position, event } of feed.changes(snapshot.position, signal)) {
          backoff.reset()
          this.#fold(position, event)
        }
      } catch (error) {
        // `FeedTooOld`: the stream was trimmed beyond this position. A new snapshot is enough.
        if (!signal.aborted && !(error instanceof FeedTooOld))
          log.warn({ error: String(error) }, 'the live feed lost the event stream')
      }
      if (signal.aborted) return
      this.#up = false
      this.#beat()
      await backoff.pause(signal)
    }
  }

  #fold(position: StreamPosition, event: AcdEvent): void {
    const wasPresent = event.subject === 'call' && this.state.isCallerPresent(event.id)
    const change = this.state.apply(position, event)
    this.#deliver(change)
    this.#changes.add(change)
    this.#changedAt = this.#deps.now()
    if (event.subject !== 'call') return
    const { after } = event
    measureCall(this.#deps.metrics, event, this.#deps)
    if (after.phase === 'ended' || !isCallerPresent(after)) return
    if (event.event.type === 'CallArrived' && this.#hasAgents()) this.#startContext(event.id)
    for (const agent of change.concerned)
      if (!wasPresent || !change.concernedBefore.includes(agent)) this.#sendContext(agent, event.id)
  }

  /** First to the agents concerned: their phone is ringing and needs the caller's card; a board can wait a moment. */
  #deliver(change: Change): void {
    const isConcerned = ({ scope }: LiveReader) => scope.own !== null && change.concerned.includes(scope.own)
    for (const reader of this.#readers) if (isConcerned(reader)) reader.change(change)
    for (const reader of this.#readers) if (!isConcerned(reader)) reader.change(change)
  }

  #missedSince(lastSeen: string, scope: Scope): string | null {
    const missed = this.#changes.since(lastSeen, scope)
    if (missed === null) return null
    const context = this.#contextFor(scope)
    return (
      missed +
      frame('today', this.#today.view(scope.all)) +
      (context === null ? '' : frame('context', context))
    )
  }

  /** Without an open page of an agent who may see it no caller context is needed. */
  #hasAgents(): boolean {
    for (const { scope } of this.#readers) if (scope.own !== null && scope.signed) return true
    return false
  }

  #startContext(call: CallId): void {
    this.#contexts.start(call).catch((error: unknown) => {
      this.#deps.log.warn({ call, error: nameOf(error) }, 'previous calls could not be read')
    })
  }

  #contextFor({ own, signed }: Scope): CallContext | null {
    const call = own === null || !signed ? null : callOf(this.state.agent(own))
    if (call === null || !this.state.isCallerPresent(call)) return null
    const context = this.#contexts.of(call)
    if (context === null) this.#startContext(call)
    return context
  }

  /** A context that is still being read follows when it is ready. */
  #sendContext(agent: AgentId, call: CallId): void {
    const context = this.#contexts.of(call)
    if (context === null) this.#startContext(call)
    else {
      const text = frame('context', context)
      for (const reader of this.#readers)
        if (reader.scope.own === agent && reader.scope.signed) reader.send(text)
    }
  }

  #contextReady(context: CallContext): void {
    const text = frame('context', context)
    for (const reader of this.#readers) {
      const { own, signed } = reader.scope
      if (own !== null && signed && this.state.concerns(CallId(context.callId), own)) reader.send(text)
    }
  }

  #beatText(position: StreamPosition | null): string {
    const data = { at: iso(this.#deps.now()), lineUp: this.lineUp }
    return frame('beat', data, position ?? undefined)
  }

  #beat(): void {
    const text = this.#beatText(this.#changes.position)
    for (const reader of this.#readers) reader.send(text)
  }

  async #tick(): Promise<void> {
    const { metrics, now, log } = this.#deps
    const counts = this.state.counts(now())
    metrics.freeAgents.set(counts.free)
    for (const state of signedInStates) metrics.agents.set({ state }, counts.states.get(state) ?? 0)
    // A queue that has been removed has no row.
    metrics.waiting.reset()
    for (const { id } of this.#deps.queues())
      metrics.waiting.set({ queue: id }, this.state.waitingIn(id, now()).waiting)
    measureTargets(metrics, this.#deps)
    if (this.#readers.size === 0) return
    if (now() - this.#changedAt < settleMs || now() - this.#refreshedAt > idleRefreshMs) {
      this.#refreshedAt = now()
      try {
        await this.#today.refresh()
      } catch (error) {
        log.warn({ error: nameOf(error) }, 'today’s figures could not be read')
      }
    }
    const whole = frame('today', this.#today.view(true))
    if (whole === this.#todayText) return
    this.#todayText = whole
    const short = frame('today', this.#today.view(false))
    for (const reader of this.#readers) reader.send(reader.scope.all ? whole : short)
  }
}

const isSame = (one: Scope, other: Scope): boolean =>
  one.all === other.all && one.own === other.own && one.signed === other.signed

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')
