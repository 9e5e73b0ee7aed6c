/** A message that has not reached the document system, as the wire has it. */
import { lateAfterMs } from '../../city/documents/backoff.ts'
import type { Millis } from '../../core/ids.ts'
import type { UndeliveredMessage } from '../../ledger/documents/outbox.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type { UndeliveredMessage as UndeliveredView } from './wire.ts'

export function undeliveredView(item: UndeliveredMessage, now: Millis): UndeliveredView {
  const { id, request, version, type, outcome, tries, status, why, givenUp, behind } = item
  return {
    id,
    request,
    version,
    type,
    queuedAt: iso(item.queuedAt),
    triedAt: isoOrNull(item.triedAt),
    outcome,
    tries,
    status,
    why,
    nextAt: isoOrNull(item.nextAt),
    late: item.queuedAt <= now - lateAfterMs,
    givenUp,
    behind,
  }
}
