/** Articles of the knowledge base. A change is a new version; nothing is ever overwritten. */
import { sql, type Selectable } from 'kysely'
import type { Day } from '../../city/day.ts'
import {
  freshSince,
  standingOn,
  type Paper,
  type PaperContent,
  type PaperId,
  type Standing,
} from '../../city/knowledge/paper.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import type { KnowledgeTables } from './tables.ts'

export interface KeptArticle extends Paper {
  readonly recordedAt: Millis
  /** The author's name; null: imported. */
  readonly by: string | null
  /** The name of the editor who published it, when that is another person. */
  readonly publishedBy: string | null
  /** Null: it is in use. */
  readonly retired: { readonly at: Millis; readonly by: string; readonly reason: string } | null
  /** The version in force on the day of the query; null before the first version's `validFrom`. */
  readonly current: { readonly version: number; readonly standing: Standing } | null
}

/** `latest`: the present version, when it is not `basedOn`; 0 when there is no such article. */
export type Added =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly latest: number }

/** Adds the version after `basedOn`; `basedOn` is 0 for a new article. */
export async function addArticleVersion(
  db: Database,
  change: {
    readonly id: PaperId
    readonly basedOn: number
    readonly content: PaperContent
    readonly by: AgentId | null
  },
): Promise<Added> {
  const { id, basedOn, content, by } = change
  return db.transaction().execute(async (trx): Promise<Added> => {
    await lockArticles(trx)
    const latest = await latestVersion(trx, id)
    if (latest !== basedOn) return { ok: false, latest }
    const version = basedOn + 1
    await insertVersion(trx, { id, version, content, by, publishedBy: by })
    return { ok: true, version }
  })
}

/** The caller holds `lockArticles` and knows that it is the next version. */
export async function insertVersion(
  trx: Database,
  article: {
    readonly id: PaperId
    readonly version: number
    readonly content: PaperContent
    readonly by: AgentId | null
    readonly publishedBy: AgentId | null
  },
): Promise<void> {
  const { id, version, content, by, publishedBy } = article
  await trx
    .insertInto('paper_versions')
    .values({ ...columnsOf(content), paper: id, version, by, published_by: publishedBy })
    .execute()
}

