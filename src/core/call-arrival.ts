/** How a call begins: what the caller hears first depends on the opening hours, the queue's length and the settings. */
import type { NumberWords } from './announcements/own-words.ts'
import type { Call, Caller, Ended, Greeting, LiveCall } from './call.ts'
import type { MenuTree } from './configuration/menu.ts'
import type { AnswerAt, WhenClosed } from './configuration/schema.ts'
import { greetingOf, type CallId, type Millis, type PbxName } from './ids.ts'
import { arrivingPlan } from './media/media-plan.ts'
import type { Opening } from './opening-hours.ts'
import type { Queue } from './queue.ts'
import { bounds, type Rules } from './rules.ts'
import { afterGreeting } from './steps/menu.ts'
import { askWhileClosed } from './steps/closed.ts'
import { nothingYet } from './steps/new-call.ts'
import { askForMessage, speaksStill } from './steps/voicemail.ts'
import { dismiss, end, enterLine, withEffects, type Next, type Stepped } from './steps/next.ts'

export interface Arrival {
  readonly id: CallId
  readonly pbx: PbxName
  readonly line: string
  readonly caller: Caller
  readonly queue: Queue
  /** Of the number; null: its callers wait at once. */
  readonly menu: MenuTree | null
  readonly arrivedAt: Millis
  /** The choice that callers have while the number is closed; `callback`: this one can be called back. */
  readonly closed: WhenClosed
  /** When the number's calls are answered; null: as the rules say. */
  readonly answer: AnswerAt | null
  /** Of the number; null: as the rules say. */
  readonly closingGraceMs: Millis | null
  /** Of the number, as far as they have a sound. */
  readonly words: NumberWords
  /** Set for a caller who already waited elsewhere (fallback queue, lost state): the place in the queue is kept. */
  readonly queuedAt: Millis | null
  /** Whether what the caller says is recorded as a message, of which nothing is known here any more. */
  readonly speaks: boolean
  /** Whether Asterisk has already answered the channel. */
  readonly answered: boolean
  /** The call in which this caller is to be called back, who has called meanwhile; null: none. */
  readonly callback: LiveCall | null
  /** The block that holds for the caller's number; null: none. */
  readonly block: number | null
}

/** Facts that decide whether a new caller is served. */
export interface Admission {
  readonly opening: Opening
  /** Callers who wait already, or will once they have heard the greeting. */
  readonly waiting: number
  /** Callers who are hearing why they are not served, are asked whether they want to be called back, or leave a message. */
  readonly dismissing: number
}

/** The offer to a new caller: a place in the queue, a message why not, or only the busy tone. */
export type Room = 'place' | 'message' | 'none'

export function arrive(arrival: Arrival, admission: Admission, now: Millis, rules: Rules): Stepped {
  const { opening } = admission
  const answer = arrival.answer ?? rules.answer
  // Asterisk's clock may be ahead of the ACD's, which follows the machine's slowly.
  const queuedAt = arrival.queuedAt === null ? null : Math.min(arrival.queuedAt, now)
  const greeting: Greeting = {
    ...nothingYet,
    phase: 'greeting',
    playback: greetingOf(arrival.id),
    until: now + bounds.promptMs,
    // Early media is for waiting: a network lets no keys through before the answer.
    menu: answer === 'agent' ? null : arrival.menu,
    words: arrival.words.greeting,
    id: arrival.id,
    direction: 'inbound',
    callback: null,
    pbx: arrival.pbx,
    line: arrival.line,
    caller: arrival.caller,
    language: 'ro',
    queue: arrival.queue.id,
    priority: arrival.queue.priority,
    arrivedAt: Math.min(arrival.arrivedAt, now),
    waitUntil: waitBound(arrival, opening, queuedAt ?? now, rules).until,
    queuedAt,
    offeredAt: null,
    lineAnswered: arrival.answered || answer === 'queue',
    lastAgent: null,
    since: now,
  }
  const next = arrival.speaks
    ? speaksStill(greeting, now, rules)
    : arrival.block === null
      ? inPlaceOf(arrival.callback, admit(greeting, arrival, admission, now, rules))
      : turnAway({ ...greeting, queuedAt: null }, arrival.answered, now)
  return withEffects(arrivingPlan(arrival.id, arrival.answered), next, now)
}

