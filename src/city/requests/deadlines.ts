/**
 * The two deadlines of a request. The law counts neither the first day nor the last, and a last day that is not a
 * working day moves to the next one (Norme L 544 art. 16; Cod civil 2553–2554); OG 27/2002 has no rule of its own. The
 * citizen is told the earlier of the two possible readings, the city is bound by the later one.
 */
import { addDays, type Day } from '../day.ts'
import type { WorkingDays } from './working-days.ts'

/** The last day for an answer in time: the day after `days` full days, or the next working day. */
export function legalEnd(from: Day, days: number, working: WorkingDays): Day {
  return rolled(addDays(from, days + 1), 1, working)
}

/**
 * The day announced to the citizen: `from + days`, or the working day before it. For a short term that begins before a
 * week-end that day could lie before `from`; then it is the next working day.
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
