/** How long the caller of the desk's call waits, or has waited. */
import type { LiveCallView } from '../../../http/live/wire.ts'

export interface Wait {
  readonly since: string
  /** Null: they wait still. */
  readonly until: string | null
}

/**
 * As the caller felt it, with the greeting. A citizen who was called has waited from the transfer on; null: they have not
 * been transferred.
 */
export function waitOf(
  call: Pick<LiveCallView, 'placedBy' | 'transferred' | 'arrivedAt' | 'answeredAt'>,
): Wait | null {
  const { placedBy, transferred, arrivedAt, answeredAt } = call
  if (placedBy === null) return { since: arrivedAt, until: answeredAt }
  return transferred === null ? null : { since: transferred.at, until: transferred.takenAt }
}
