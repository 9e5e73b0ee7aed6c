/**
 * Opening hours. Hours are wall-clock times of one time zone; holidays come as a set of local dates (the law's are in
 * `people/holidays`).
 */
import type { Millis } from './ids.ts'
import { atLocal, wallClockAt } from './local-time.ts'

/** Minutes after local midnight; `to` may be 1440. */
export interface Window {
  readonly from: number
  readonly to: number
}
export type LineHours =
  | { readonly kind: 'always' }
  /** By ISO weekday, 1 = Monday … 7 = Sunday. */
  | {
      readonly kind: 'weekly'
      readonly windows: Readonly<Record<number, readonly Window[]>>
      /** By local date: its windows instead of the weekday's, also on a holiday; none: closed. */
      readonly dated?: ReadonlyMap<string, readonly Window[]>
      readonly isOpenOnHolidays?: boolean
    }

export type Opening =
  | { readonly open: true; readonly closesAt: Millis | null }
  /** `closedAt`: null when that was not yesterday nor today. */
  | { readonly open: false; readonly opensAt: Millis | null; readonly closedAt: Millis | null }

/** Of a reason for which a day is declared closed. */
export const dayReasonMax = 200
const dayMs = 86_400_000
export const defaultLineHours = 'Mon-Fri 08:00-22:00'
const expected = '"always", or days and times such as "Mon-Fri 08:00-22:00, Sat 09:00-13:00"'
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Reads `always` or `Mon-Fri 08:00-22:00, Sat 09:00-13:00`. */
export function parseLineHours(
  text: string,
): { readonly ok: true; readonly hours: LineHours } | { readonly ok: false; readonly expected: string } {
  if (text.trim().toLowerCase() === 'always') return { ok: true, hours: { kind: 'always' } }
  const windows: Record<number, Window[]> = {}
  for (const part of text.split(',')) {
    const match = /^\s*([a-z]{3})(?:-([a-z]{3}))?\s+(\d\d):(\d\d)-(\d\d):(\d\d)\s*$/i.exec(part)
    if (match === null) return { ok: false, expected }
    const [, firstDay = '', lastDay = firstDay, ...times] = match
    const first = weekdays.indexOf(firstDay.toLowerCase())
    const last = weekdays.indexOf(lastDay.toLowerCase())
    const from = minutes(times[0], times[1])
    const to = minutes(times[2], times[3])
    if (first < 0 || last < first || from === null || to === null || to <= from)
      return { ok: false, expected }
    for (let day = first; day <= last; day++) (windows[day + 1] ??= []).push({ from, to })
  }
  for (const list of Object.values(windows)) list.sort((a, b) => a.from - b.from)
  return { ok: true, hours: { kind: 'weekly', windows } }
}

/** Reads the hours of one day: `closed`, or `08:00-12:00, 13:00-16:00`. Null: not readable. */
export function parseDayHours(text: string): readonly Window[] | null {
  if (text.trim().toLowerCase() === 'closed') return []
  // One day of the week, so that both are read in one way.
  const read = parseLineHours(text.replaceAll(/[^,]+/g, (part) => `mon ${part.trim()}`))
  const windows = read.ok && read.hours.kind === 'weekly' ? Object.values(read.hours.windows).flat() : []
  return windows.length === 0 ? null : windows
}

/** Whether any two windows, sorted by their beginning, have a time in common. */
export function overlaps(windows: readonly Window[]): boolean {
  let until = 0
  return windows.some(({ from, to }) => {
    const isEarlier = from < until
    until = to
    return isEarlier
  })
}

function minutes(hour: string | undefined, minute: string | undefined): number | null {
  const h = Number(hour)
  const m = Number(minute)
  if (h > 24 || m > 59 || (h === 24 && m > 0)) return null
  return h * 60 + m
}

/** Whether it is open at `now`: until when, or closed since when and until when (null: not within 60 days). */
export function openingAt(hours: LineHours, holidays: ReadonlySet<string>, now: Millis): Opening {
  if (hours.kind === 'always') return { open: true, closesAt: null }
  // Asked for every call, and a look at 60 days costs more than all else that is decided for it.
  const opening = openingWithin(4, hours, holidays, now) ?? openingWithin(60, hours, holidays, now)
  return opening ?? { open: false, opensAt: null, closedAt: closedAt(hours, holidays, now) }
}

function closedAt(hours: LineHours, holidays: ReadonlySet<string>, now: Millis): Millis | null {
  const windows = windowsFrom(hours, holidays, now - dayMs, 3)
  return windows.findLast(({ to }) => to <= now)?.to ?? null
}

/** Null: the answer lies, or may lie, beyond these days. */
function openingWithin(
  days: number,
  hours: LineHours,
  holidays: ReadonlySet<string>,
  now: Millis,
): Opening | null {
  const windows = windowsFrom(hours, holidays, now, days)
  const next = windows.find(({ to }) => now < to)
  if (next === undefined) return null
  if (next.from > now) return { open: false, opensAt: next.from, closedAt: closedAt(hours, holidays, now) }
  return next === windows.at(-1) && days < 60 ? null : { open: true, closesAt: next.to }
}

/** The opening windows of the `days` days from today's, as times, oldest first; those that touch or overlap are one. */
export function windowsFrom(
  hours: LineHours,
  holidays: ReadonlySet<string>,
  now: Millis,
  days: number,
): { from: Millis; to: Millis }[] {
  if (hours.kind === 'always') return []
  const found: { from: Millis; to: Millis }[] = []
  const today = wallClockAt(now)
  for (let offset = 0; offset < days; offset++) {
    const day = new Date(Date.UTC(today.year, today.month - 1, today.day + offset))
    const date = day.toISOString().slice(0, 10)
    for (const { from, to } of hoursOn(hours, holidays, date).windows) {
      const start = atLocal(date, from)
      const end = atLocal(date, to)
      const last = found.at(-1)
      if (last !== undefined && start <= last.to) last.to = Math.max(last.to, end)
      else found.push({ from: start, to: end })
    }
  }
  return found
}

/** By which rule a day has its windows: a closed day matters to hours that follow holidays alone. */
export type DayRule = 'always' | 'own day' | 'ignores holidays' | 'follows holidays'

/** The windows of one local date; `always` has none to name. */
export function hoursOn(
  hours: LineHours,
  holidays: ReadonlySet<string>,
  date: string,
): { readonly rule: DayRule; readonly windows: readonly Window[] } {
  if (hours.kind === 'always') return { rule: 'always', windows: [] }
  const dated = hours.dated?.get(date)
  if (dated !== undefined) return { rule: 'own day', windows: dated }
  const weekly = hours.windows[new Date(`${date}T00:00:00Z`).getUTCDay() || 7] ?? []
  if (hours.isOpenOnHolidays === true) return { rule: 'ignores holidays', windows: weekly }
  return { rule: 'follows holidays', windows: holidays.has(date) ? [] : weekly }
}
