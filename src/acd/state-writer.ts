/**
 * Saves commits in order. While Redis is away, commits are remembered; when it is back, the owner's memory is written
 * over whatever is there.
 */
import type { Logger } from 'pino'
import type { AcdEvent } from '../core/acd-event.ts'
import type { AcdState } from './acd-state.ts'
import {
  StoreUnavailable,
  type Clock,
  type Commit,
  type EventSpool,
  type AcdStore,
  type OwedEffects,
  type AcdMeter,
} from './ports.ts'

/** `saved`, or `unsaved` while Redis is away (performed all the same); `dropped` once this node is not the owner. */
export type Saved = 'saved' | 'unsaved' | 'dropped'

const retryMs = 100
/**
 * How long acknowledgements are gathered: one of its own costs a third of a commit
 * (docs/measurements/2026-11-29-redis-round-trips.md). A node that takes over meanwhile repeats these effects, which does
 * no harm.
 */
const acknowledgeAfterMs = 100
/** Events kept for Redis while it is away; the spool on disk has all of them for the ledger. */
const missedMax = 20_000

export interface StateWriterDeps {
  readonly store: AcdStore
  readonly spool: EventSpool
  readonly acdState: AcdState
  readonly clock: Clock
  readonly meter: AcdMeter
  readonly log: Logger
  /** The lease is gone: this node must stop acting. */
  readonly lost: () => void
  /** Saving works again: offers may be made. */
  readonly recovered: () => void
}

export class StateWriter {
  readonly #deps: StateWriterDeps
  #missed: AcdEvent[] = []
  /** Sent, and not yet answered. */
  readonly #unanswered = new Set<Commit>()
  /** Effects that are not performed yet, by their commit: a node that takes over after a crash performs them. */
  readonly #owed = new Map<string, OwedEffects>()
  /** Commits whose effects are performed, to be acknowledged. */
  #performed: string[] = []
  #acknowledgeLater: (() => void) | null = null
  #away = false
  /** Whether the state has been loaded into memory. Before that, nothing is written over what Redis has. */
  #begun = false
  #ended = false
  #lost = false

  constructor(deps: StateWriterDeps) {
    this.#deps = deps
    deps.store.onState(({ up, restarted }) => {
      if (this.#begun && (!up || this.#away || restarted)) void this.#recover()
    })
  }

  get away(): boolean {
    return this.#away
  }

  /** The state has been loaded, with the effects that an earlier owner left. */
  begin(left: readonly OwedEffects[] = []): void {
    this.#begun = true
    for (const owed of left) this.#owed.set(owed.commit, owed)
  }

  async save(commit: Commit): Promise<Saved> {
    const { store, spool, meter, clock } = this.#deps
    if (this.#ended) return 'dropped'
    if (commit.effects.length > 0) this.#owed.set(commit.id, { commit: commit.id, effects: commit.effects })
    if (this.#away) return this.#remember(commit)
    const startedAt = clock.monotonic()
    this.#unanswered.add(commit)
    try {
      const answer = await store.commit(commit)
      meter.committed(clock.monotonic() - startedAt)
      if (answer === 'SAVED') {
        // Only now: an event that was fenced off, or never reached Redis because of a crash, did not happen.
        spool.add(commit.events)
        return 'saved'
      }
      if (answer === 'FENCED') return this.#fenced()
      // No other node may write while the lease is held: this is a bug, or Redis came back with an older state.
      meter.alarm('state was stale')
      return this.#remember(commit)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      // A reply that is merely late breaks no connection, so no `up` would follow.
      return this.#remember(commit)
    } finally {
      this.#unanswered.delete(commit)
    }
  }

  /** All effects of the commit are performed. A failed acknowledgement has them repeated, which does no harm. */
  performed(commit: string): void {
    this.#owed.delete(commit)
    // While Redis is away, the later overwrite acknowledges it.
    if (this.#away) return
    this.#performed.push(commit)
    if (this.#ended) this.#acknowledge()
    else
      this.#acknowledgeLater ??= this.#deps.clock.after(acknowledgeAfterMs, () => {
        this.#acknowledge()
      })
  }

  #acknowledge(): void {
    this.#acknowledgeLater?.()
    this.#acknowledgeLater = null
    const commits = this.#performed
    this.#performed = []
    if (this.#away || commits.length === 0) return
    this.#deps.store.acknowledge(commits).catch((error: unknown) => {
      this.#deps.log.debug({ err: error }, 'effects not acknowledged; they may be repeated')
    })
  }

  stop(): void {
    this.#ended = true
    this.#acknowledge()
  }

  /** Another node is the owner and started from what Redis had: events that Redis never had did not happen. */
  lose(): void {
    this.#ended = true
    this.#lost = true
    this.#deps.spool.withdraw(this.#missed)
  }

  #remember(commit: Commit): Saved {
    if (this.#lost) return 'dropped'
    this.#deps.spool.add(commit.events)
    this.#missed.push(...commit.events)
    if (this.#missed.length > missedMax) this.#missed.splice(0, this.#missed.length - missedMax)
    void this.#recover()
    return 'unsaved'
  }

  #fenced(): Saved {
    if (this.#ended) return 'dropped'
    this.#deps.meter.alarm('lease lost')
    this.#deps.lost()
    return 'dropped'
  }

  #recovering = false

  async #recover(): Promise<void> {
    this.#away = true
    if (this.#recovering) return
    this.#recovering = true
    const { store, acdState, clock, log, recovered } = this.#deps
    try {
      while (!this.#ended) {
        const missed = [...this.#missed]
        const calls = acdState.calls().map(({ value, version }) => ({ call: value, version }))
        const agents = acdState.agents().map(({ value, version }) => ({ agent: value, version }))
        // Memory is also ahead of the unanswered commits; a reader drops duplicates by their number.
        const sent = [...this.#unanswered].flatMap(({ events }) => events)
        const events = sent.length === 0 ? missed : inOrder([...sent, ...missed])
        const effects = [...this.#owed.values()]
        const saved = await store.overwrite({ calls, agents, effects }, events).catch(() => 'AWAY' as const)
        // Changes made before the reply came are for the next round.
        if (saved === 'SAVED') {
          this.#missed = this.#missed.slice(missed.length)
          this.#performed.push(...effects.flatMap(({ commit }) => (this.#owed.has(commit) ? [] : [commit])))
        }
        if (saved === 'SAVED' && this.#missed.length === 0) {
          this.#away = false
          this.#acknowledge()
          log.warn({ events: events.length }, 'state written back to redis')
          recovered()
          return
        }
        // FENCED here: the lease has yet to be renewed in the new Redis, or it is lost, which the lease reports.
        await new Promise<void>((resolve) => clock.after(saved === 'SAVED' ? 0 : retryMs, resolve))
      }
    } finally {
      this.#recovering = false
    }
  }
}

/** Each event once, and those of one call or agent in the order of their numbers. */
function inOrder(events: readonly AcdEvent[]): readonly AcdEvent[] {
  const once = [...new Map(events.map((event) => [`${subjectOf(event)} ${event.seq}`, event])).values()]
  const sorted = Map.groupBy(
    once.toSorted((a, b) => a.seq - b.seq),
    subjectOf,
  )
  return once.flatMap((event) => sorted.get(subjectOf(event))?.shift() ?? [])
}

const subjectOf = ({ subject, id }: AcdEvent): string => `${subject} ${id}`
