/** How a call begins: what the caller hears first depends on the opening hours, the queue's length and the settings. */
import { nobodyBeside, type Caller, type Ended, type Greeting, type LiveCall } from './call.ts'
import { greetingOf, type CallId, type Millis, type PbxName } from './ids.ts'
import { arrivingPlan } from './media/media-plan.ts'
import type { Opening } from './opening-hours.ts'
import type { Queue } from './queue.ts'
import { bounds, type Rules } from './rules.ts'
import { dismiss, end, enterLine, withEffects, type Next, type Stepped } from './steps/next.ts'

export interface Arrival {
  readonly id: CallId
  readonly pbx: PbxName
  readonly line: string
  readonly caller: Caller
  readonly queue: Queue
  readonly arrivedAt: Millis
  /** Set for a caller who already waited elsewhere (fallback queue, lost state): the place in the queue is kept. */
  readonly queuedAt: Millis | null
  /** Whether Asterisk has already answered the channel. */
  readonly answered: boolean
}

/** Facts that decide whether a new caller is served. */
export interface Admission {
  readonly opening: Opening
  /** Callers who wait already, or will once they have heard the greeting. */
  readonly waiting: number
  /** Callers who are hearing why they are not served. */
  readonly dismissing: number
}

/** The offer to a new caller: a place in the queue, a message why not, or only the busy tone. */
export type Room = 'place' | 'message' | 'none'

export function arrive(arrival: Arrival, admission: Admission, now: Millis, rules: Rules): Stepped {
  const { opening } = admission
  // Asterisk's clock may be ahead of the ACD's, which follows the machine's slowly.
  const queuedAt = arrival.queuedAt === null ? null : Math.min(arrival.queuedAt, now)
  const greeting: Greeting = {
    phase: 'greeting',
    playback: greetingOf(arrival.id),
    until: now + bounds.promptMs,
    id: arrival.id,
    direction: 'inbound',
    pbx: arrival.pbx,
    line: arrival.line,
    caller: arrival.caller,
    queue: arrival.queue.id,
    priority: arrival.queue.priority,
    arrivedAt: Math.min(arrival.arrivedAt, now),
    waitUntil: waitUntil(opening, queuedAt ?? now, rules),
    queuedAt,
    offeredAt: null,
    answeredAt: null,
    lineAnswered: arrival.answered || rules.answer === 'queue',
    heldMs: 0,
    lastAgent: null,
    legs: [],
    transfer: null,
    ...nobodyBeside,
    since: now,
  }
  return withEffects(
    arrivingPlan(arrival.id, arrival.answered),
    admit(greeting, arrival.answered, admission, now, rules),
    now,
  )
}

function admit(
  call: Greeting,
  answered: boolean,
  admission: Admission,
  now: Millis,
  rules: Rules,
): Next<LiveCall | Ended> {
  const { opening } = admission
  // A caller who was queued before is turned away neither by the opening hours nor by the queue's length.
  if (call.queuedAt !== null) return enterLine(call, now)
  if (!opening.open) return dismiss(call, 'closed', { say: 'closed', opensAt: opening.opensAt }, now)
  switch (roomFor(admission, rules)) {
    case 'none':
      // The network hears busy, unless the dialplan had answered before it was told that there is no room.
      return end({ ...call, lineAnswered: answered }, 'rejected', 'system', now)
    case 'message':
      return dismiss(call, 'rejected', { say: 'line full' }, now)
    case 'place':
      return rules.greeting ? { call, agents: [] } : enterLine(call, now)
  }
}

/**
 * Beyond a full queue half as many callers again hear why they are not served; the rest hear busy. A message costs
 * Asterisk as much as a waiting caller, and the network's busy tone costs nothing (decision 0032). `isStrained`:
 * Asterisk does not keep up with the callers it has (decision 0032); callers who are already here are still served.
 */
export function roomFor(
  { opening, waiting, dismissing }: Admission,
  { lineLengthMax }: Rules,
  isStrained = false,
): Room {
  // The closed message cannot delay service: outside opening hours no new caller is served.
  if (!opening.open) return 'message'
  if (isStrained) return 'none'
  if (waiting < lineLengthMax) return 'place'
  return dismissing < lineLengthMax / 2 ? 'message' : 'none'
}

/**
 * Waiting is bounded by the longest wait and, from closing time on, by the grace. Neither starts anew for a caller
 * who waited elsewhere before. The grace of a caller who entered the queue after closing starts at that moment.
 */
function waitUntil(opening: Opening, waitsSince: Millis, rules: Rules): Millis {
  const longest = waitsSince + rules.waitMaxMs
  const closing = opening.open ? opening.closesAt : (opening.closedAt ?? waitsSince)
  if (closing === null) return longest
  return Math.min(longest, Math.max(closing, waitsSince) + rules.closingGraceMs)
}
