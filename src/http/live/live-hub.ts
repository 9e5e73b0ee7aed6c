/**
 * One reader of the line for all pages of this process: it folds the events once and hands each change to
 * whom it concerns, at once. Whatever goes wrong upstream ends in a new snapshot for everybody.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { CallId } from '../../core/ids.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { AcdEvent, StreamPosition } from '../../core/acd-event.ts'
import type { Metrics } from '../../metrics.ts'
import { FeedTooOld } from '../../acd/ports.ts'
import type { AcdFeed } from '../../acd/ports.ts'
import { CallContexts } from './caller-context.ts'
import { LiveChanges } from './live-changes.ts'
import { LiveLine, callOf } from './live-line.ts'
import type { Change, Scope } from './live-line.ts'
import type { LiveReader } from './live-reader.ts'
import { iso } from '../shell/iso-time.ts'
import type { Names } from '../shell/names.ts'
import { frame } from '../shell/sse.ts'
import type { TodayFigures } from './today.ts'
import type { CallContext } from './wire.ts'

const beatEveryMs = 2_000
const pauseMaxMs = 1_000
const stopMaxMs = 1_000
/** The ledger is a moment behind the line: its figures are asked for so long after the last change. */
const settleMs = 5_000
const idleRefreshMs = 30_000

export interface HubDeps {
  readonly feed: AcdFeed
  readonly names: Names
  readonly metrics: Metrics
  readonly log: FastifyBaseLogger
  readonly now: () => Millis
  /** Whether calls would be answered, beside this reader's own state. */
  readonly lineReady: () => boolean
  readonly askContext: (call: CallId, line: LiveLine) => Promise<CallContext>
  readonly today: (line: LiveLine) => TodayFigures
  /** What this session may see as it is now; null once it has ended, undefined while that cannot be known. */
  readonly scopeNow: (token: string) => Promise<Scope | null | undefined>
}

