/** Notices to agents. A notice is never changed: it is ended, and a new one is written. */
import { sql } from 'kysely'
import type { Day } from '../../city/day.ts'
import type { PaperId } from '../../city/knowledge/paper.ts'
import type { AgentId, Millis, QueueId } from '../../core/ids.ts'
import type { Database } from '../database.ts'

export interface Notice {
  readonly id: number
  readonly text: string
  /** First and last day on which it is shown. */
  readonly from: Day
  readonly to: Day
  /** The articles and queues that it concerns; without any, it is for everybody. */
  readonly articles: readonly { readonly id: PaperId; readonly title: string }[]
  readonly queues: readonly QueueId[]
  /** The author's name. */
  readonly by: string
  readonly at: Millis
}

export interface NewNotice {
  readonly text: string
  readonly from: Day
  readonly to: Day
  readonly articles: readonly PaperId[]
  readonly queues: readonly QueueId[]
  readonly by: AgentId
}

export async function addNotice(db: Database, notice: NewNotice): Promise<number> {
  const { text, from, to, articles, queues, by } = notice
  const { id } = await db
    .insertInto('notices')
    .values({ text, from_day: from, to_day: to, articles: named(articles), queues: named(queues), by })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const named = <Id>(ids: readonly Id[]): Id[] | null => (ids.length === 0 ? null : [...new Set(ids)])

/** Those of the ids that no article has. */
export async function unknownArticles(db: Database, ids: readonly PaperId[]): Promise<PaperId[]> {
  const titles = await titlesOf(db, ids)
  return ids.filter((id) => !titles.has(id))
}

/** The newest titles. */
async function titlesOf(db: Database, ids: readonly PaperId[]): Promise<ReadonlyMap<PaperId, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('paper_versions')
    .distinctOn('paper')
    .select(['paper', 'title'])
    .where('paper', 'in', ids)
    .orderBy('paper')
    .orderBy('version', 'desc')
    .execute()
  return new Map(rows.map(({ paper, title }) => [paper, title]))
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
    .select(['n.id', 'n.text', 'n.from_day as from', 'n.to_day as to', 'n.articles', 'n.queues'])
    .select(['a.name as by', 'n.recorded_at as at'])
    .where('e.notice', 'is', null)
    .where(sql<boolean>`n.to_day >= ${day}::date`)
  if (!upcoming) notices = notices.where(sql<boolean>`n.from_day <= ${day}::date`)
  const rows = await notices.orderBy('n.id', 'desc').limit(limit).execute()
  const titles = await titlesOf(db, [...new Set(rows.flatMap(({ articles }) => articles ?? []))])
  return rows.map(({ articles, queues, ...notice }) => ({
    ...notice,
    articles: (articles ?? []).map((id) => ({ id, title: titles.get(id) ?? id })),
    queues: queues ?? [],
  }))
}
