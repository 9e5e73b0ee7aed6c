/**
 * The tool's own record of each caller: when they came, in which queue they wait and whether at its front, as far as events tell.
 * The times and priorities that the product keeps are not read.
 */
import type { CallEvent } from '../../../src/core/call-event.ts'
import type { Call, LiveCall } from '../../../src/core/call.ts'
import type { CallId, Millis, QueueId } from '../../../src/core/ids.ts'
import { invariant } from '../../../src/core/invariant.ts'
import type { Queue } from '../../../src/core/queue.ts'
import type { Day, DayCaller } from '../scenario.ts'

export interface Tracked {
  readonly caller: DayCaller
  queue: Queue
  isAtFront: boolean
  /** Of the latest of their calls. */
  phase: Call['phase'] | 'to come'
  since: Millis
  /** Of a promised call: it may be offered from then on. */
  dueFrom: Millis
  /** When a callback was promised; null: none was. */
  promisedAt: Millis | null
  attempts: number
  missesLeft: number
  inVainLeft: number
  servedAt: Millis | null
  /** What they were told, in minutes; infinite: more than thirty. */
  readonly told: { readonly at: Millis; readonly minutes: number; readonly place: number }[]
}

export class Callers {
  readonly #byCall = new Map<CallId, Tracked>()
  readonly #queues: ReadonlyMap<QueueId, Queue>
  readonly #callbackAgainMs: Millis
  /** Those who may be offered, on the line or to be called back. */
  readonly waiting = new Set<Tracked>()

  constructor({ callers, queues, rules }: Day) {
    this.#queues = new Map(queues.map((queue) => [queue.id, queue]))
    this.#callbackAgainMs = rules.callbackAgainMs
    for (const caller of callers)
      this.#byCall.set(caller.id, {
        caller,
        queue: caller.queue,
        isAtFront: false,
        phase: 'to come',
        since: 0,
        dueFrom: 0,
        promisedAt: null,
        attempts: 0,
        missesLeft: caller.misses,
        inVainLeft: caller.inVain,
        servedAt: null,
        told: [],
      })
  }

  of(id: CallId): Tracked {
    const tracked = this.#byCall.get(id)
    invariant(tracked !== undefined, `nobody has made the call ${id}`)
    return tracked
  }

  all(): Iterable<Tracked> {
    return new Set(this.#byCall.values())
  }

  /** The caller of this call, after the event. */
  changed(before: LiveCall | null, event: CallEvent, after: Call, now: Millis): Tracked {
    if (after.callback !== null && before === null) this.#byCall.set(after.id, this.of(after.callback.of))
    const tracked = this.of(after.id)
    // The first call ends, after it has led to a callback.
    if (tracked.promisedAt !== null && after.callback === null && event.type !== 'CallbackPromised') {
      // Until then the number is busy: the citizen hears that they will be called.
      if (after.phase === 'ended') tracked.dueFrom = Math.max(tracked.dueFrom, now)
      return tracked
    }
    if (event.type === 'CallOverflowed' || event.type === 'CallMoved') {
      const queue = this.#queues.get(event.queue)
      invariant(queue !== undefined, 'a caller was moved to a queue that is not there')
      tracked.queue = queue
      if (event.type === 'CallMoved' && event.toFront) tracked.isAtFront = true
    }
    if (event.type === 'CallbackPromised') tracked.promisedAt = now
    if (before === null && after.callback !== null) {
      tracked.attempts += 1
      tracked.dueFrom = tracked.attempts === 1 ? now : now + this.#callbackAgainMs
    } else if (after.phase === 'promised' && before?.phase !== 'promised') tracked.dueFrom = now
    if (tracked.phase !== after.phase) tracked.since = now
    tracked.phase = after.phase
    if (after.phase === 'talking') tracked.servedAt ??= now
    if (after.phase === 'waiting' || after.phase === 'promised') this.waiting.add(tracked)
    else this.waiting.delete(tracked)
    return tracked
  }

  /** In their queue, callbacks included; 1 is the first. */
  placeOf({ queue, caller: { at } }: Tracked): number {
    let place = 1
    for (const other of this.waiting) if (other.queue === queue && other.caller.at < at) place += 1
    return place
  }
}
