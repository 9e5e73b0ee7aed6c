/** The two rows of a call: its caller, and the call itself once it has ended. */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Caller } from '../../core/call.ts'
import type { CallId } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import type { CallSummary } from './summary.ts'

/** Written with the first event of a call. The first row counts; later ones change nothing. */
export async function writeCallers(db: Database, callers: ReadonlyMap<CallId, Caller>): Promise<void> {
  if (callers.size === 0) return
  const rows = Array.from(callers, ([call, { number, name }]) => ({
    call,
    number,
    name,
    salt: randomBytes(16),
  }))
  await db
    .insertInto('callers')
    .values(rows)
    .onConflict((conflict) => conflict.column('call').doNothing())
    .execute()
}

/** `writeCallers` must come first. Returns the ids of the calls that were added; existing rows stay. */
export async function writeCalls(
  db: Database,
  summaries: readonly CallSummary[],
  source: 'line' | 'cel',
): Promise<Set<CallId>> {
  if (summaries.length === 0) return new Set()
  const added = await db
    .insertInto('calls')
    .values(
      summaries.map((call) => ({
        id: call.id,
        pbx: call.pbx,
        line: call.line,
        caller_digest: callerDigest(call.id),
        queue: call.queue,
        arrived_at: new Date(call.arrivedAt),
        queued_at: dateOrNull(call.queuedAt),
        offered_at: dateOrNull(call.offeredAt),
        answered_at: dateOrNull(call.answeredAt),
        ended_at: new Date(call.endedAt),
        wait_ms: roundOrNull(call.waitMs),
        talk_ms: roundOrNull(call.talkMs),
        held_ms: Math.round(call.heldMs),
        agent: call.agent,
        outcome: call.outcome,
        ended_by: call.endedBy,
        legs: call.legs === null ? null : JSON.stringify(call.legs),
        source,
      })),
    )
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute()
  return new Set(added.map((row) => row.id))
}

/** `SHA256(salt‖number‖0‖name)`: proves the caller later, while the row in `callers` exists. */
function callerDigest(call: CallId) {
  return sql<Buffer>`(
    select sha256(salt || convert_to(coalesce(number, ''), 'UTF8') || '\\x00'::bytea
                       || convert_to(coalesce(name, ''), 'UTF8'))
    from callers where call = ${call})`
}

function dateOrNull(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}

function roundOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}