export class LiveHub {
  readonly #deps: HubDeps
  readonly line: LiveLine
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
    this.line = new LiveLine(deps.names)
    this.#today = deps.today(this.line)
    this.#contexts = new CallContexts(
      (call) => deps.askContext(call, this.line),
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
    // A feed that waits for a Redis that is away may never notice; nothing is lost by leaving it.
    await Promise.race([this.#running, pause(stopMaxMs, undefined, { ref: false })])
  }

  get lineUp(): boolean {
    return this.#up && this.#deps.lineReady()
  }

  get readers(): number {
    return this.#readers.size
  }

  /** Of one session. */
  readersOf(token: string): number {
    let count = 0
    for (const reader of this.#readers) if (reader.token === token) count++
    return count
  }

  /** From now on the reader receives what concerns him; first what he missed, or a snapshot. */
  add(reader: LiveReader, lastSeen: string | null): void {
    this.#readers.add(reader)
    this.#deps.metrics.liveFeeds.set(this.#readers.size)
    // Without a position: a connection that is cut before what follows must not resume after it.
    reader.send(this.#beatText(null))
    // Without a snapshot yet: the reader gets it with everybody else.
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

  /** Ends the feeds whose session is over, and those opened with other rights: they come again with those of now. */
  async endOldSessions(): Promise<void> {
    for (const token of new Set([...this.#readers].map((reader) => reader.token))) {
      const now = await this.#deps.scopeNow(token)
      if (now === undefined) continue
      for (const reader of this.#readers) {
        const { all, own } = reader.scope
        if (reader.token === token && (now === null || now.all !== all || now.own !== own)) reader.end()
      }
    }
  }

  /** Everybody starts again (names have changed). */
  restartAll(): void {
    if (this.#changes.position === null) return
    for (const reader of this.#readers) reader.restart()
  }

  snapshotText(scope: Scope): string {
    const data = {
      at: iso(this.#deps.now()),
      calls: this.line.calls(scope),
      agents: this.line.agents(scope),
      today: this.#today.view(),
      context: this.#contextFor(scope),
    }
    return frame('snapshot', data, this.#changes.position ?? undefined)
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { feed, log } = this.#deps
    let pauseMs = 0
    while (!signal.aborted) {
      try {
        const snapshot = await feed.snapshot()
        this.line.restart(snapshot)
        this.#changes.restart(snapshot.position)
        this.#up = true
        this.restartAll()
        for await (const { position, event } of feed.changes(snapshot.position, signal)) {
          pauseMs = 0
          this.#fold(position, event)
        }
      } catch (error) {
        // A stream that no longer reaches back that far needs only a new snapshot.
        if (!signal.aborted && !(error instanceof FeedTooOld))
          log.warn({ error: String(error) }, 'the live feed lost the line')
      }
      if (signal.aborted) return
      this.#up = false
      this.#beat()
      pauseMs = Math.min(pauseMaxMs, pauseMs * 2 + 50)
      // Stopping cuts the pause short; that is no failure.
      await pause(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }

  #fold(position: StreamPosition, event: AcdEvent): void {
    const change = this.line.apply(position, event)
    this.#deliver(change)
    this.#changes.add(change)
    this.#changedAt = this.#deps.now()
    if (event.subject !== 'call') return
    if (event.after.phase === 'ended') this.#deps.metrics.calls.inc({ outcome: event.after.outcome })
    else if (event.event.type === 'CallArrived' && this.#hasAgents()) this.#startContext(event.id)
    const { holder } = change
    if (holder !== null && holder !== change.heldBefore) this.#sendContext(holder, event.id)
  }

  /** The agent whom it concerns first: a ringing phone waits for his card, a board can wait a moment. */
  #deliver(change: Change): void {
    const isConcerned = ({ scope }: LiveReader) => scope.own !== null && scope.own === change.holder
    for (const reader of this.#readers) if (isConcerned(reader)) reader.change(change)
    for (const reader of this.#readers) if (!isConcerned(reader)) reader.change(change)
  }

  #missedSince(lastSeen: string, scope: Scope): string | null {
    const missed = this.#changes.since(lastSeen, scope)
    if (missed === null) return null
    const context = this.#contextFor(scope)
    return missed + frame('today', this.#today.view()) + (context === null ? '' : frame('context', context))
  }

  // ---- what is known of callers ----------------------------------------------------------------

  /** Where no agent's page is open, nobody waits for a card. */
  #hasAgents(): boolean {
    for (const { scope } of this.#readers) if (scope.own !== null) return true
    return false
  }

  #startContext(call: CallId): void {
    this.#contexts.start(call).catch((error: unknown) => {
      this.#deps.log.warn({ call, error: nameOf(error) }, 'previous calls are not known')
    })
  }

  #contextFor({ own }: Scope): CallContext | null {
    const call = own === null ? null : callOf(this.line.agent(own))
    if (call === null) return null
    const context = this.#contexts.of(call)
    if (context === null) this.#startContext(call)
    return context
  }

  /** What is not known yet follows when it is. */
  #sendContext(agent: AgentId, call: CallId): void {
    const context = this.#contexts.of(call)
    if (context === null) this.#startContext(call)
    else {
      const text = frame('context', context)
      for (const reader of this.#readers) if (reader.scope.own === agent) reader.send(text)
    }
  }

  #contextReady(context: CallContext): void {
    const text = frame('context', context)
    for (const reader of this.#readers) {
      const { own } = reader.scope
      if (own !== null && this.line.concerns(CallId(context.callId), own)) reader.send(text)
    }
  }

  // ---- by the clock ----------------------------------------------------------------------------

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
    const counts = this.line.counts(now())
    metrics.waiting.set(counts.waiting)
    metrics.freeAgents.set(counts.free)
    if (this.#readers.size === 0) return
    if (now() - this.#changedAt < settleMs || now() - this.#refreshedAt > idleRefreshMs) {
      this.#refreshedAt = now()
      try {
        await this.#today.refresh()
      } catch (error) {
        log.warn({ error: nameOf(error) }, 'the figures of today are not known')
      }
    }
    const text = frame('today', this.#today.view())
    if (text === this.#todayText) return
    this.#todayText = text
    for (const reader of this.#readers) reader.send(text)
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')
