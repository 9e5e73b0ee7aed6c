/**
 * Calls whose events are recorded and whose row is missing. When the ACD lost track of a caller (the server was away, the
 * fallback queue served the call), it leaves the row to the import of Asterisk's CEL, which has the rest of the call.
 */
import { sql } from 'kysely'
import type { CallEvent } from '../../core/call-event.ts'
import type { Ended } from '../../core/call.ts'
import type { CallId, Millis, PbxName } from '../../core/ids.ts'
import { upcastCall, upcastCallEvent, type Stored } from '../../core/versions.ts'
import { time, type Database } from '../database.ts'
import type { CallWithoutCaller } from './tables.ts'

export interface AcdRecord {
  /** The last state of the call that the ACD observed itself. */
  readonly call: CallWithoutCaller
  /** When the ACD last saw a call whose end it left to the CEL: it writes no further event of it. Null: it did not. */
  readonly endLeftToCel: Millis | null
}

/** Whether the ACD did not observe this end, so that the row is left to the CEL. */
export const isUnwitnessed = (event: CallEvent): boolean =>
  event.type === 'CallerLost' && event.unwitnessed === true

/** The ACD's records of these calls; calls without an event are left out. */
export async function acdRecords(db: Database, ids: readonly CallId[]): Promise<Map<CallId, AcdRecord>> {
  const records = new Map<CallId, AcdRecord>()
  if (ids.length === 0) return records
  const rows = await db
    .selectFrom('call_events')
    .select(['call', 'event', 'after'])
    .where('call', 'in', ids)
    .orderBy('call')
    .orderBy('seq')
    .execute()
  for (const { call, event, after } of rows) {
    const before = records.get(call)
    const state = upcastCall<CallWithoutCaller>(after)
    if (before !== undefined && isUnwitnessed(upcastCallEvent(event)))
      records.set(call, { ...before, endLeftToCel: 'endedAt' in state ? state.endedAt : state.since })
    else records.set(call, { call: state, endLeftToCel: null })
  }
  return records
}

/** Calls that arrived after `from`, whose end before `to` was left to the CEL, and that still have no row. */
export async function endsLeftToCel(
  db: Database,
  { pbx, from, to }: { readonly pbx: PbxName; readonly from: Millis; readonly to: Millis },
): Promise<Omit<Ended, 'caller'>[]> {
  const { rows } = await sql<{ after: Stored<CallWithoutCaller> }>`
    select last.after
    from call_events first
    cross join lateral (
      select at, event, after from call_events e where e.call = first.call order by seq desc limit 1
    ) last
    where first.seq = 1 and first.at > ${time(from)} and last.at < ${time(to)}
      and last.event ->> 'unwitnessed' = 'true' and last.after ->> 'pbx' = ${pbx}
      and not exists (select from calls c where c.id = first.call)`.execute(db)
  return rows.map(({ after }) => upcastCall(after)).filter((call) => call.phase === 'ended')
}
