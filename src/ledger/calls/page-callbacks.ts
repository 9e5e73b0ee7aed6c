/** Callbacks that citizens have asked for on the public page (decision 0073), as the events of calls have them. */
import { sql } from 'kysely'
import type { RequestId } from '../../city/requests/number.ts'
import type { CallId, Millis, QueueId } from '../../core/ids.ts'
import type { Database } from '../database.ts'

/** How many have been asked for about the request since then. One that was begun and one that was kept count alike. */
export async function callbacksAskedSince(db: Database, request: RequestId, from: Millis): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from call_events
    where type in ('CallPlaced', 'CallbackAsked')
      and coalesce(event -> 'returns' ->> 'request', event ->> 'request') = ${request}
      and event ->> 'by' is null and at >= to_timestamp(${from / 1000})`.execute(db)
  return rows[0]?.count ?? 0
}

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
