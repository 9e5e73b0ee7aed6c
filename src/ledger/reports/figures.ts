/** The figures of docs/rules/figures.md, over finished calls and calls in progress. */
import { sql } from 'kysely'
import type { Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

export interface Figures {
  /** Calls that entered a queue in the period. */
  readonly offered: number
  readonly answered: number
  readonly abandoned: number
  /** Answered no later than the target after entering the queue. */
  readonly answeredWithin: number
  /** Mean queue entry → answer; null before the first answer. */
  readonly averageAnswerMs: number | null
}

/** Counts the calls queued in [fromMs, toMs). An abandoned call never counts as answered. */
export async function figures(
  db: Database,
  fromMs: Millis,
  toMs: Millis,
  targetMs: number,
): Promise<Figures> {
  const answered = sql<boolean>`answered_at is not null and outcome is distinct from 'abandoned'`
  const row = await db
    .selectFrom('call_rows')
    .select((eb) => [
      eb.fn.countAll<number>().as('offered'),
      eb.fn.countAll<number>().filterWhere(answered).as('answered'),
      eb.fn.countAll<number>().filterWhere('outcome', '=', 'abandoned').as('abandoned'),
      eb.fn
        .countAll<number>()
        .filterWhere(answered)
        .filterWhere('wait_ms', '<=', targetMs)
        .as('answeredWithin'),
      sql<number | null>`avg(wait_ms) filter (where ${answered})::float8`.as('averageAnswerMs'),
    ])
    .where('queued_at', '>=', time(fromMs))
    .where('queued_at', '<', time(toMs))
    .executeTakeFirstOrThrow()
  return row
}
