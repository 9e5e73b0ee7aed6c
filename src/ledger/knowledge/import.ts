/** Import of many articles: new ones are added, changed ones get a version, equal ones are left as they are. */
import { isDeepStrictEqual } from 'node:util'
import type { Paper, PaperContent, PaperId } from '../../city/knowledge/paper.ts'
import type { Database } from '../database.ts'
import { columnsOf, lockArticles, articleOf } from './articles.ts'

export interface Imported {
  readonly added: number
  readonly changed: number
  readonly unchanged: number
}

/** One transaction. `onlyNew` skips articles that exist, even when their content differs. */
export async function importArticles(
  db: Database,
  articles: readonly (PaperContent & { readonly id: PaperId })[],
  options: { readonly onlyNew?: boolean } = {},
): Promise<Imported> {
  return db.transaction().execute(async (trx) => {
    await lockArticles(trx)
    const known = await newestOf(trx)
    const written = articles.flatMap((article) => {
      const { id, ...content } = article
      const before = known.get(id)
      if (before !== undefined && (options.onlyNew === true || isSame(before, content))) return []
      return [
        {
          ...columnsOf(content),
          paper: id,
          version: (before?.version ?? 0) + 1,
          by: null,
          published_by: null,
        },
      ]
    })
    for (let from = 0; from < written.length; from += rowsAtOnce)
      await trx
        .insertInto('paper_versions')
        .values(written.slice(from, from + rowsAtOnce))
        .execute()
    const added = written.filter(({ version }) => version === 1).length
    return { added, changed: written.length - added, unchanged: articles.length - written.length }
  })
}

/** PostgreSQL takes 65,535 parameters in one statement; an article has 21. */
const rowsAtOnce = 500

async function newestOf(db: Database): Promise<ReadonlyMap<PaperId, Paper>> {
  const rows = await db
    .selectFrom('paper_versions')
    .distinctOn('paper')
    .selectAll()
    .orderBy('paper')
    .orderBy('version', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.paper, articleOf(row)]))
}

function isSame(before: Paper, content: PaperContent): boolean {
  const { id, version } = before
  return isDeepStrictEqual(before, { id, version, ...content })
}
