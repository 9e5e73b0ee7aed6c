/** Counts for the figures of docs/rules/figures.md, over finished calls and calls in progress. */
import { sql } from 'kysely'
import { slotMs, type Tally } from '../../core/reports/figures.ts'
import { QueueId, type Millis } from '../../core/ids.ts'
import { waitIn } from '../calls/wait.ts'
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
  /** T of a queue without a target of its own: an answer within this time is in time. */
  readonly targetMs: number
  /** S: a caller who hangs up within this time is a short abandon. */
  readonly shortAbandonMs: number
}

/**
 * The targets of queues by the time in which each was in force, from the published versions: a figure that was reported does not
 * change when a target does. A publication that began before another one and ended after it counts from the later moment.
 */
const thresholds = ({ fromMs, toMs }: Period) =>
  sql<{ id: string; since: Date; until: Date; target_ms: number }>`(
    select queue ->> 'id' as id, since, until, (queue -> 'target' ->> 'withinSeconds')::bigint * 1000 as target_ms
    from (
      select document, since, lead(since, 1, 'infinity') over (order by id) as until
      from (select id, document, max(recorded_at) over (order by id) as since from configuration_versions) version
    ) published, jsonb_array_elements(document -> 'queues') queue
    where since < ${time(toMs)} and until > ${time(fromMs)} and queue -> 'target' is not null
  )`

/** One row for each queue, half-hour and side of `recentFromMs`; a call that was abandoned never counts as answered. */
export async function tallies(
  db: Database,
  period: Period,
  { targetMs, shortAbandonMs }: Thresholds,
): Promise<TallyRow[]> {
  const { fromMs, toMs, slotsFromMs, recentFromMs } = period
  const answered = sql<boolean>`answered_at is not null and outcome is distinct from 'abandoned'`
  const wait = waitIn('call_rows')
  const short = sql<boolean>`outcome = 'abandoned' and ${wait.ms} <= ${shortAbandonMs}::bigint`
  const rows = await db
    .selectFrom('call_rows')
    .leftJoin(thresholds(period).as('threshold'), (join) =>
      join
        .onRef('threshold.id', '=', 'call_rows.queue')
        .on(sql<boolean>`${wait.start} >= threshold.since and ${wait.start} < threshold.until`),
    )
    .select((eb) => [
      sql<string>`queue`.as('queue'),
      sql<number>`floor(extract(epoch from ${wait.start} - ${time(slotsFromMs)}::timestamptz) * 1000 / ${sql.lit(slotMs)})::int`.as(
        'slot',
      ),
      sql<boolean>`${wait.start} >= ${time(recentFromMs)}::timestamptz`.as('recent'),
      eb.fn.countAll<number>().as('offered'),
      eb.fn.countAll<number>().filterWhere(answered).as('answered'),
      eb.fn
        .countAll<number>()
        .filterWhere(answered)
        .filterWhere(sql<boolean>`${wait.ms} <= coalesce(threshold.target_ms, ${targetMs}::bigint)`)
        .as('answeredWithin'),
      eb.fn
        .countAll<number>()
        .filterWhere('outcome', 'is not', null)
        .filterWhere(sql<boolean>`not (${answered})`)
        .filterWhere(sql<boolean>`not (${short})`)
        // The caller has kept the place, or somebody hears the message: nothing is decided yet.
        .filterWhere('outcome', 'not in', ['callback', 'voicemail'])
        .as('abandoned'),
      eb.fn.countAll<number>().filterWhere(short).as('shortAbandoned'),
      sql<number>`coalesce(sum(${wait.ms}) filter (where ${answered}), 0)::float8`.as('waitedMs'),
    ])
    // The wait begins in the period. Written by columns, which have indices.
    .where((eb) => eb.or([eb('queued_at', '>=', time(fromMs)), eb('arrived_at', '>=', time(fromMs))]))
    .where('queued_at', '<', time(toMs))
    .where('arrived_at', '<', time(toMs))
    .groupBy([sql`1`, sql`2`, sql`3`])
    .execute()
  return rows.map(({ queue, ...row }) => ({ ...row, queue: QueueId(queue) }))
}
