/** What the document system tells of a request that it treats. */
import type { Day } from '../day.ts'

export const documentStates = [
  /** Taken over, with a number of its own. */
  'received',
  'in progress',
  /** Passed on to the authority that it concerns (OG 27/2002 art. 6¹). */
  'redirected',
  /** The term is longer, by at most fifteen days (OG 27/2002 art. 9). */
  'extended',
  'answered',
  /** Filed without an answer: anonymous, repeated or joined (OG 27/2002 art. 7 and 10). */
  'filed',
] as const
export type DocumentState = (typeof documentStates)[number]

export interface StatusUpdate {
  /** The `webhook-id`: the same update may come more than once. */
  readonly id: string
  /** Our registration number without the date: `CC2026-000123`. */
  readonly request: string
  /** Theirs, counted for each request from 1: a lower one that comes later is out of date. */
  readonly version: number
  readonly state: DocumentState
  /** Who treats it; of a redirected one, the authority that it went to. */
  readonly department: string | null
  /** The document system's own number and its day; null while it has given none. */
  readonly ownNumber: string | null
  readonly ownDate: Day | null
  /** Of an extended one: by how many days. */
  readonly extensionDays: number | null
}

/**
 * What became of an update. `repeated`: this very one was there before; `outdated`: a higher version was; `not
 * possible`: our request cannot become that (it is closed). They are kept, change nothing, and are answered as if they
 * were new, so that nobody sends them again.
 */
export type TakenUpdate = 'taken' | 'repeated' | 'outdated' | 'not possible' | 'unknown request'
