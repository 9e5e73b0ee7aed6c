/** Reads a caller's previous calls. */
import { isCallerPresent, type LiveCall } from '../../core/call.ts'
import type { CallId } from '../../core/ids.ts'
import { callById } from '../../ledger/calls/calls.ts'
import { previousCalls } from '../../ledger/calls/previous-calls.ts'
import type { Database } from '../../ledger/database.ts'
import { iso } from '../shell/iso-time.ts'
import type { CallContext } from './wire.ts'

const previousMax = 10

/**
 * A call that has ended already (the agent wraps it up on a reloaded page) is read from the ledger. Null where the
 * citizen was called and did not answer.
 */
export async function askContext(
  db: Database,
  callId: CallId,
  live: LiveCall | undefined,
): Promise<CallContext | null> {
  const known = live === undefined ? await callById(db, callId) : { ...live, caller: live.caller.number }
  if (known !== null && !isCallerPresent(known)) return null
  if (known === null || known.caller === null) return { callId, previousCalls: [], previousCount: 0 }
  const { items, count } = await previousCalls(db, known.caller, known.arrivedAt, previousMax)
  return {
    callId,
    previousCalls: items.map((item) => ({ ...item, arrivedAt: iso(item.arrivedAt) })),
    previousCount: count,
  }
}