/** Serialises writers until they commit: concurrent inserts into the vocabulary could deadlock. */
export async function lockArticles(trx: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('papers', 0))`.execute(trx)
}

/** 0: there is no such article. */
export async function latestVersion(db: Database, id: PaperId): Promise<number> {
  const { latest } = await db
    .selectFrom('paper_versions')
    .select((eb) => eb.fn.max('version').as('latest'))
    .where('paper', '=', id)
    .executeTakeFirstOrThrow()
  return latest ?? 0
}

/** One version; without `version` the one in force on `day`, or the first version before any is. Null: no such article. */
export async function articleById(
  db: Database,
  id: PaperId,
  day: Day,
  version?: number,
): Promise<KeptArticle | null> {
  const rows = await db
    .selectFrom('paper_versions as v')
    .leftJoin('current_accounts as a', 'a.id', 'v.by')
    .leftJoin('current_accounts as p', (join) =>
      join.onRef('p.id', '=', 'v.published_by').onRef('v.published_by', '<>', 'v.by'),
    )
    .leftJoin('retired_papers as r', 'r.paper', 'v.paper')
    .leftJoin('current_accounts as e', 'e.id', 'r.by')
    .selectAll('v')
    .select(['a.name as author', 'p.name as publisher'])
    .select(['r.recorded_at as retired_at', 'r.reason', 'e.name as retired_by'])
    .where('v.paper', '=', id)
    .orderBy('v.version', 'desc')
    .execute()
  const current = rows.find((row) => row.valid_from <= day)
  const wanted =
    version === undefined ? (current ?? rows.at(-1)) : rows.find((row) => row.version === version)
  if (wanted === undefined) return null
  return {
    ...articleOf(wanted),
    recordedAt: wanted.recorded_at,
    by: wanted.author,
    publishedBy: wanted.publisher,
    retired:
      wanted.retired_at === null || wanted.reason === null
        ? null
        : { at: wanted.retired_at, by: wanted.retired_by ?? '', reason: wanted.reason },
    current:
      current === undefined
        ? null
        : {
            version: current.version,
            standing: standingOn(day, { validFrom: current.valid_from, validTo: current.valid_to }),
          },
  }
}

export interface ArticleVersion {
  readonly version: number
  readonly recordedAt: Millis
  readonly by: string | null
  /** As `KeptArticle`'s. */
  readonly publishedBy: string | null
  readonly validFrom: Day
  readonly validTo: Day | null
  readonly reviewedAt: Day
}

/** Newest first. */
export async function versionsOf(db: Database, id: PaperId, limit: number): Promise<ArticleVersion[]> {
  return db
    .selectFrom('paper_versions as v')
    .leftJoin('current_accounts as a', 'a.id', 'v.by')
    .leftJoin('current_accounts as p', (join) =>
      join.onRef('p.id', '=', 'v.published_by').onRef('v.published_by', '<>', 'v.by'),
    )
    .select([
      'v.version',
      'v.recorded_at as recordedAt',
      'a.name as by',
      'p.name as publishedBy',
      'v.valid_from as validFrom',
      'v.valid_to as validTo',
      'v.reviewed_on as reviewedAt',
    ])
    .where('v.paper', '=', id)
    .orderBy('v.version', 'desc')
    .limit(limit)
    .execute()
}

export interface StaleArticle {
  readonly id: PaperId
  readonly version: number
  readonly title: string
  readonly domain: string
  readonly reviewedAt: Day
  readonly validTo: Day | null
  readonly sourceUrl: string
  /** `over`: it has expired and has no newer version. */
  readonly why: 'not reviewed' | 'over'
}

/** Articles that need an editor, the most urgent first: expired ones, then those reviewed longest ago. */
export async function staleArticles(db: Database, day: Day, limit: number): Promise<StaleArticle[]> {
  const newest = db
    .selectFrom('paper_versions')
    .distinctOn('paper')
    .selectAll()
    .orderBy('paper')
    .orderBy('version', 'desc')
  const over = sql<boolean>`valid_to is not null and valid_to < ${day}::date`
  const rows = await db
    .selectFrom(newest.as('v'))
    .select([
      'paper as id',
      'version',
      'title',
      'domain',
      'source_url as sourceUrl',
      'reviewed_on as reviewedAt',
      'valid_to as validTo',
      over.as('over'),
    ])
    .where(sql<boolean>`paper not in (select paper from retired_papers)`)
    .where((eb) => eb.or([over, sql<boolean>`reviewed_on < ${freshSince(day)}::date`]))
    .orderBy(over, 'desc')
    .orderBy('reviewed_on')
    .orderBy('paper')
    .limit(limit)
    .execute()
  return rows.map(({ over: isOver, ...row }) => ({ ...row, why: isOver ? 'over' : 'not reviewed' }))
}

export function columnsOf(content: PaperContent) {
  const { domain, title, problem, asked, needs, form, handledBy, fee, counter, hours, term, basis } = content
  return {
    domain,
    title,
    problem,
    asked: [...asked],
    needs: JSON.stringify(needs),
    form_name: form?.name ?? null,
    form_url: form?.url ?? null,
    handled_by: handledBy,
    fee,
    counter,
    hours,
    term,
    basis: [...basis],
    valid_from: content.validFrom,
    valid_to: content.validTo,
    source_url: content.sourceUrl,
    reviewed_on: content.reviewedAt,
  }
}

/** Expects days as text, as the pool of `openDatabase` reads them. */
export function articleOf(
  row: Omit<Selectable<KnowledgeTables['paper_versions']>, 'by' | 'published_by' | 'recorded_at'>,
): Paper {
  return {
    id: row.paper,
    version: row.version,
    domain: row.domain,
    title: row.title,
    problem: row.problem,
    asked: row.asked,
    needs: row.needs,
    form: row.form_name === null ? null : { name: row.form_name, url: row.form_url },
    handledBy: row.handled_by,
    fee: row.fee,
    counter: row.counter,
    hours: row.hours,
    term: row.term,
    basis: row.basis,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    sourceUrl: row.source_url,
    reviewedAt: row.reviewed_on,
  }
}
