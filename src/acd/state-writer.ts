/**
 * Saves commits in order, and keeps the owner going while Redis is away: what could not be saved is
 * remembered, and when Redis is back the owner's memory is written over whatever is there.
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

/** `saved`, or `unsaved` while Redis is away (performed all the same); `dropped` when we own nothing any more. */
export type Saved = 'saved' | 'unsaved' | 'dropped'

const retryMs = 100
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
  /** Effects that are not performed, by their commit: who takes over after a crash must know what is owed. */
  readonly #owed = new Map<string, OwedEffects>()
  #away = false
  /** Whether memory holds the line. Before, there is nothing to be written over what Redis has. */
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

  /** The line has been loaded, with what an earlier owner has left undone. */
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
        // Not before: what another owner has fenced off, or a crash kept from Redis, never happened.
        spool.add(commit.events)
        return 'saved'
      }
      if (answer === 'FENCED') return this.#fenced()
      // Nobody else may write while the lease is ours, so this is a bug or an older state come back.
      meter.alarm('state was stale')
      return this.#remember(commit)
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error
      // A reply that is merely late breaks no connection, so no `up` would tell that Redis is back.
      return this.#remember(commit)
    } finally {
      this.#unanswered.delete(commit)
    }
  }

  /** All effects of the commit are done; a failure leaves them to be repeated, which does no harm. */
  performed(commit: string): void {
    this.#owed.delete(commit)
    // Redis is told by what is written back.
    if (!this.#away) this.#acknowledge(commit)
  }

  #acknowledge(commit: string): void {
    this.#deps.store.acknowledge(commit).catch((error: unknown) => {
      this.#deps.log.debug({ err: error }, 'effects not acknowledged; they may be repeated')
    })
  }

  stop(): void {
    this.#ended = true
  }

  /** The line is another's, who took it as Redis had it: what Redis never had did not happen. */
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
        // Memory is ahead of what was sent as well; a reader drops what it knows by its number.
        const sent = [...this.#unanswered].flatMap(({ events }) => events)
        const events = sent.length === 0 ? missed : asTheyHappened([...sent, ...missed])
        const effects = [...this.#owed.values()]
        const saved = await store.overwrite({ calls, agents, effects }, events).catch(() => 'AWAY' as const)
        // What was changed until the reply was there is for the next round.
        if (saved === 'SAVED') {
          this.#missed = this.#missed.slice(missed.length)
          for (const { commit } of effects) if (!this.#owed.has(commit)) this.#acknowledge(commit)
        }
        if (saved === 'SAVED' && this.#missed.length === 0) {
          this.#away = false
          log.warn({ events: events.length }, 'line written back to redis')
          recovered()
          return
        }
        // FENCED here: the lease has yet to be renewed in the new Redis, or it is lost and we are told.
        await new Promise<void>((resolve) => clock.after(saved === 'SAVED' ? 0 : retryMs, resolve))
      }
    } finally {
      this.#recovering = false
    }
  }
}

/** Each once, and those of one call or agent in the order of their numbers: the last one says how things stand. */
function asTheyHappened(events: readonly AcdEvent[]): readonly AcdEvent[] {
  const once = [...new Map(events.map((event) => [`${subjectOf(event)} ${event.seq}`, event])).values()]
  const sorted = Map.groupBy(
    once.toSorted((a, b) => a.seq - b.seq),
    subjectOf,
  )
  return once.flatMap((event) => sorted.get(subjectOf(event))?.shift() ?? [])
}

const subjectOf = ({ subject, id }: AcdEvent): string => `${subject} ${id}`