/** Whether the caller has a place, or will have one after the greeting and the menus. */
export const isServed = ({ phase }: Call): boolean =>
  phase !== 'closed' && phase !== 'voicemail' && phase !== 'dismissing' && phase !== 'ended'

/** The place of the callback is the caller's, so that nobody who came later is served before. */
function inPlaceOf(callback: LiveCall | null, next: Next<LiveCall | Ended>): Next<LiveCall | Ended> {
  const { call } = next
  if (callback === null || callback.queuedAt === null || !isServed(call)) return next
  const queuedAt = Math.min(call.queuedAt ?? callback.queuedAt, callback.queuedAt)
  const priority = call.queue === callback.queue ? callback.priority : call.priority
  return { ...next, call: { ...call, queuedAt, priority } }
}

/** The network hears busy, unless the dialplan had answered. */
const turnAway = (call: Greeting, answered: boolean, now: Millis): Next<Ended> =>
  end({ ...call, lineAnswered: answered }, 'rejected', 'system', now)

function admit(
  call: Greeting,
  { answered, closed, words }: Arrival,
  admission: Admission,
  now: Millis,
  rules: Rules,
): Next<LiveCall | Ended> {
  const { opening } = admission
  // A caller who was queued before is turned away neither by the opening hours nor by the queue's length.
  if (call.queuedAt !== null) return enterLine(call, now)
  if (!opening.open) {
    const { opensAt } = opening
    const heard = words.closed === null ? { opensAt } : { opensAt, words: words.closed }
    const may = hasRoomForVoicemail(admission, rules) ? closed : 'message'
    if (may === 'voicemail') return askForMessage(call, { say: 'voicemail', ...heard }, 'closed', now)
    if (may === 'callback' && opensAt !== null && opensAt <= now + bounds.callbackOpensMs)
      return askWhileClosed(call, { opensAt, words: words.closed }, now)
    return dismiss(call, 'closed', { say: 'closed', ...heard }, now)
  }
  switch (roomFor(admission, rules)) {
    case 'none':
      return turnAway(call, answered, now)
    case 'message':
      return dismiss(call, 'rejected', { say: 'line full' }, now)
    case 'place':
      return rules.greeting ? { call, agents: [] } : afterGreeting(call, now)
  }
}

/** Not without a bound: each message is a file, and machines call, too. */
export const hasRoomForVoicemail = (
  { dismissing }: Pick<Admission, 'dismissing'>,
  { lineLengthMax }: Rules,
): boolean => dismissing < lineLengthMax / 2

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

export const waitBounds = ['closing', 'longest wait'] as const
export interface WaitBound {
  readonly until: Millis
  /** Which of them comes first. */
  readonly by: (typeof waitBounds)[number]
}

/**
 * Waiting is bounded by the longest wait and, from closing time on, by the grace. Neither starts anew for a caller
 * who waited elsewhere before. The grace of a caller who entered the queue after closing starts at that moment.
 */
export function waitBound(
  { closingGraceMs }: Pick<Arrival, 'closingGraceMs'>,
  opening: Opening,
  waitsSince: Millis,
  rules: Pick<Rules, 'waitMaxMs' | 'closingGraceMs'>,
): WaitBound {
  const longest = waitsSince + rules.waitMaxMs
  const closing = opening.open ? opening.closesAt : (opening.closedAt ?? waitsSince)
  const afterClosing =
    closing === null ? Infinity : Math.max(closing, waitsSince) + (closingGraceMs ?? rules.closingGraceMs)
  return longest < afterClosing
    ? { until: longest, by: 'longest wait' }
    : { until: afterClosing, by: 'closing' }
}
