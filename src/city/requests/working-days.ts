/** Working days of the city hall: not week-ends and public holidays, unless declared otherwise. */
import { weekdayOf, yearOf, type Day } from '../day.ts'
import { holidaysOf } from './holidays.ts'

/** A declared exception for one day, such as a bridge day by Government decision. */
export interface DeclaredDay {
  readonly date: Day
  /** False: the day has the hours of its weekday, even on a public holiday. */
  readonly closed: boolean
}

export interface WorkingDays {
  isWorking(day: Day): boolean
}

export function workingDays(declared: readonly DeclaredDay[]): WorkingDays {
  const said = new Map(declared.map(({ date, closed }) => [date, closed]))
  const years = new Map<number, ReadonlySet<Day>>()
  const isHoliday = (day: Day): boolean => {
    const year = yearOf(day)
    const known = years.get(year) ?? new Set(holidaysOf(year))
    years.set(year, known)
    return known.has(day)
  }
  return {
    isWorking: (day) => weekdayOf(day) <= 5 && !(said.get(day) ?? isHoliday(day)),
  }
}
