/** Hours by which nothing opens within 60 days: a warning and no fault, because a city may close a number on purpose. */
import type { Millis } from '../ids.ts'
import { openingAt } from '../opening-hours.ts'
import { lineHoursOf } from './line.ts'
import type { HoursSetting } from './schema.ts'

/** Their ids, in the order of the document. `closed`: public holidays and declared days. Hours that are not readable are a fault. */
export function hoursNeverOpen(
  hours: readonly HoursSetting[],
  closed: ReadonlySet<string>,
  now: Millis,
): readonly string[] {
  return hours
    .filter((one) => {
      const read = lineHoursOf(one)
      if (read === null) return false
      const opening = openingAt(read, closed, now)
      return !opening.open && opening.opensAt === null
    })
    .map(({ id }) => id)
}

/** Without those by which nothing opens as they are in force: a change is not blamed for them. */
export function hoursNeverOpenAfter(
  before: readonly HoursSetting[],
  after: readonly HoursSetting[],
  closed: ReadonlySet<string>,
  now: Millis,
): readonly string[] {
  const known = new Set(hoursNeverOpen(before, closed, now))
  return hoursNeverOpen(after, closed, now).filter((id) => !known.has(id))
}
