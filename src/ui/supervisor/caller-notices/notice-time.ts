/** When a notice to callers is heard, as it is typed. */
import {
  furthestAfter,
  isEverHeard,
  noticeStateAt,
  type NoticeState,
  type NoticeTime,
} from '../../../core/announcements/caller-notice.ts'
import { atLocal, clockOf, daysLater } from '../../../core/local-time.ts'
import type { Window } from '../../../core/opening-hours.ts'
import type { CallerNoticeItem } from '../../../http/caller-notices/wire.ts'
import { today } from '../../shared/time/time.ts'
import { readDay, writtenDay } from '../../shared/time/typed-day.ts'
import { minutesIn } from '../../shared/time/typed-time.ts'

export const lastingHours = ['1', '2', '4', '8', '24', '72', '168'] as const
export type LastingHours = (typeof lastingHours)[number]

export interface TypedMoment {
  readonly day: string
  readonly time: string
}

export interface TypedNoticeTime {
  /** Null: at once. */
  readonly from: TypedMoment | null
  readonly until: LastingHours | TypedMoment
  /** Null: at every hour. */
  readonly daily: { readonly from: string; readonly to: string } | null
}

export type WrongNoticeTime =
  | 'from'
  | 'fromPast'
  | 'fromFar'
  | 'until'
  | 'untilEarlier'
  | 'untilFar'
  | 'daily'
  | 'dailyOutside'

const hourMs = 3_600_000
/** The server's bound is longer; the notice then begins at once. */
const typedForMs = 600_000

export const usualTime: TypedNoticeTime = { from: null, until: '4', daily: null }
export const usualHours = { from: '08:00', to: '12:00' }

/** Where the fields begin: the next morning, and this evening, or the one after the beginning. */
export const nextMorning = (now: number): TypedMoment => ({
  day: writtenDay(daysLater(today(now), 1)),
  time: '08:00',
})
export function eveningOf({ from }: TypedNoticeTime, now: number): TypedMoment {
  const day = (from === null ? null : readDay(from.day)) ?? today(now)
  const isLate = atLocal(day, 20 * 60) <= now
  return { day: writtenDay(isLate ? daysLater(day, 1) : day), time: '20:00' }
}

/** `from`: when it will begin, also where it begins at once. */
export function noticeTimeOf(
  { from: begins, until: ends, daily }: TypedNoticeTime,
  now: number,
): { readonly ok: true; readonly time: NoticeTime } | { readonly ok: false; readonly why: WrongNoticeTime } {
  const wrong = (why: WrongNoticeTime) => ({ ok: false, why }) as const
  const typedFrom = begins === null ? now : momentOf(begins)
  if (typedFrom === null) return wrong('from')
  if (typedFrom < now - typedForMs) return wrong('fromPast')
  if (typedFrom > furthestAfter(now)) return wrong('fromFar')
  const from = Math.max(typedFrom, now)
  const until = typeof ends === 'string' ? from + Number(ends) * hourMs : momentOf(ends)
  if (until === null) return wrong('until')
  if (until <= from) return wrong('untilEarlier')
  if (until > furthestAfter(from)) return wrong('untilFar')
  const hours = daily === null ? null : { from: minutesIn(daily.from), to: minutesIn(daily.to) }
  if (hours === null) return { ok: true, time: { from, until, daily: null } }
  if (hours.from === null || hours.to === null || hours.from === 1_440 || hours.from === hours.to)
    return wrong('daily')
  const time = { from, until, daily: { from: hours.from, to: hours.to === 0 ? 1_440 : hours.to } }
  return isEverHeard(time) ? { ok: true, time } : wrong('dailyOutside')
}

export const hoursText = ({ from, to }: Window): string => `${clockOf(from)}–${clockOf(to)}`

/** A notice of the list, as the clock sees it. */
export function stateOf(
  { from, until, daily, endedAt }: Pick<CallerNoticeItem, 'from' | 'until' | 'daily' | 'endedAt'>,
  now: number,
): NoticeState {
  if (endedAt !== null) return { state: 'over', at: Date.parse(endedAt) }
  const hours =
    daily === null ? null : { from: minutesIn(daily.from) ?? 0, to: (minutesIn(daily.to) ?? 0) || 1_440 }
  return noticeStateAt({ from: Date.parse(from), until: Date.parse(until), daily: hours }, now)
}

/** Keys of the texts: one who withdraws a notice that has never begun is not told that callers hear it no more. */
export const endTexts = ({ from }: Pick<CallerNoticeItem, 'from'>, now: number) =>
  Date.parse(from) <= now
    ? ({
        label: 'callerNotices.end',
        name: 'callerNotices.endOne',
        question: 'board.line.endSure',
        yes: 'board.line.endYes',
        done: 'callerNotices.ended',
      } as const)
    : ({
        label: 'callerNotices.cancel',
        name: 'callerNotices.cancelOne',
        question: 'board.line.cancelSure',
        yes: 'board.line.cancelYes',
        done: 'callerNotices.cancelled',
      } as const)

function momentOf({ day, time }: TypedMoment): number | null {
  const [date, minutes] = [readDay(day), minutesIn(time)]
  return date === null || minutes === null ? null : atLocal(date, minutes)
}
