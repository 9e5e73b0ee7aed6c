/**
 * Does what was decided, in order per call and only once it is saved. What could not be done (the PBX or
 * the jobs are away) is kept, to be repeated.
 */
import type { Logger } from 'pino'
import type { CallEvent } from '../core/call-event.ts'
import type { Effect } from '../core/effect.ts'
import type { CallId } from '../core/ids.ts'
import { KeyedQueue } from './keyed-queue.ts'
import type { Performer } from './perform.ts'
import type { Clock, Commit } from './ports.ts'
import type { StateWriter } from './state-writer.ts'

/** Effects that could not be done. */
export interface Undone {
  /** The commit that they belong to; null when they only repeat what a state asks for. */
  readonly commit: string | null
  /** The call in whose order they are done; null when an earlier process left them. */
  readonly call: CallId | null
  readonly effects: readonly Effect[]
}

interface Join {
  /** When it was decided, by the monotonic clock. */
  readonly sinceMs: number
}

export interface EffectQueueDeps {
  readonly stateWriter: Pick<StateWriter, 'save' | 'performed'>
  readonly performer: Performer
  readonly clock: Clock
  /** False once another node may own the line. */
  readonly mayPerform: () => boolean
  readonly log: Logger
  /** What followed from an effect, for its call. */
  readonly followed: (call: CallId, event: CallEvent) => void
  /** Another offer may be made. */
  readonly eased: () => void
}

/**
 * While so many commands to ring a phone or to connect a conversation are not done, no other phone is rung. A PBX that
 * is slow to connect would ring more agents, who wait in silence and hang up, and every call would be tried anew.
 */
const joiningMax = 12

/**
 * Half of them taking so long is a PBX with more than it can do: whoever is let in then makes it slower for all, until
 * it answers nobody (decision 0032). A phone alone may take 300 ms to let go of its last call (`asterisk/legs.ts`).
 */
const lateMs = 500
const lateMin = joiningMax / 2

/** A stop does not wait longer for what is being done. */
const stopWithinMs = 3_000

export class EffectQueue {
  readonly #deps: EffectQueueDeps
  readonly #mailbox: KeyedQueue
  #undone: Undone[] = []
  /** Rings and connections that are not done. */
  readonly #joining = new Set<Join>()

  constructor(deps: EffectQueueDeps) {
    this.#deps = deps
    this.#mailbox = new KeyedQueue((error) => deps.log.error({ err: error }, 'mailbox task failed'))
  }

  /** Saves now, in the order of the changes; what follows is done when the reply is there. */
  save(key: string, commit: Commit): Promise<void> {
    const sent = this.#deps.stateWriter.save(commit)
    return this.#post(key, commit.effects, async () => {
      if ((await sent) === 'dropped' || commit.effects.length === 0) return
      await this.#performCommit(key as CallId, commit.id, commit.effects)
    })
  }

  /** Whether another phone may be rung. */
  mayRing(): boolean {
    return this.#joining.size < joiningMax
  }

  /** Whether the PBX takes too long to bring those together who are here already. */
  isStrained(): boolean {
    const lateSince = this.#deps.clock.monotonic() - lateMs
    return [...this.#joining].filter(({ sinceMs }) => sinceMs < lateSince).length >= lateMin
  }

  /** In the order of its call. What rings or connects counts until it is done, or could not be. */
  #post(key: string, effects: readonly Effect[], task: () => Promise<void>): Promise<void> {
    const sinceMs = this.#deps.clock.monotonic()
    const joins = effects
      .filter(({ do: what }) => what === 'RingAgent' || what === 'Connect')
      .map((): Join => ({ sinceMs }))
    for (const join of joins) this.#joining.add(join)
    const done = this.#mailbox.post(key, task)
    return joins.length === 0 ? done : done.then(() => this.#joined(key, joins))
  }

  /** In the mailbox, which tells of what fails. */
  #joined(key: string, joins: readonly Join[]): Promise<void> | undefined {
    const wasFull = !this.mayRing()
    for (const join of joins) this.#joining.delete(join)
    return wasFull ? this.#mailbox.post(`eased by ${key}`, async () => this.#deps.eased()) : undefined
  }

  /** Performs effects that need no saving (they repeat what is already decided). */
  perform(call: CallId, effects: readonly Effect[]): Promise<void> {
    return this.#post(call, effects, () => this.#performCommit(call, null, effects))
  }

  /** What an earlier process had saved and perhaps not done. */
  keep(undone: readonly Undone[]): void {
    this.#undone.push(...undone)
  }

  /** Hands out what could not be done, to be repeated. */
  takeUndone(): readonly Undone[] {
    const undone = this.#undone
    this.#undone = []
    return undone
  }

  /**
   * Does what is left, as far as it is still right when its turn comes; all of it done, the commit is told
   * to be.
   */
  repeat({ commit, call, effects }: Undone, isStillPending: (effect: Effect) => boolean): Promise<void> {
    const key = call ?? ('repeated' as CallId)
    return this.#post(key, effects, () => this.#performCommit(key, commit, effects.filter(isStillPending)))
  }

  /** Whether something for this call is being done, waits for its turn, or is to be repeated. */
  isAtWorkFor(call: CallId): boolean {
    return this.#mailbox.isBusy(call) || this.#undone.some((one) => one.call === call)
  }

  /** Resolves when what was asked for so far is done, or when that takes too long. */
  async drained(): Promise<void> {
    const { promise: bound, resolve } = Promise.withResolvers<void>()
    const callOff = this.#deps.clock.after(stopWithinMs, resolve)
    await Promise.race([this.#mailbox.drained(), bound])
    callOff()
  }

  async #performCommit(call: CallId, commit: string | null, effects: readonly Effect[]): Promise<void> {
    const left = await this.#performAll(call, effects)
    if (left.length > 0) this.#undone.push({ commit, call, effects: left })
    else if (commit !== null) this.#deps.stateWriter.performed(commit)
  }

  /** Answers those that could not be done. */
  async #performAll(call: CallId, effects: readonly Effect[]): Promise<readonly Effect[]> {
    const { performer, mayPerform, followed } = this.#deps
    const left: Effect[] = []
    for (const effect of effects) {
      const outcome = mayPerform() ? await performer.perform(call, effect) : 'not done'
      if (outcome === 'not done') left.push(effect)
      // What it leads to posts to this same mailbox, behind the present task.
      else if (outcome !== null) followed(call, outcome)
    }
    return left
  }
}
