/** The two rows of a call: its caller, and the call itself once it has ended. */
import { randomBytes } from 'node:crypto'
import { sql, type RawBuilder } from 'kysely'
import type { Caller } from '../../core/call.ts'
import type { CallId } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import type { CallSummary } from './summary.ts'

/** Written with the first event of a call. The first row counts; later ones change nothing. */
export async function writeCallers(db: Database, callers: ReadonlyMap<CallId, Caller>): Promise<void> {
  if (callers.size === 0) return
  const rows = Array.from(callers, callerRow).map((row) => ({ ...row, salt: Buffer.from(row.salt, 'hex') }))
  await db
    .insertInto('callers')
    .values(rows)
    .onConflict((conflict) => conflict.column('call').doNothing())
    .execute()
}

/** The salt in hexadecimal. */
export function callerRow([call, { number, name }]: readonly [CallId, Caller]) {
  return { call, number, name, salt: randomBytes(16).toString('hex') }
}

/** `writeCallers` must come first. Returns the ids of the calls that were added; existing rows stay. */
export async function writeCalls(
  db: Database,
  summaries: readonly CallSummary[],
  source: 'line' | 'cel',
): Promise<Set<CallId>> {
  if (summaries.length === 0) return new Set()
  const rows = JSON.stringify(summaries.map(callRow))
  const added = await sql<{ id: CallId }>`
    insert into calls (${callColumns}, caller_digest, source)
    select ${callColumns}, (${callerDigest(sql.table('callers'))}), ${source}
    from jsonb_to_recordset(${rows}::jsonb) as e(${callRecord})
    on conflict (id) do nothing
    returning id`.execute(db)
  return new Set(added.rows.map((row) => row.id))
}

const types = {
  id: 'text',
  pbx: 'text',
  line: 'text',
  queue: 'text',
  arrived_at: 'timestamptz',
  queued_at: 'timestamptz',
  offered_at: 'timestamptz',
  answered_at: 'timestamptz',
  ended_at: 'timestamptz',
  wait_ms: 'bigint',
  talk_ms: 'bigint',
  held_ms: 'bigint',
  agent: 'text',
  outcome: 'text',
  ended_by: 'text',
  legs: 'jsonb',
  others: 'jsonb',
  direction: 'text',
  surveyed_at: 'timestamptz',
  survey_helped: 'boolean',
  survey_rating: 'smallint',
} as const

/** Columns of `calls` that the summary holds; `callRecord` is the same with their types. */
export const callColumns = sql.join(Object.keys(types).map((name) => sql.ref(name)))
export const callRecord = sql.raw(
  Object.entries(types)
    .map((column) => column.join(' '))
    .join(', '),
)

/** A finished call as JSON that PostgreSQL reads as a row. */
export function callRow(call: CallSummary): Record<keyof typeof types, unknown> {
  return {
    id: call.id,
    pbx: call.pbx,
    line: call.line,
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
    legs: call.legs,
    others: call.others,
    direction: call.direction === 'outbound' ? call.direction : null,
    surveyed_at: dateOrNull(call.survey?.askedAt ?? null),
    survey_helped: call.survey?.helped ?? null,
    survey_rating: call.survey?.rating ?? null,
  }
}

/** `SHA256(salt‖number‖0‖name)` of call `id`: proves the caller later, while the row in `callers` exists. */
export function callerDigest(callers: RawBuilder<unknown>): RawBuilder<Buffer> {
  return sql<Buffer>`
    select sha256(salt || convert_to(coalesce(number, ''), 'UTF8') || '\\x00'::bytea
                       || convert_to(coalesce(name, ''), 'UTF8'))
    from ${callers} where call = id`
}

function dateOrNull(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}

function roundOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}
