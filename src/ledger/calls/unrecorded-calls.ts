/**
 * What the line has told of calls that have no row yet. Where it lost sight of a caller (the server was away,
 * the fallback queue had him) it leaves the row to Asterisk's own record, which knows how the call went on.
 */
import { sql } from 'kysely'
import type { CallEvent } from '../../core/call-event.ts'
import type { Ended } from '../../core/call.ts'
import type { CallId, Millis, PbxName } from '../../core/ids.ts'
import { upcastCall, upcastCallEvent, type Stored } from '../../core/versions.ts'
import { time, type Database } from '../database.ts'
import type { CallWithoutCaller } from './tables.ts'

export interface AcdRecord {
  /** The last state of the call that the line has seen for itself. */
  readonly call: CallWithoutCaller
  /** Whether it has left the end to Asterisk's record: nothing more will come from it. */
  readonly endLeftToCel: boolean
}

/** Whether this end is told by Asterisk's record, not by the line. */
export const isUnwitnessed = (event: CallEvent): boolean =>
  event.type === 'CallerLost' && event.unwitnessed === true

export async function acdRecords(db: Database, ids: readonly CallId[]): Promise<Map<CallId, AcdRecord>> {
  const told = new Map<CallId, AcdRecord>()
  if (ids.length === 0) return told
  const rows = await db
    .selectFrom('call_events')
    .select(['call', 'event', 'after'])
    .where('call', 'in', ids)
    .orderBy('call')
    .orderBy('seq')
    .execute()
  for (const { call, event, after } of rows) {
    const before = told.get(call)
    if (before !== undefined && isUnwitnessed(upcastCallEvent(event)))
      told.set(call, { ...before, endLeftToCel: true })
    else told.set(call, { call: upcastCall(after), endLeftToCel: false })
  }
  return told
}

/** Ends that were left to Asterisk's record in a period, and that still have no row. */
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
