/**
 * Locks against guessing (docs/rules/identity.md, rule 4). Calls that failed about a person are counted over a day, a
 * month and a quarter, so that an impostor with patience gets no more tries than one in a hurry.
 *
 * Two locks: a calling number is locked for this person first, so that one impostor with one phone does not close the
 * channel to the citizen. Withheld numbers count as one number. The telephone channel as a whole is locked when calls
 * from all numbers together fail too often. A supervisor lifts either with a reason; earlier failures then no longer
 * count for that lock.
 */
import type { CallId, Millis } from '../../core/ids.ts'

const dayMs = 24 * 3_600_000

export interface LockWindow {
  readonly days: number
  readonly failedCallsMax: number
}

/** Failed calls about one person from one calling number. */
export const numberWindows: readonly LockWindow[] = [
  { days: 1, failedCallsMax: 2 },
  { days: 30, failedCallsMax: 3 },
  { days: 90, failedCallsMax: 4 },
]
/** Failed calls about one person from all numbers together. */
export const channelWindows: readonly LockWindow[] = [
  { days: 1, failedCallsMax: 3 },
  { days: 30, failedCallsMax: 5 },
  { days: 90, failedCallsMax: 7 },
]
export const lockWindowMs = 90 * dayMs

/**
 * Searches without a match from one calling number, whomever they were for; of withheld numbers, those for one name.
 * They are the tries of somebody who is looking for a person's CNP or address.
 */
export const fruitlessWindows: readonly { readonly days: number; readonly searchesMax: number }[] = [
  { days: 1, searchesMax: 12 },
  { days: 30, searchesMax: 20 },
  { days: 90, searchesMax: 30 },
]

/**
 * One event about the person in a call: a verdict, or a search that found them or not. `fruitless`: the number
 * was theirs, but not the name or address.
 */
export interface Tried {
  readonly call: CallId
  /** The mark of the calling number; null in rows from before it was kept. */
  readonly bucket: string | null
  readonly what: 'passed' | 'failed' | 'found' | 'fruitless'
  readonly at: Millis
}

export interface FailedTry {
  readonly call: CallId
  readonly at: Millis
}

/**
 * A call has failed when it has a wrong verdict and no right one, so hanging up before the second attempt counts as
 * failed too; or when it never found the person. Oldest first, each with its last failure.
 */
export function failedCalls(tried: readonly Tried[]): readonly FailedTry[] {
  const failed = [...Map.groupBy(tried, ({ call }) => call)].flatMap(([call, its]) => {
    const has = (what: Tried['what']): boolean => its.some((one) => one.what === what)
    if (has('passed')) return []
    const counts = its.filter(
      ({ what }) => what === 'failed' || (what === 'fruitless' && !has('found') && !has('failed')),
    )
    return counts.length === 0 ? [] : [{ call, at: Math.max(...counts.map(({ at }) => at)) }]
  })
  return failed.toSorted((one, other) => one.at - other.at)
}

/** Whether the channel must be locked. `since`: the last time that it was unlocked, or null. */
export function mustLock(tried: readonly Tried[], since: Millis | null, now: Millis): boolean {
  return lockedUntil(tried, channelWindows, since, now) !== null
}

/** When a lock of this number ends by itself; null: it must not be locked. `tried`: from this number only. */
export function numberLockedUntil(tried: readonly Tried[], since: Millis | null, now: Millis): Millis | null {
  return lockedUntil(tried, numberWindows, since, now)
}

/** The latest moment at which one of the full windows is no longer full. */
function lockedUntil(
  tried: readonly Tried[],
  windows: readonly LockWindow[],
  since: Millis | null,
  now: Millis,
): Millis | null {
  const failed = failedCalls(tried.filter(({ at }) => at > (since ?? -Infinity)))
  const ends = windows.flatMap(({ days, failedCallsMax }) => {
    const within = failed.filter(({ at }) => at > now - days * dayMs)
    const oldest = within.at(-failedCallsMax)
    return oldest === undefined ? [] : [oldest.at + days * dayMs]
  })
  return ends.length === 0 ? null : Math.max(...ends)
}

/** `searches`: the times of searches without a match. */
export function isTooFruitless(searches: readonly Millis[], now: Millis): boolean {
  return fruitlessWindows.some(
    ({ days, searchesMax }) => searches.filter((at) => at > now - days * dayMs).length >= searchesMax,
  )
}
