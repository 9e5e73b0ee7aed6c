/** Formats of times and durations, in the city's time zone whatever the browser's. */
import { atLocal, dateAt, timeZone } from '../../../core/local-time.ts'

const pad = (value: number): string => String(value).padStart(2, '0')

/** 03:12, and from one hour 1:03:12; never negative. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = `${pad(minutes)}:${pad(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

const locale = (language: string): string => (language === 'ro' ? 'ro-RO' : 'en-GB')

/** One formatter for each language: making one costs more than using it a thousand times. */
function written(options: Intl.DateTimeFormatOptions): (at: string | number, language: string) => string {
  const make = (language: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale(language), { timeZone, hourCycle: 'h23', ...options })
  const made = { ro: make('ro'), en: make('en') }
  return (at, language) => (language === 'ro' ? made.ro : made.en).format(new Date(at))
}

/** 14:03:22 */
export const clock = written({ hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** 14:03 */
export const hourAndMinute = written({ hour: '2-digit', minute: '2-digit' })

/** 14:03:22.417 */
export function clockWithMs(at: string, language: string): string {
  return `${clock(at, language)}.${String(new Date(at).getUTCMilliseconds()).padStart(3, '0')}`
}

/** joi, 24 decembrie */
export const longDate = written({ weekday: 'long', day: 'numeric', month: 'long' })

/** luni, 24 noiembrie 2025 */
export const longDateWithYear = written({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

const dayOf = written({ day: 'numeric', month: 'long', year: 'numeric' })

/** 24 noiembrie 2026, of a day such as 2026-11-24. */
export function longDay(day: string, language: string): string {
  // 10:00 UTC is around noon in the city, in summer and winter.
  return day === '' ? '' : dayOf(`${day}T10:00:00Z`, language)
}

const monthOf = written({ month: 'long', year: 'numeric' })

/** noiembrie 2026, of a day such as 2026-11-24. */
export const longMonth = (day: string, language: string): string => monthOf(`${day}T10:00:00Z`, language)

/** The city's day at this moment, as 2026-11-24. */
export function today(at: number): string {
  return dateAt(at)
}

/** 24 nov. */
export const shortDate = written({ day: 'numeric', month: 'short' })

/** 24 nov. 2025 */
export const shortDateWithYear = written({ day: 'numeric', month: 'short', year: 'numeric' })

/** 24 nov., 14:03 */
export const shortDateTime = written({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })

/** The start of a day of the city; `day` as 2026-11-24, or as 2026-11-31 for the first of December. */
export function dayStart(day: string, daysAfter = 0): string | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)
  if (parts === null) return null
  const date = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]) + daysAfter))
  return new Date(atLocal(date.toISOString().slice(0, 10), 0)).toISOString()
}

export function startOfDay(now: number): string {
  return dayStart(today(now)) ?? new Date(now).toISOString()
}

export function percent(share: number | null, language: string): string {
  return share === null ? '–' : numeral(share, language, { style: 'percent', maximumFractionDigits: 1 })
}

export function numeral(value: number, language: string, options: Intl.NumberFormatOptions = {}): string {
  return value.toLocaleString(locale(language), options)
}
