/** Accounts with unusually many looks within an hour, from the access log. */
import { sql } from 'kysely'
import {
  countedKinds,
  unusualWindowMs,
  type UnusualLimits,
  type UnusualLooks,
} from '../../city/access/unusual.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

/** A reason, a refused try, or a search by number outside of a call. */
const isReason = sql`(kind in ('justified', 'refused') or (kind = 'request-list' and about = 'by number' and call is null))`

/** For each look the number of looks of the hour before it; the worst account first. */
export async function unusualLooks(
  db: Database,
  since: Millis,
  { looksPerHour, reasonsPerHour }: UnusualLimits,
): Promise<UnusualLooks[]> {
  const from = time(since - unusualWindowMs)
  const { rows } = await sql<UnusualLooks>`
    with tallied as (
      select account, at, count(*) over an_hour as looks,
             count(*) filter (where ${isReason}) over an_hour as reasons
      from journal_looks
      where at > ${from} and kind in (${sql.join(countedKinds)})
      window an_hour as (partition by account order by at
                         range between interval '1 hour' preceding and current row)
    )
    select t.account, a.name, max(t.looks) as looks, max(t.reasons) as reasons, max(t.at) as "lastAt"
    from tallied t left join current_accounts a on a.id = t.account
    where at > ${time(since)}
      and (looks > ${looksPerHour} or reasons > ${reasonsPerHour})
    group by t.account, a.name order by 4 desc, 3 desc`.execute(db)
  return rows
}

/** Reasons and refused tries of one account in the last hour. */
export async function reasonsOf(db: Database, account: AgentId, since: Millis): Promise<number> {
  const { count } = await db
    .selectFrom('journal_looks')
    .select(sql<number>`count(*)`.as('count'))
    .where('account', '=', account)
    .where('at', '>', time(since))
    .where(sql<boolean>`${isReason}`)
    .executeTakeFirstOrThrow()
  return count
}
