/** The complaint about an answer that does not come: made of the request itself, by one key. */
import { writtenDay, type Day } from '../day.ts'
import { writtenNumber, type RequestId } from './number.ts'
import type { Dueness } from './standing.ts'

/** A request of ours, or one that was filed elsewhere and that only the caller's paper tells of. */
export type About =
  | { readonly request: RequestId; readonly registeredOn: Day; readonly lateness: Lateness }
  /** As typed from the caller's paper: unverified. */
  | { readonly number: string; readonly day: Day; readonly lateness: Lateness }
export type Lateness = Extract<Dueness, 'due' | 'overdue'>

export interface Late {
  readonly announcedOn: Day
  readonly legalEndOn: Day
  readonly lateness: Lateness
}

/** The words that are kept, as they are read back; they go to people who read Romanian. */
export function complaintText(id: RequestId, registeredOn: Day, late: Late): string {
  const term =
    late.lateness === 'overdue'
      ? `termenul legal s-a împlinit la ${writtenDay(late.legalEndOn)}`
      : `termenul comunicat a trecut la ${writtenDay(late.announcedOn)}; termenul legal se împlinește la ${writtenDay(late.legalEndOn)}`
  return `Petentul reclamă că nu a primit răspuns la ${writtenNumber(id, registeredOn)}: ${term}. Solicită răspuns și comunicarea motivului întârzierii.`
}
