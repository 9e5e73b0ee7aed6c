/** Calendar days as `YYYY-MM-DD`; arithmetic without a clock and without a time zone. */
export type Day = string

const dayMs = 86_400_000

const at = (day: Day): number => Date.parse(`${day}T00:00:00Z`)
const dayOf = (ms: number): Day => new Date(ms).toISOString().slice(0, 10)

export function addDays(day: Day, count: number): Day {
  return dayOf(at(day) + count * dayMs)
}

/** The same day of a later month, or the last day of that month: 31 January + 1 is 28 or 29 February. */
export function addMonths(day: Day, count: number): Day {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  const first = new Date(Date.UTC(year, month - 1 + count, 1))
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate()
  return dayOf(first.getTime() + (Math.min(date, last) - 1) * dayMs)
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(at(day)).getUTCDay() || 7
}

export const isWeekend = (day: Day): boolean => weekdayOf(day) > 5

/** The day itself, or the next day for which `isFree` is false. */
export function rollForward(day: Day, isFree: (day: Day) => boolean): Day {
  let rolled = day
  while (isFree(rolled)) rolled = addDays(rolled, 1)
  return rolled
}

export const yearOf = (day: Day): number => Number(day.slice(0, 4))

/** The Romanian notation: `24.11.2026`. */
export function writtenDay(day: Day): string {
  return day.split('-').reverse().join('.')
}
