/** What the line has told, as the ledger takes it: every event of every call and agent, in order. */
import { isDeepStrictEqual } from 'node:util'
import type { AgentLineEvent, CallLineEvent, LineEvent } from '../../src/core/line-event.ts'
import type { CallId } from '../../src/core/ids.ts'
import { must } from './violation.ts'

/** Shorter conversations may have begun and ended between two words of Asterisk. */
const surelyTalkedMs = 1_500

export class History {
  readonly #events = new Map<string, LineEvent[]>()
  readonly #spooled = new Set<LineEvent>()
  /** Calls whose caller has been in a bridge with an agent, and since when (wall clock). */
  readonly #bridgedAt = new Map<CallId, number>()
  /** The same event with other content is allowed where a crash met a Redis that had lost something. */
  mayFork = false
  #transitions = 0

  get transitions(): number {
    return this.#transitions
  }

  bridged(call: CallId, at: number): void {
    if (!this.#bridgedAt.has(call)) this.#bridgedAt.set(call, at)
  }
  hasTalked(call: CallId): boolean {
    return this.#bridgedAt.has(call)
  }

  spooled(events: readonly LineEvent[]): void {
    this.#transitions += events.length
    for (const event of events) this.#spooled.add(event)
  }

  withdrawn(events: readonly LineEvent[]): void {
    for (const event of events) this.#spooled.delete(event)
  }

  /** An event in the stream; the ledger has it from now on. */
  told(event: LineEvent): void {
    const key = keyOf(event)
    const known = this.#events.get(key) ?? []
    this.#events.set(key, known)
    const before = known[event.seq - 1]
    if (before !== undefined) {
      if (isDeepStrictEqual(before, event)) return
      must(this.mayFork, 'one event, two contents', () => textOf(before, event))
      // What was remembered here is lost to the line, which went on from something older.
      known.length = event.seq - 1
    }
    if (event.seq !== known.length + 1) {
      // What Redis lost with its last second is in the spool.
      known[event.seq - 1] = event
      return
    }
    known.push(event)
    const previous = known[event.seq - 2]
    if (event.subject === 'call') this.#call(previous?.subject === 'call' ? previous : undefined, event)
    else this.#agent(previous?.subject === 'agent' ? previous : undefined, event)
  }

  #call(previous: CallLineEvent | undefined, event: CallLineEvent): void {
    const { after } = event
    const before = previous?.after
    const text = () => textOf(previous, event)
    must(before?.phase !== 'ended', 'an ended call went on', text)
    if (before === undefined) return
    const attempt = 'offer' in event.event && typeof event.event.offer === 'string' ? event.event.offer : null
    const present = 'offer' in before ? before.offer.id : null
    must(attempt === null || attempt === present, 'an event of another offer was taken', text)
    const keptPlace = before.queuedAt === null || before.queuedAt === after.queuedAt
    must(keptPlace && after.priority <= before.priority, 'a caller lost his place', text)
    must(
      before.answeredAt === null || before.answeredAt === after.answeredAt,
      'the first answer changed',
      text,
    )
    if (after.phase === 'talking') {
      must(this.#bridgedAt.has(event.id), 'talking without a bridge', text)
    }
    if (after.phase !== 'ended') return
    const counted = after.outcome === 'answered'
    must(counted === (after.answeredAt !== null), 'the outcome does not match the answer', text)
    must(!counted || this.#bridgedAt.has(event.id), 'answered although nobody talked', text)
  }

  #agent(previous: AgentLineEvent | undefined, event: AgentLineEvent): void {
    const before = previous?.after
    const { after } = event
    const text = () => textOf(previous, event)
    const attempt = 'offer' in event.event && typeof event.event.offer === 'string' ? event.event.offer : null
    const present = before !== undefined && 'offer' in before ? before.offer.id : null
    must(attempt === null || attempt === present, 'an event of another offer was taken', text)
    if (before?.state === 'wrap-up' && event.event.type === 'DeadlinePassed' && after.state !== 'wrap-up') {
      must(event.at >= before.until, 'wrap-up was cut short', text)
    }
    if (before?.state === 'wrap-up') {
      must(after.state !== 'offered' && after.state !== 'talking', 'called out of wrap-up', text)
    }
    if (before?.state === 'talking' && (after.state === 'offered' || after.state === 'talking')) {
      must(before.call === after.call, 'taken from one call into another', text)
    }
    if (before !== undefined && before.state !== 'ready' && after.state === 'offered') {
      must(before.state === 'offered', 'offered a call without being ready', text)
    }
  }

  /**
   * At the end: nothing is missing, and every call ended once, as it truly did. Where Redis has lost nothing,
   * its stream alone tells all.
   */
  close(
    calls: ReadonlyMap<CallId, { readonly arrived: boolean; readonly bridgedMs: number }>,
    { redisLost, recorded }: { readonly redisLost: boolean; readonly recorded: ReadonlySet<CallId> },
  ): void {
    if (!redisLost && !this.mayFork) this.#assertComplete()
    for (const event of this.#spooled) {
      const known = this.#events.get(keyOf(event)) ?? []
      // Of a fork only the branch that the line went on with is followed to its end.
      if (!this.mayFork || (event.seq <= known.length && known[event.seq - 1] === undefined)) this.told(event)
    }
    this.#assertComplete()
    // What was forgotten is not held against anybody.
    if (this.mayFork) return
    for (const [id, { arrived, bridgedMs }] of calls) {
      const events = this.#events.get(`call ${id}`)
      must(!arrived || events !== undefined, 'a call is not in the ledger', () => id)
      const last = events?.at(-1)
      if (last?.subject !== 'call') continue
      must(last.after.phase === 'ended', 'a call never ended', () => textOf(undefined, last))
      must(recorded.has(id), 'a recording was not handed over', () => textOf(undefined, last))
      const answered = last.after.phase === 'ended' && last.after.outcome === 'answered'
      must(answered || bridgedMs < surelyTalkedMs, 'a conversation counts as none', () =>
        textOf(undefined, last),
      )
    }
  }

  #assertComplete(): void {
    for (const [key, events] of this.#events) {
      const missing = Array.from(events).findIndex((event) => event === undefined)
      const text = () => `${key} has no number ${missing + 1} of ${events.length}`
      must(missing === -1, 'an event is missing', text)
    }
  }
}

const keyOf = (event: LineEvent): string => `${event.subject} ${event.id}`

export const textOf = (previous: LineEvent | undefined, event: LineEvent): string =>
  `${JSON.stringify(previous?.after)}\n    ── ${event.seq} ${JSON.stringify(event.event)} at ${event.at} ──►\n    ${JSON.stringify(event.after)}`
