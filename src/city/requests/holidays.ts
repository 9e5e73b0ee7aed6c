/**
 * Public holidays by law (Codul muncii art. 139), each with its first year, because terms are also counted for papers
 * of earlier years.
 */
import { addDays, type Day } from '../day.ts'

interface Fixed {
  readonly monthDay: string
  readonly since: number
}

interface Moving {
  /** Days after Orthodox Easter Sunday. */
  readonly offset: number
  readonly since: number
}

const always = 1990

const fixed: readonly Fixed[] = [
  { monthDay: '01-01', since: always },
  { monthDay: '01-02', since: always },
  { monthDay: '01-06', since: 2024 },
  { monthDay: '01-07', since: 2024 },
  { monthDay: '01-24', since: 2017 },
  { monthDay: '05-01', since: always },
  { monthDay: '06-01', since: 2017 },
  { monthDay: '08-15', since: 2009 },
  { monthDay: '11-30', since: 2012 },
  { monthDay: '12-01', since: always },
  { monthDay: '12-25', since: always },
  { monthDay: '12-26', since: always },
]

const moving: readonly Moving[] = [
  { offset: -2, since: 2018 },
  { offset: 0, since: always },
  { offset: 1, since: always },
  { offset: 49, since: 2009 },
  { offset: 50, since: 2009 },
]

/** Orthodox Easter Sunday of the years 1900–2099 (Meeus' Julian rule, then 13 days to our calendar). */
export function easterOf(year: number): Day {
  const a = year % 4
  const b = year % 7
  const c = year % 19
  const d = (19 * c + 15) % 30
  const e = (2 * a + 4 * b - d + 34) % 7
  const f = d + e + 114
  const month = String(Math.floor(f / 31)).padStart(2, '0')
  const day = String((f % 31) + 1).padStart(2, '0')
  return addDays(`${year}-${month}-${day}`, 13)
}

/** In order; a day with two holidays is listed once. */
export function holidaysOf(year: number): readonly Day[] {
  const easter = easterOf(year)
  const days = [
    ...fixed.filter(({ since }) => year >= since).map(({ monthDay }) => `${year}-${monthDay}`),
    ...moving.filter(({ since }) => year >= since).map(({ offset }) => addDays(easter, offset)),
  ]
  return [...new Set(days)].sort()
}
