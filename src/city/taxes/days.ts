/** Calendar days as `YYYY-MM-DD`; they have no time of day and no zone. */
import type { Day } from './account.ts'

const dayMs = 86_400_000

export function addDays(day: Day, count: number): Day {
  return dayOf(at(day) + count * dayMs)
}

/** The same day of a later month, or that month's last one: 31 January + 1 is 28 or 29 February. */
export function addMonths(day: Day, count: number): Day {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 + count, 1))
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate()
  return dayOf(first.getTime() + (Math.min(date, last) - 1) * dayMs)
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(at(day)).getUTCDay() || 7
}

export const isWeekend = (day: Day): boolean => weekdayOf(day) > 5

/** The day itself, or the next one on which people work. */
export function rollForward(day: Day, isFree: (day: Day) => boolean): Day {
  let rolled = day
  while (isFree(rolled)) rolled = addDays(rolled, 1)
  return rolled
}

export const yearOf = (day: Day): number => Number(day.slice(0, 4))

const at = (day: Day): number => Date.parse(`${day}T00:00:00Z`)
const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10)
