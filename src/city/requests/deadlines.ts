/**
 * The two deadlines of a request. The law counts neither the first day nor the last, and a last day that is
 * not worked moves to the next one (Norme L 544 art. 16; Cod civil 2553–2554); OG 27/2002 is silent. The
 * citizen is told the earlier day that can be read into it, the city is held to the later one.
 */
import { addDays, type Day } from '../day.ts'
import type { WorkingDays } from './working-days.ts'

/** The last day on which an answer is in time: the day after `days` full days, or the next working day. */
export function legalEnd(from: Day, days: number, working: WorkingDays): Day {
  return rolled(addDays(from, days + 1), 1, working)
}

/**
 * The day that is told to the citizen: `from + days`, or the working day before it. A short term that begins
 * before a week-end would be over before it begins; then it is the working day after.
 */
export function announced(from: Day, days: number, working: WorkingDays): Day {
  const last = addDays(from, days)
  const before = rolled(last, -1, working)
  return before > from ? before : rolled(last, 1, working)
}

function rolled(day: Day, step: 1 | -1, working: WorkingDays): Day {
  let at = day
  while (!working.isWorking(at)) at = addDays(at, step)
  return at
}
