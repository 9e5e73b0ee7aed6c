/** The city's wall clock. Days are local dates, `YYYY-MM-DD`. */
import type { Millis } from './ids.ts'

export const timeZone = 'Europe/Bucharest'

// `Temporal` replaces this file once Node has it without a flag.
const fields = new Intl.DateTimeFormat('en-GB', {
  timeZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

export interface WallClock {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** The city's local time at a moment. */
export function wallClockAt(at: Millis): WallClock {
  const part: Partial<Record<string, number>> = {}
  for (const { type, value } of fields.formatToParts(at)) part[type] = Number(value)
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part
  return { year, month, day, hour, minute, second }
}

/** The local date of a moment. */
export function dateAt(at: Millis): string {
  const { year, month, day } = wallClockAt(at)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Whether the text is a date that exists: false for `2026-02-30` and for the year 0. */
export function isDate(text: string): boolean {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) && !text.startsWith('0000')
}

/** The moment of a local time. A time that the change to summer time skips is moved past the gap. */
export function atLocal(date: string, minutesAfterMidnight: number): Millis {
  const asUtc = Date.parse(`${date}T00:00:00Z`) + minutesAfterMidnight * 60_000
  const guess = asUtc - offsetAt(asUtc)
  return asUtc - offsetAt(guess)
}

/** 510: `08:30`; midnight is `00:00`, also at the end of a day. */
export function clockOf(minutesAfterMidnight: number): string {
  const [hour, minute] = [Math.floor(minutesAfterMidnight / 60) % 24, minutesAfterMidnight % 60]
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** `2026-11-30` and 1: `2026-12-01`. */
export function daysLater(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The last midnight. */
export function startOfDay(at: Millis): Millis {
  return atLocal(dateAt(at), 0)
}

/** How far local time is ahead of UTC, in milliseconds. */
function offsetAt(at: Millis): number {
  const { year, month, day, hour, minute, second } = wallClockAt(at)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
}
