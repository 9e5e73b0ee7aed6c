/**
 * The days on which the line is closed by law (Codul muncii art. 139), as local dates. Bridge days come
 * by Government decision and are added by the administrator.
 */
import Holidays from 'date-holidays'

const calendar = new Holidays('RO')

/** `YYYY-MM-DD` of every public holiday of the years given, and of the extra days. */
export function holidays(years: readonly number[], extra: readonly string[] = []): ReadonlySet<string> {
  const dates = new Set(extra)
  for (const year of years) {
    for (const holiday of calendar.getHolidays(year)) {
      // One entry can span several days ("1 Jan" has two), and several can share one.
      if (holiday.type === 'public') for (const day of daysOf(holiday.date, holiday.end)) dates.add(day)
    }
  }
  return dates
}

function daysOf(date: string, end: Date): string[] {
  const days: string[] = []
  for (let at = Date.parse(`${date.slice(0, 10)}T12:00:00Z`); at < end.getTime(); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10))
  }
  return days
}
