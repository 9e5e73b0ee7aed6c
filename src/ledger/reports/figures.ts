/** Counts for the figures of docs/rules/figures.md, over finished calls and calls in progress. */
import { sql } from 'kysely'
import { slotMs, type Tally } from '../../core/reports/figures.ts'
import { QueueId, type Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

export interface TallyRow extends Tally {
  readonly queue: QueueId
  /** Half-hours from `slotsFrom` to the entry into the queue; negative before it. */
  readonly slot: number
  readonly recent: boolean
}

export interface Period {
  /** Calls that entered a queue in [fromMs, toMs). */
  readonly fromMs: Millis
  readonly toMs: Millis
  readonly slotsFromMs: Millis
  /** `recent`: entered the queue since then. */
  readonly recentFromMs: Millis
}

export interface Thresholds {
  /** T: an answer within this time is in time. */
  readonly targetMs: number
  /** S: a caller who hangs up within this time is a short abandon. */
  readonly shortAbandonMs: number
}

/** One row for each queue, half-hour and side of `recentFromMs`; a call that was abandoned never counts as answered. */
export async function tallies(
  db: Database,
  { fromMs, toMs, slotsFromMs, recentFromMs }: Period,
  { targetMs, shortAbandonMs }: Thresholds,
): Promise<TallyRow[]> {
  const answered = sql<boolean>`answered_at is not null and outcome is distinct from 'abandoned'`
  const short = sql<boolean>`outcome = 'abandoned' and wait_ms <= ${shortAbandonMs}::bigint`
  const rows = await db
    .selectFrom('call_rows')
    .select((eb) => [
      sql<string>`queue`.as('queue'),
      sql<number>`floor(extract(epoch from queued_at - ${time(slotsFromMs)}::timestamptz) * 1000 / ${sql.lit(slotMs)})::int`.as(
        'slot',
      ),
      sql<boolean>`queued_at >= ${time(recentFromMs)}::timestamptz`.as('recent'),
      eb.fn.countAll<number>().as('offered'),
      eb.fn.countAll<number>().filterWhere(answered).as('answered'),
      eb.fn
        .countAll<number>()
        .filterWhere(answered)
        .filterWhere('wait_ms', '<=', targetMs)
        .as('answeredWithin'),
      eb.fn
        .countAll<number>()
        .filterWhere('outcome', 'is not', null)
        .filterWhere(sql<boolean>`not (${answered})`)
        .filterWhere(sql<boolean>`not (${short})`)
        // The caller has kept the place: nothing is decided yet.
        .filterWhere('outcome', '!=', 'callback')
        .as('abandoned'),
      eb.fn.countAll<number>().filterWhere(short).as('shortAbandoned'),
      sql<number>`coalesce(sum(wait_ms) filter (where ${answered}), 0)::float8`.as('waitedMs'),
    ])
    .where('queued_at', '>=', time(fromMs))
    .where('queued_at', '<', time(toMs))
    .groupBy([sql`1`, sql`2`, sql`3`])
    .execute()
  return rows.map(({ queue, ...row }) => ({ ...row, queue: QueueId(queue) }))
}
