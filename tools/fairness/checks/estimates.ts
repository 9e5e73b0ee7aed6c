/** How long callers were told that they would wait, against how long they did. */
import type { Estimate } from '../../../src/core/announcements/estimate.ts'
import type { Millis } from '../../../src/core/ids.ts'
import type { Callers, Tracked } from './callers.ts'
import type { Violations } from './violations.ts'

const minuteMs = 60_000
/** How far an estimate may be from the true rest of the wait. */
const tolerance = 0.3

export const judgements = ['within', 'too long', 'too short'] as const
export type Judgement = (typeof judgements)[number]

/** Of those who were served in the call in which they were told; of the others the rest of the wait is not known. */
export interface Told {
  /** Infinite: more than thirty. */
  readonly minutes: number
  readonly restMs: Millis
  readonly place: number
}

export function checkEstimate(
  callers: Callers,
  tracked: Tracked,
  estimate: Estimate,
  now: Millis,
  violations: Violations,
): void {
  const { caller, told } = tracked
  const minutes = estimate === 'more' ? Infinity : estimate
  const before = told.at(-1)?.minutes ?? Infinity
  violations.must(minutes <= before, 'an estimate grew', () => `${caller.id}: ${before}, then ${minutes}`)
  told.push({ at: now, minutes, place: callers.placeOf(tracked) })
}

export const toldTo = ({ told, servedAt, promisedAt }: Tracked): readonly Told[] =>
  servedAt === null || promisedAt !== null
    ? []
    : told.map(({ at, minutes, place }) => ({ minutes, place, restMs: servedAt - at }))

/** Places in a queue, of which the farther ones leave less to chance. */
export const places = ['1', '2', '3–4', '5–8', '9 and more'] as const
export type Place = (typeof places)[number]
export const isAt = ({ place }: Told, name: Place): boolean =>
  name === (place <= 2 ? String(place) : place <= 4 ? '3–4' : place <= 8 ? '5–8' : '9 and more')

export function judged({ minutes, restMs }: Told): Judgement {
  if (minutes === Infinity) return restMs > 30 * minuteMs ? 'within' : 'too long'
  const off = minutes * minuteMs - restMs
  if (Math.abs(off) <= tolerance * restMs) return 'within'
  return off > 0 ? 'too long' : 'too short'
}
