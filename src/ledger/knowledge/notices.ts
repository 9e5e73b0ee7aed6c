/** Notices to agents. A notice is never changed: it is ended, and a new one is written. */
import { sql } from 'kysely'
import type { Day } from '../../city/day.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'

export interface Notice {
  readonly id: number
  readonly text: string
  /** First and last day on which it is shown. */
  readonly from: Day
  readonly to: Day
  /** The author's name. */
  readonly by: string
  readonly at: Millis
}

export async function addNotice(
  db: Database,
  notice: { readonly text: string; readonly from: Day; readonly to: Day; readonly by: AgentId },
): Promise<number> {
  const { text, from, to, by } = notice
  const { id } = await db
    .insertInto('notices')
    .values({ text, from_day: from, to_day: to, by })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** Idempotent. */
export async function endNotice(db: Database, id: number, by: AgentId): Promise<'ended' | 'no such notice'> {
  const known = await db.selectFrom('notices').select('id').where('id', '=', id).executeTakeFirst()
  if (known === undefined) return 'no such notice'
  await db
    .insertInto('notice_ends')
    .values({ notice: id, by })
    .onConflict((conflict) => conflict.column('notice').doNothing())
    .execute()
  return 'ended'
}

/** Notices shown on `day`, newest first; with `upcoming` also those of later days. */
export async function noticesOn(
  db: Database,
  day: Day,
  { upcoming, limit }: { readonly upcoming: boolean; readonly limit: number },
): Promise<Notice[]> {
  let notices = db
    .selectFrom('notices as n')
    .innerJoin('current_accounts as a', 'a.id', 'n.by')
    .leftJoin('notice_ends as e', 'e.notice', 'n.id')
    .select(['n.id', 'n.text', 'n.from_day as from', 'n.to_day as to', 'a.name as by', 'n.recorded_at as at'])
    .where('e.notice', 'is', null)
    .where(sql<boolean>`n.to_day >= ${day}::date`)
  if (!upcoming) notices = notices.where(sql<boolean>`n.from_day <= ${day}::date`)
  return notices.orderBy('n.id', 'desc').limit(limit).execute()
}
