/** Unusually many looks at citizens' data within an hour, for supervisors and the auditor. */
import type { AccessKind } from '../journal/access-log-entry.ts'
import type { AgentId, Millis } from '../../core/ids.ts'

export const unusualWindowMs = 3_600_000
/** Alerts are shown for this long after the last look. */
export const alertShownMs = 24 * 3_600_000

export interface UnusualLimits {
  /** Looks of one account in any hour. */
  readonly looksPerHour: number
  /** Looks beyond one's own calls: reasons stated, refused tries, searches by number outside of a call. */
  readonly reasonsPerHour: number
}

export interface UnusualLooks {
  readonly account: AgentId
  /** Null: no such account. */
  readonly name: string | null
  /** The most in any hour. */
  readonly looks: number
  readonly reasons: number
  /** The last look of such an hour. */
  readonly lastAt: Millis
}

/** Looks that count. Articles, the screen pop and the steps of an identity check belong to every call. */
export const countedKinds = [
  'call',
  'call-list',
  'request-list',
  'request',
  'document',
  'person-search',
  'section',
  'hearing',
  'live-call',
  'export',
  'justified',
  'refused',
] as const satisfies readonly AccessKind[]
