/**
 * `waitStart` (src/core/reports/wait.ts) for rows of calls that have it not: calls in progress, whose events have the place in the queue, and
 * rows of older releases. Of all others `queued_at` is that moment.
 */
import { sql, type RawBuilder } from 'kysely'

/** `rows`: the name of the calls in the query. */
export function waitIn(rows: string): {
  /** Null: it was in no queue. */
  readonly start: RawBuilder<number | null>
  /** In milliseconds; null as in the row. */
  readonly ms: RawBuilder<number | null>
} {
  const of = (column: string) => sql.ref(`${rows}.${column}`)
  const [queuedAt, arrivedAt] = [of('queued_at'), of('arrived_at')]
  const answerOrEnd = sql`coalesce(${of('answered_at')}, ${of('ended_at')})`
  return {
    start: sql`case when ${queuedAt} is not null then greatest(${queuedAt}, ${arrivedAt}) end`,
    ms: sql`case when ${queuedAt} < ${arrivedAt}
      then greatest(0, round(extract(epoch from ${answerOrEnd} - ${arrivedAt}) * 1000))::bigint
      else ${of('wait_ms')} end`,
  }
}
