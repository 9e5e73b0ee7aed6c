/** How long a request's announced term still runs, for the chips of lists. */
import type { RequestItem } from '../../http/requests/wire.ts'

export type Deadline =
  /** Closed: the chip has the request's state. */
  | { readonly is: 'closed' }
  | { readonly is: 'left'; readonly days: number; readonly soon: boolean }
  | { readonly is: 'today' }
  /** The announced day has passed; `legal`: the legal end as well. */
  | { readonly is: 'expired'; readonly legal: boolean }

/** Within this many days the chip has the colour of what comes next. */
const soonDays = 3
const dayMs = 86_400_000

/** `today`: the city's day, as 2026-11-24. */
export function deadlineOf(
  { announcedOn, dueness }: Pick<RequestItem, 'announcedOn' | 'dueness'>,
  today: string,
): Deadline {
  if (dueness === 'closed') return { is: 'closed' }
  // A list that is open at midnight is older than the day.
  const days = Math.round((Date.parse(announcedOn) - Date.parse(today)) / dayMs)
  if (dueness === 'overdue' || days < 0) return { is: 'expired', legal: dueness === 'overdue' }
  return days === 0 ? { is: 'today' } : { is: 'left', days, soon: days <= soonDays }
}
