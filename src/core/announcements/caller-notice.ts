/** A notice that callers hear when they enter a queue, or while they wait when it begins. */
import { soundOf } from '../configuration/menu.ts'
import type { Millis, QueueId } from '../ids.ts'
import { atLocal, dateAt, daysLater, wallClockAt } from '../local-time.ts'
import type { Window } from '../opening-hours.ts'

/** A notice begins at most so many days after it is published, and lasts for so many at most. */
export const callerNoticeDaysMax = 14

/** When a notice is heard. */
export interface NoticeTime {
  readonly from: Millis
  /** It ends by itself then. */
  readonly until: Millis
  /** The hours of each local day in between; over midnight where `to` is not later than `from`. Null: all. */
  readonly daily: Window | null
}

export interface CallerNotice extends NoticeTime {
  readonly id: number
  /** In Romanian, whichever language the caller has chosen. */
  readonly text: string
  /** Empty: callers of every queue. */
  readonly queues: readonly QueueId[]
}

/** `at`: when that will change, or has. */
export interface NoticeState {
  readonly state: 'planned' | 'in force' | 'over'
  readonly at: Millis
}

/** Between the hours of two days a notice is planned again. */
export function noticeStateAt(notice: NoticeTime, now: Millis): NoticeState {
  if (now >= notice.until) return { state: 'over', at: notice.until }
  // Hours over midnight may have begun the day before; a notice begins and ends two bounds ahead at most.
  const times = timesOf(notice, daysLater(dateAt(now), -1), 2 * callerNoticeDaysMax + 2)
  const next = times.find(({ until }) => now < until)
  if (next === undefined) return { state: 'over', at: notice.until }
  return now < next.from ? { state: 'planned', at: next.from } : { state: 'in force', at: next.until }
}

/** Cheaper than the state: the owner asks each second. */
export function isHeardAt(notice: NoticeTime, now: Millis): boolean {
  if (now < notice.from || now >= notice.until) return false
  if (partOfDay(notice.daily) === null) return true
  return timesOf(notice, daysLater(dateAt(now), -1), 2).some(({ from, until }) => from <= now && now < until)
}

/** Whether callers of this queue hear it. */
export const isForQueue = ({ queues }: Pick<CallerNotice, 'queues'>, queue: QueueId): boolean =>
  queues.length === 0 || queues.includes(queue)

/** False: its daily hours lie outside of it. */
export function isEverHeard(notice: NoticeTime): boolean {
  return timesOf(notice, daysLater(dateAt(notice.from), -1), callerNoticeDaysMax + 3).length > 0
}

/** The latest beginning, or end, from a moment on: the same time of day, whatever changes of the hour lie in between. */
export function furthestAfter(at: Millis): Millis {
  const { hour, minute } = wallClockAt(at)
  return atLocal(daysLater(dateAt(at), callerNoticeDaysMax), hour * 60 + minute) + (at % 60_000)
}

export const noticeSound = ({ text }: Pick<CallerNotice, 'text'>): string => soundOf('ro', text, 'notice')

/** From midnight to midnight it is heard without a break. */
const partOfDay = (daily: Window | null): Window | null =>
  daily !== null && daily.to - daily.from === 1_440 ? null : daily

/** Of the hours of these days those within the notice, oldest first. */
function timesOf(
  { from, until, daily }: NoticeTime,
  firstDate: string,
  days: number,
): readonly { readonly from: Millis; readonly until: Millis }[] {
  const hours = partOfDay(daily)
  if (hours === null) return [{ from, until }]
  const isOverMidnight = hours.to <= hours.from
  return Array.from({ length: days }, (_, offset) => {
    const date = daysLater(firstDate, offset)
    return {
      from: Math.max(from, atLocal(date, hours.from)),
      until: Math.min(until, atLocal(isOverMidnight ? daysLater(date, 1) : date, hours.to)),
    }
  }).filter((time) => time.from < time.until)
}
