/**
 * Performs effects, in order per call and only once their commit is saved. Effects that fail because the PBX or the
 * jobs are away are kept, to be repeated.
 */
import type { Logger } from 'pino'
import type { CallEvent } from '../core/call-event.ts'
import type { Effect } from '../core/effect.ts'
import type { CallId } from '../core/ids.ts'
import { KeyedQueue } from './keyed-queue.ts'
import type { Outcome, Performer } from './perform.ts'
import type { Clock, Commit } from './ports.ts'
import type { StateWriter } from './state-writer.ts'

/** Effects that could not be performed. */
export interface Undone {
  /** The commit that they belong to; null for effects that only repeat what a state asks for. */
  readonly commit: string | null
  /** The call in whose order they are performed; null when an earlier process left them. */
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
  /** False once another node may be the owner. */
  readonly mayPerform: () => boolean
  readonly log: Logger
  /** An event of the call that followed from an effect. */
  readonly followed: (call: CallId, event: CallEvent) => void
  /** Another offer may be made. */
  readonly eased: () => void
}

/**
 * While so many commands to ring a phone or to connect a conversation are pending, no other phone is rung. Otherwise a
 * PBX that is slow to connect would ring more agents, who wait in silence and hang up, and every call would be retried.
 */
const joiningMax = 12

/**
 * Half of them taking so long means that the PBX is overloaded: more callers would make it slower for all, until it
 * answers none (decision 0032). A phone alone may take 300 ms to clear its last call (`asterisk/ari/channel-registry.ts`).
 */
const lateMs = 500
const lateMin = joiningMax / 2

/** Commands to the caller's channel alone, for which no phone's ring waits. */
const besideRing: ReadonlySet<Effect['do']> = new Set([
  'AnswerCaller',
  'SignalProgress',
  'StartMusic',
  'StopMusic',
  'Play',
  'StopPlaying',
])

/** How long a stop waits for effects that are being performed. */
const stopWithinMs = 3_000

export class EffectQueue {
  readonly #deps: EffectQueueDeps
  readonly #tasks: KeyedQueue
  #undone: Undone[] = []
  /** Rings and connections that are pending. */
  readonly #joining = new Set<Join>()
  /** Per call, how many queued tasks have effects that a ring must not overtake. */
  readonly #ordered = new Map<string, number>()

  constructor(deps: EffectQueueDeps) {
    this.#deps = deps
    this.#tasks = new KeyedQueue((error) => deps.log.error({ err: error }, 'a queued task failed'))
  }

  /** Sends the commit now, in the order of the changes; its effects are performed once the reply has come. */
  save(key: string, commit: Commit): Promise<void> {
    const sent = this.#deps.stateWriter.save(commit)
    const [first] = commit.effects
    const call = key as CallId
    // The phone rings while the caller is still being answered.
    const ring =
      first?.do === 'RingAgent' && !this.#ordered.has(key)
        ? sent.then((saved) => (saved === 'dropped' ? 'not done' : this.#perform(call, first)))
        : null
    // The task below reports a failure.
    ring?.catch(() => undefined)
    return this.#post(key, commit.effects, async () => {
      if ((await sent) === 'dropped' || commit.effects.length === 0) return
      await this.#performCommit(call, commit.id, commit.effects, ring)
    })
  }

  /** Whether another phone may be rung. */
  mayRing(): boolean {
    return this.#joining.size < joiningMax
  }

