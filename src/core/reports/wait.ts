/**
 * The wait of a call: for figures (docs/rules/figures.md), and for whatever follows a wait that is too long. A citizen who calls while they hold a callback has its place from the arrival on, so
 * that `queuedAt` may be days before the call, and is set before the call is in a queue. The order of the queue goes by it; a wait does not.
 */
import type { Call, CallFacts } from '../call.ts'
import type { Millis } from '../ids.ts'

type Times<QueuedAt extends Millis | null> = Pick<CallFacts, 'arrivedAt'> & { readonly queuedAt: QueuedAt }

/** When the wait begins: never before the call. Null: it was in no queue. */
export function waitStart(call: Times<Millis>): Millis
export function waitStart(call: Times<Millis | null>): Millis | null
export function waitStart({ queuedAt, arrivedAt }: Times<Millis | null>): Millis | null {
  return queuedAt === null ? null : Math.max(queuedAt, arrivedAt)
}

/** Whether it has been in a queue in this very call. A message that is left from a queue is one of a caller who overflowed. */
export const hasQueued = ({
  phase,
  queuedAt,
  overflowedFrom,
}: Pick<Call, 'phase' | 'queuedAt' | 'overflowedFrom'>): boolean =>
  queuedAt !== null &&
  phase !== 'greeting' &&
  phase !== 'menu' &&
  (phase !== 'voicemail' || overflowedFrom !== null)
