/** The record of a call, also while the ledger's writer is a moment behind the line. */
import { setTimeout as delay } from 'node:timers/promises'
import type { CallId } from '../../core/ids.ts'
import { callById, type CallRecord } from '../../ledger/calls/calls.ts'
import type { RouteContext } from '../route-context.ts'

/** The ledger's writer collects events for some milliseconds. A greater delay is a fault and not waited for. */
export const ledgerBehindMs = 1_000
const ledgerAgainMs = 20
/** A look counts as no more: while this process is stopped, its writer is too. */
const ledgerLookMaxMs = 100

/**
 * A phone rings before the ledger has written the call. A call that the live feed has is therefore waited for,
 * instead of answered with `no-such-call`.
 */
export async function recordOf(
  { deps, hub }: Pick<RouteContext, 'deps' | 'hub'>,
  call: CallId,
): Promise<CallRecord | null> {
  for (let waitedMs = 0; ;) {
    const since = performance.now()
    const record = await callById(deps.db, call)
    if (record !== null || hub.state.call(call) === undefined || waitedMs > ledgerBehindMs) return record
    await delay(ledgerAgainMs)
    waitedMs += Math.min(performance.now() - since, ledgerLookMaxMs)
  }
}
