/**
 * Overflow: callers of a queue who wait in another one instead, leave a message, or are asked whether they want to be called back,
 * because too many wait, they have waited too long, or nobody is signed in who could serve them. A caller overflows once, and keeps
 * the place that their arrival gives them in the other queue.
 */
import type { Queued, Waiting } from '../call.ts'
import { completeList } from '../complete-list.ts'
import { QueueId, type Millis } from '../ids.ts'
import type { Queue } from '../queue.ts'
import { waitStart } from '../reports/wait.ts'
import { compareWaiting, isAtFront } from '../routing.ts'

export const overflowReasons = completeList<OverflowReason>()(['length', 'wait', 'nobody signed in'])
export type OverflowReason = 'length' | 'wait' | 'nobody signed in'

/** A queue as an overflow sees it. */
export interface OverflowingQueue {
  readonly queue: Queue
  /** First one first. */
  readonly waiting: readonly Queued[]
  /** Agents with its skill at its least level who are signed in, also in a pause or a conversation. */
  readonly signedIn: number
}

/** Whether a way is open to a caller: `later`, once they hear nothing else; until then they stay. */
export type Openness = 'now' | 'later' | 'no'

/** Where callers overflow to who do not go on waiting in another queue. */
export const overflowWays = completeList<OverflowWay>()(['voicemail', 'callback'])
export type OverflowWay = 'voicemail' | 'callback'

export interface Overflowed {
  /** That of the caller, if they do not wait in another one. */
  readonly queue: QueueId
  readonly priority: number
  /** Absent: they wait in `queue` from now on. */
  readonly way?: OverflowWay
  /** Of the queue that is left. */
  readonly why: OverflowReason
}

/**
 * Whether the caller can overflow. The front of a queue is for callers whose agent was lost, who have been sent on, or whom a
 * supervisor has moved there: they are served next where they are.
 */
export const mayOverflow = (call: Waiting): boolean =>
  call.overflowedFrom === null && !isAtFront(call) && call.reservedFor === null

/**
 * Where the caller goes; null: they stay. `before`: callers of their queue who are served before them. A queue that would send them on
 * at once is passed over, so that the one move leads to where they can be served, or to a message or a question. `may`: whether
 * a way is open to this caller. The last queue takes them in any case.
 */
export function overflowOf(
  call: Waiting,
  before: number,
  queues: ReadonlyMap<QueueId, OverflowingQueue>,
  now: Millis,
  may: (way: OverflowWay) => Openness,
): Overflowed | null {
  const first = queues.get(call.queue)
  const why = first === undefined ? null : reasonOf(first, call, before, now)
  if (first === undefined || why === null) return null
  // No published configuration has a circle; one that had would end here.
  const passed = new Set([call.queue])
  let last = first
  for (;;) {
    const way = wayOf(last)
    const openness = way === null ? 'no' : may(way)
    if (openness === 'later') return null
    if (way !== null && openness === 'now') return { queue: call.queue, priority: call.priority, way, why }
    const target = way === null ? targetOf(last, queues) : null
    if (target === null || passed.has(target.queue.id)) break
    passed.add(target.queue.id)
    last = target
    if (reasonOf(target, call, placeIn(target, call), now) === null) break
  }
  const { id, priority } = last.queue
  return last === first ? null : { queue: id, priority, why }
}

function reasonOf(
  { queue: { overflow }, signedIn }: OverflowingQueue,
  call: Waiting,
  before: number,
  now: Millis,
): OverflowReason | null {
  if (overflow === undefined) return null
  const { whenWaiting, afterSeconds, whenNobodySignedIn = false } = overflow
  if (whenNobodySignedIn && signedIn === 0) return 'nobody signed in'
  if (whenWaiting !== undefined && before >= whenWaiting) return 'length'
  return afterSeconds !== undefined && now - waitStart(call) >= afterSeconds * 1_000 ? 'wait' : null
}

const wayOf = ({ queue: { overflow } }: OverflowingQueue): OverflowWay | null =>
  overflowWays.find((way) => overflow?.[way] === true) ?? null

const targetOf = (
  { queue: { overflow } }: OverflowingQueue,
  queues: ReadonlyMap<QueueId, OverflowingQueue>,
): OverflowingQueue | null => (overflow?.to === undefined ? null : (queues.get(QueueId(overflow.to)) ?? null))

/** How many on the line would be served before the caller; of citizens who are to be called back there may be a whole night's. */
const placeIn = ({ waiting }: OverflowingQueue, call: Waiting): number =>
  waiting.filter((one) => one.phase === 'waiting' && compareWaiting(one, call) < 0).length
