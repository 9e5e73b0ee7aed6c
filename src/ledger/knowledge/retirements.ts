/** Articles out of use: not found by the search, still opened from links. Retiring and bringing back are rows. */
import type { PaperId } from '../../city/knowledge/paper.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { latestVersion, lockArticles } from './articles.ts'

export interface RetiredArticle {
  readonly id: PaperId
  readonly title: string
  readonly domain: string
  readonly at: Millis
  /** The editor's name. */
  readonly by: string
  readonly reason: string
}

/** `reason`: shown to whoever opens the article; null brings it back. Idempotent. */
export async function setRetired(
  db: Database,
  change: { readonly id: PaperId; readonly reason: string | null; readonly by: AgentId },
): Promise<'done' | 'no such article'> {
  const { id, reason, by } = change
  return db.transaction().execute(async (trx) => {
    await lockArticles(trx)
    const version = await latestVersion(trx, id)
    if (version === 0) return 'no such article'
    if ((await isRetired(trx, id)) !== (reason !== null))
      await trx
        .insertInto('paper_retirements')
        .values({ paper: id, version, retired: reason !== null, reason, by })
        .execute()
    return 'done'
  })
}

export async function isRetired(db: Database, id: PaperId): Promise<boolean> {
  const row = await db.selectFrom('retired_papers').select('paper').where('paper', '=', id).executeTakeFirst()
  return row !== undefined
}

/** Newest first. */
export async function retiredArticles(db: Database, limit: number): Promise<RetiredArticle[]> {
  return db
    .selectFrom('retired_papers as r')
    .innerJoin('current_accounts as a', 'a.id', 'r.by')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('paper_versions')
          .select(['title', 'domain'])
          .whereRef('paper_versions.paper', '=', 'r.paper')
          .orderBy('version', 'desc')
          .limit(1)
          .as('v'),
      (join) => join.onTrue(),
    )
    .select(['r.paper as id', 'v.title', 'v.domain', 'r.recorded_at as at', 'a.name as by', 'r.reason'])
    .orderBy('r.recorded_at', 'desc')
    .limit(limit)
    .execute()
}
