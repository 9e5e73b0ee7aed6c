/** Callers who gave up in a queue and have not been served since, and the calls by which they were called back. */
import { sql, type RawBuilder } from 'kysely'
import type { Outcome } from '../../core/call.ts'
import type { AgentId, CallId, Millis, QueueId } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

/** A call that was placed because of an earlier one. */
export interface ReturnCall {
  readonly call: CallId
  /** Null: a callback that was promised. */
  readonly by: { readonly id: AgentId; readonly name: string } | null
  readonly at: Millis
  /** Null while it goes on. */
  readonly outcome: Outcome | null
}

export interface AbandonedCall {
  readonly call: CallId
  /** In which the caller gave up. */
  readonly queue: QueueId
  /** E.164. */
  readonly caller: string
  readonly abandonedAt: Millis
  readonly waitMs: number
  /** The last try to call them back: it has reached nobody, or goes on. */
  readonly lastTry: ReturnCall | null
}

export interface AbandonedQuestion {
  /** Arrived at or after. */
  readonly from: Millis
  /** A caller who hangs up within this time is a short abandon (docs/rules/figures.md). */
  readonly shortAbandonMs: number
  /** In these alone. */
  readonly queues?: readonly QueueId[] | undefined
  /** This one alone. */
  readonly call?: CallId | undefined
  readonly limit: number
}

/** Whether nobody has spoken in the message of this call. */
const isSilent = (call: RawBuilder<unknown>) =>
  sql`exists (select from voicemails v where v.call = ${call} and v.sound = 'silence')`

/**
 * Newest first, with those who said nothing in the message that they could leave. A caller leaves the list once they were reached, by a return of the call or otherwise, and when a later call
 * of theirs takes its place: one that was answered or is in the list itself, or ended with a callback or a message that is not silent.
 */
export async function abandonedCalls(db: Database, question: AbandonedQuestion): Promise<AbandonedCall[]> {
  const { from, shortAbandonMs, queues, call, limit } = question
  let found = db
    .selectFrom('calls as c')
    .innerJoin('callers as who', 'who.call', 'c.id')
    .select(['c.id as call', 'c.queue', 'who.number as caller', 'c.ended_at as abandonedAt'])
    .select('c.wait_ms as waitMs')
    .where(
      sql<boolean>`(c.outcome = 'abandoned' or (c.outcome = 'voicemail' and ${isSilent(sql.ref('c.id'))}))`,
    )
    .where('c.arrived_at', '>=', time(from))
    .where('c.queued_at', 'is not', null)
    .where('c.wait_ms', '>', shortAbandonMs)
    .where('who.number', 'is not', null)
    .where(
      sql<boolean>`not exists (select from call_events e join calls k on k.id = e.call
        where e.type = 'CallPlaced' and e.event -> 'returns' ->> 'call' = c.id and k.outcome = 'answered')`,
    )
    .where(
      sql<boolean>`not exists (select from callers w join calls k on k.id = w.call
        where w.number = who.number and k.arrived_at > c.arrived_at and k.arrived_at >= ${time(from)}
          and (k.outcome in ('answered', 'callback')
            or (k.outcome = 'voicemail' and not ${isSilent(sql.ref('k.id'))})
            or (k.outcome in ('abandoned', 'voicemail') and k.queued_at is not null
              and k.wait_ms > ${shortAbandonMs})))`,
    )
  if (queues !== undefined) found = found.where(sql<boolean>`c.queue = any(${[...queues]}::text[])`)
  if (call !== undefined) found = found.where('c.id', '=', call)
  const rows = await found.orderBy('c.arrived_at', 'desc').orderBy('c.id', 'desc').limit(limit).execute()
  const tries = await returnsOf(
    db,
    rows.map((row) => row.call),
  )
  return rows.flatMap(({ queue, caller, waitMs, ...row }) =>
    queue === null || caller === null || waitMs === null
      ? []
      : [{ ...row, queue, caller, waitMs, lastTry: tries.get(row.call)?.at(-1) ?? null }],
  )
}

/** The calls that were placed because of these, in order. */
export async function returnsOf(
  db: Database,
  calls: readonly CallId[],
): Promise<ReadonlyMap<CallId, readonly ReturnCall[]>> {
  if (calls.length === 0) return new Map()
  const rows = await db
    .selectFrom('call_events as e')
    .leftJoin('calls as k', 'k.id', 'e.call')
    .leftJoin('current_accounts as a', (join) => join.on(sql<boolean>`a.id = e.event ->> 'by'`))
    .select(['e.call', 'e.at', 'k.outcome', 'a.name'])
    .select([
      sql<AgentId | null>`e.event ->> 'by'`.as('by'),
      sql<CallId>`e.event -> 'returns' ->> 'call'`.as('of'),
    ])
    // Written out: the index is of this type alone.
    .where('e.type', '=', sql.lit('CallPlaced'))
    .where(sql<boolean>`e.event -> 'returns' ->> 'call' = any(${[...calls]}::text[])`)
    .orderBy('e.at')
    .execute()
  const returns = new Map<CallId, ReturnCall[]>()
  for (const { call, at, outcome, by, name, of } of rows) {
    const one = { call, at, outcome, by: by === null ? null : { id: by, name: name ?? by } }
    returns.set(of, [...(returns.get(of) ?? []), one])
  }
  return returns
}
