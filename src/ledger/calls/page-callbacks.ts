/** Callbacks that citizens have asked for on the public page (decision 0073), as the events of calls have them. */
import { sql } from 'kysely'
import type { RequestId } from '../../city/requests/number.ts'
import type { CallId, Millis, QueueId } from '../../core/ids.ts'
import type { Database } from '../database.ts'

/** How many have been asked for about the request since then. One that was begun and one that was kept count alike. */
export async function callbacksAskedAbout(db: Database, request: RequestId, from: Millis): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from call_events
    where ${isAsked} and ${requestAsked} = ${request} and at >= to_timestamp(${from / 1000})`.execute(db)
  return rows[0]?.count ?? 0
}

/** How many have been asked for since then to this number (E.164), about whichever request. */
export async function callbacksAskedTo(db: Database, number: string, from: Millis): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from call_events join callers using (call)
    where ${isAsked} and ${requestAsked} is not null and at >= to_timestamp(${from / 1000})
      and callers.number = ${number}`.execute(db)
  return rows[0]?.count ?? 0
}

/** As in the index of migration 0072. */
const requestAsked = sql`coalesce(event -> 'returns' ->> 'request', event ->> 'request')`
const isAsked = sql<boolean>`type in ('CallPlaced', 'CallbackAsked') and event ->> 'by' is null`

/** The queue of the call in which the request was registered; null: there was none, or it came to no queue. */
export async function queueOfRequest(db: Database, request: RequestId): Promise<QueueId | null> {
  const { rows } = await sql<{ queue: QueueId | null }>`
    select c.queue from current_requests r join call_rows c on c.id = r.call where r.id = ${request}`.execute(
    db,
  )
  return rows[0]?.queue ?? null
}

/** The requests about which the citizen of this call, whom an agent has reached, had asked to be called. */
export async function requestsOfCallback(db: Database, call: CallId): Promise<readonly string[]> {
  const { rows } = await sql<{ requests: readonly string[] | null }>`
    select after -> 'callback' -> 'requests' as requests from call_events
    where call = ${call} and after ->> 'answeredAt' is not null
    order by seq desc limit 1`.execute(db)
  return rows[0]?.requests ?? []
}
