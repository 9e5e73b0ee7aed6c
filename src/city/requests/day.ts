/** Days of the calendar as `YYYY-MM-DD`, counted without a clock and without a time zone. */
export type Day = string

const dayMs = 86_400_000

const startOf = (day: Day): number => Date.parse(`${day}T00:00:00Z`)

export function addDays(day: Day, days: number): Day {
  return new Date(startOf(day) + days * dayMs).toISOString().slice(0, 10)
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(startOf(day)).getUTCDay() || 7
}

export function yearOf(day: Day): number {
  return Number(day.slice(0, 4))
}

/** Whether the calendar has this day: `2026-02-30` is written like one and is none. */
export function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? startOf(text) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === text
}

/** As it is written on paper here: `24.11.2026`. */
export function writtenDay(day: Day): string {
  return day.split('-').reverse().join('.')
}
