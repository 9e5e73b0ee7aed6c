/** The complaint about a late answer, derived from the request itself. */
import { writtenDay, type Day } from '../day.ts'
import { writtenNumber, type RequestId } from './number.ts'
import type { Dueness } from './standing.ts'

/** A request of our register, or one filed elsewhere and known only from the caller's paper. */
export type About =
  | { readonly request: RequestId; readonly registeredOn: Day; readonly lateness: Lateness }
  /** As read from the caller's paper. */
  | {
      readonly number: string
      readonly day: Day
      readonly lateness: Lateness
      /** Whether the document system has this number, day and name; null: it gave no answer. */
      readonly verified: boolean | null
    }
export type Lateness = Extract<Dueness, 'due' | 'overdue'>

export interface Late {
  readonly announcedOn: Day
  readonly legalEndOn: Day
  readonly lateness: Lateness
}

/** The stored text of the complaint, which is also read back to the caller. Romanian, because its readers are. */
export function complaintText(id: RequestId, registeredOn: Day, late: Late): string {
  const term =
    late.lateness === 'overdue'
      ? `termenul legal s-a împlinit la ${writtenDay(late.legalEndOn)}`
      : `termenul comunicat a expirat la ${writtenDay(late.announcedOn)}; termenul legal se împlinește la ${writtenDay(late.legalEndOn)}`
  return `Petentul reclamă că nu a primit răspuns la ${writtenNumber(id, registeredOn)}: ${term}. Solicită răspuns și comunicarea motivului întârzierii.`
}
