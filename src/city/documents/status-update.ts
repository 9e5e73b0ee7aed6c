/** Status updates of requests, sent by the document system. */
import type { Day } from '../day.ts'

export const documentStates = [
  /** Accepted, with the document system's own number. */
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
  /** Numbered by the document system for each request from 1. A lower one that arrives later is outdated. */
  readonly version: number
  readonly state: DocumentState
  /** The responsible department; for a redirected request, the authority. */
  readonly department: string | null
  /** The document system's own number and its day; null while it has assigned none. */
  readonly ownNumber: string | null
  readonly ownDate: Day | null
  /** For an extension, the days added. */
  readonly extensionDays: number | null
}

/**
 * The outcome of an update. `repeated`: the same id was received before; `outdated`: a higher version was received
 * before; `not possible`: the request does not allow it (it is closed). These three are kept, change nothing, and
 * are answered like new ones, so that the document system does not send them again.
 */
export type TakenUpdate = 'taken' | 'repeated' | 'outdated' | 'not possible' | 'unknown request'