  /** Whether the PBX takes too long to connect the callers it already has. */
  isStrained(): boolean {
    const lateSince = this.#deps.clock.monotonic() - lateMs
    return [...this.#joining].filter(({ sinceMs }) => sinceMs < lateSince).length >= lateMin
  }

  /** Queues a task in the order of its call. Rings and connections count as pending until it is over. */
  #post(key: string, effects: readonly Effect[], task: () => Promise<void>): Promise<void> {
    const sinceMs = this.#deps.clock.monotonic()
    const joins = effects
      .filter(({ do: what }) => what === 'RingAgent' || what === 'Connect')
      .map((): Join => ({ sinceMs }))
    for (const join of joins) this.#joining.add(join)
    const isOrdered = effects.some(({ do: what }) => !besideRing.has(what))
    if (isOrdered) this.#count(key, 1)
    const done = this.#tasks.post(key, async () => {
      try {
        await task()
      } finally {
        if (isOrdered) this.#count(key, -1)
      }
    })
    return joins.length === 0 ? done : done.then(() => this.#joined(key, joins))
  }

  #count(key: string, by: 1 | -1): void {
    const now = (this.#ordered.get(key) ?? 0) + by
    if (now === 0) this.#ordered.delete(key)
    else this.#ordered.set(key, now)
  }

  /** Goes through the queue, which reports a failure. */
  #joined(key: string, joins: readonly Join[]): Promise<void> | undefined {
    const wasFull = !this.mayRing()
    for (const join of joins) this.#joining.delete(join)
    return wasFull ? this.#tasks.post(`eased by ${key}`, async () => this.#deps.eased()) : undefined
  }

  /** Performs effects that need no commit: they repeat a decision that is saved already. */
  perform(call: CallId, effects: readonly Effect[]): Promise<void> {
    return this.#post(call, effects, () => this.#performCommit(call, null, effects))
  }

  /** Keeps effects that an earlier process had saved and perhaps not performed. */
  keep(undone: readonly Undone[]): void {
    this.#undone.push(...undone)
  }

  /** Hands out the effects that could not be performed, to be repeated. */
  takeUndone(): readonly Undone[] {
    const undone = this.#undone
    this.#undone = []
    return undone
  }

  /**
   * Performs the effects that are still wanted when their turn comes. Once all are performed, the commit is
   * acknowledged.
   */
  repeat({ commit, call, effects }: Undone, isStillPending: (effect: Effect) => boolean): Promise<void> {
    const key = call ?? ('repeated' as CallId)
    return this.#post(key, effects, () => this.#performCommit(key, commit, effects.filter(isStillPending)))
  }

  /** Whether an effect of this call is being performed, is queued, or is to be repeated. */
  isAtWorkFor(call: CallId): boolean {
    return this.#tasks.isBusy(call) || this.#undone.some((one) => one.call === call)
  }

  /** Resolves when everything queued so far is done, or after a bound. */
  async drained(): Promise<void> {
    const { promise: bound, resolve } = Promise.withResolvers<void>()
    const callOff = this.#deps.clock.after(stopWithinMs, resolve)
    await Promise.race([this.#tasks.drained(), bound])
    callOff()
  }

  /** `ring`: the first effect's outcome, where it is being performed already. */
  async #performCommit(
    call: CallId,
    commit: string | null,
    effects: readonly Effect[],
    ring: Promise<Outcome> | null = null,
  ): Promise<void> {
    const left = await this.#performAll(call, effects, ring)
    if (left.length > 0) this.#undone.push({ commit, call, effects: left })
    else if (commit !== null) this.#deps.stateWriter.performed(commit)
  }

  /** Answers the effects that could not be performed. */
  async #performAll(
    call: CallId,
    effects: readonly Effect[],
    ring: Promise<Outcome> | null,
  ): Promise<readonly Effect[]> {
    const left: Effect[] = []
    for (const effect of effects) {
      const isRung = ring !== null && effect === effects[0]
      const outcome = await (isRung ? ring : this.#perform(call, effect))
      if (outcome === 'not done') left.push(effect)
      // The event's own effects are queued behind the present task.
      else if (outcome !== null) this.#deps.followed(call, outcome)
    }
    return left
  }

  async #perform(call: CallId, effect: Effect): Promise<Outcome> {
    const { performer, mayPerform } = this.#deps
    return mayPerform() ? performer.perform(call, effect) : 'not done'
  }
}
