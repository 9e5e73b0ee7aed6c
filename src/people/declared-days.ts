/** Days declared closed, or open again. The newest declaration of a day counts. */
import { sql } from 'kysely'
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { addFreeText } from '../ledger/retention/free-texts.ts'

export interface DeclaredDay {
  /** `YYYY-MM-DD`, local. */
  readonly date: string
  /** False: the opening hours of its weekday apply, even on a public holiday. */
  readonly closed: boolean
  /** Never empty for a closed day, until retention has deleted it. */
  readonly reason: string
}

export async function declareDay(db: Database, day: DeclaredDay, by: AgentId | null): Promise<void> {
  const { date, closed, reason } = day
  await db.transaction().execute(async (trx) => {
    const reason_digest = await addFreeText(trx, reason)
    await trx.insertInto('declared_days').values({ day: date, closed, reason_digest, by }).execute()
  })
}

/** The declarations in force, by date. */
export function declaredDays(db: Database): Promise<DeclaredDay[]> {
  return db
    .selectFrom('declared_days')
    .leftJoin('free_texts as said', 'said.digest', 'declared_days.reason_digest')
    .distinctOn('day')
    .select([sql<string>`day::text`.as('date'), 'closed', sql<string>`coalesce(said.text, '')`.as('reason')])
    .orderBy('day')
    .orderBy('id', 'desc')
    .execute()
}
