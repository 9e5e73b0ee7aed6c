/**
 * Days on which the line is closed, as local dates: public holidays (Codul muncii art. 139) and declared days, such as
 * bridge days by Government decision.
 */
import Holidays from 'date-holidays'
import type { Millis } from '../core/ids.ts'
import { dateAt } from '../core/local-time.ts'
import type { DeclaredDay } from './declared-days.ts'

const calendar = new Holidays('RO')
/** Public holidays by year, cached: the library takes tens of milliseconds for one year. */
const byLaw = new Map<number, readonly string[]>()

/** Closed days of the given years, `YYYY-MM-DD`: public holidays, corrected by declared days. */
export function holidays(
  years: readonly number[],
  declared: readonly DeclaredDay[] = [],
): ReadonlySet<string> {
  const dates = new Set(years.flatMap((year) => publicHolidays(year)))
  for (const { date, closed } of declared) {
    if (closed) dates.add(date)
    else dates.delete(date)
  }
  return dates
}

function publicHolidays(year: number): readonly string[] {
  const known = byLaw.get(year)
  if (known !== undefined) return known
  const entries = calendar.getHolidays(year).filter(({ type }) => type === 'public')
  // One entry can span several days ("1 Jan" has two), and several can share one.
  const days = entries.flatMap(({ date, end }) => daysOf(date, end))
  byLaw.set(year, days)
  return days
}

export interface HolidayName {
  readonly ro: string
  readonly en: string
}

/** Of each year that was asked for: the library is slow here too. */
const namesByYear = new Map<number, ReadonlyMap<string, HolidayName>>()

/** The public holidays of the given years, with their names. */
export const holidayNames = (years: readonly number[]): ReadonlyMap<string, HolidayName> =>
  new Map(years.flatMap((year) => [...namesOf(year)]))

function namesOf(year: number): ReadonlyMap<string, HolidayName> {
  const known = namesByYear.get(year)
  if (known !== undefined) return known
  const [ro, en] = [namesIn(year, 'ro'), namesIn(year, 'en')]
  const names = new Map(
    publicHolidays(year).map((date) => [date, { ro: ro.get(date) ?? '', en: en.get(date) ?? '' }]),
  )
  namesByYear.set(year, names)
  return names
}

/** Of holidays that share a day, both names. */
function namesIn(year: number, language: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { date, end, name, type } of calendar.getHolidays(year, language)) {
    if (type !== 'public') continue
    for (const day of daysOf(date, end)) {
      const other = names.get(day)
      names.set(day, other === undefined ? name : `${other}, ${name}`)
    }
  }
  return names
}

interface Declaring {
  declaredDays(): readonly DeclaredDay[]
  onChange(listener: () => void): void
}

/** The closed days around a moment; cached per year until the directory changes. */
export function closedDays(directory: Declaring): (at: Millis) => ReadonlySet<string> {
  const known = new Map<number, ReadonlySet<string>>()
  directory.onChange(() => known.clear())
  return (at) => {
    const year = Number(dateAt(at).slice(0, 4))
    const closed = known.get(year) ?? holidays([year, year + 1], directory.declaredDays())
    known.set(year, closed)
    return closed
  }
}

function daysOf(date: string, end: Date): string[] {
  const days: string[] = []
  for (let at = Date.parse(`${date.slice(0, 10)}T12:00:00Z`); at < end.getTime(); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10))
  }
  return days
}
