/** Callers who overflowed, for the figures of docs/rules/figures.md. */
import { sql } from 'kysely'
import type { OverflowWay } from '../../core/configuration/overflow.ts'
import { QueueId } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import type { Period } from './figures.ts'

export interface OverflowRow {
  readonly from: QueueId
  /** The queue in which they, or their messages, were from then on. */
  readonly to: QueueId
  /** Absent: they waited there. */
  readonly way?: OverflowWay
  /** Since `slotsFromMs`. */
  readonly day: number
  /** Since `recentFromMs`. */
  readonly recent: number
}

/** Moves in the period, by the time of the move. Most first. */
export async function overflows(
  db: Database,
  { fromMs, toMs, slotsFromMs, recentFromMs }: Period,
): Promise<OverflowRow[]> {
  const rows = await db
    .selectFrom('call_events')
    .select((eb) => [
      sql<string>`after ->> 'overflowedFrom'`.as('from'),
      sql<string>`after ->> 'queue'`.as('to'),
      sql<OverflowWay | null>`event ->> 'way'`.as('way'),
      eb.fn.countAll<number>().filterWhere('at', '>=', time(slotsFromMs)).as('day'),
      eb.fn.countAll<number>().filterWhere('at', '>=', time(recentFromMs)).as('recent'),
    ])
    // Written out: the index is of this type alone.
    .where('type', '=', sql.lit('CallOverflowed'))
    .where('at', '>=', time(fromMs))
    .where('at', '<', time(toMs))
    .where(sql<boolean>`after ->> 'overflowedFrom' is not null`)
    .groupBy([sql`1`, sql`2`, sql`3`])
    .orderBy('day', 'desc')
    .orderBy('from')
    .orderBy('to')
    .orderBy('way')
    .execute()
  return rows.map(({ from, to, way, ...counts }) => ({
    from: QueueId(from),
    to: QueueId(to),
    ...(way === null ? {} : { way }),
    ...counts,
  }))
}
