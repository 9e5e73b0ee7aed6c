/** Papers and procedures, version by version. A change is a new version; nothing is ever overwritten. */
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

export interface KeptPaper extends Paper {
  readonly recordedAt: Millis
  /** The author's name; null: imported. */
  readonly by: string | null
  /** The version that is in force on the day of asking, and how it stands; null: none has begun yet. */
  readonly current: { readonly version: number; readonly standing: Standing } | null
}

/** `latest` is the version that exists now: somebody else was faster. 0: there is no such paper. */
export type Added =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly latest: number }

/** Adds the version after `basedOn`, 0 for a new paper. */
export async function addPaperVersion(
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
    await holdPapers(trx)
    const latest = await latestVersion(trx, id)
    if (latest !== basedOn) return { ok: false, latest }
    const version = basedOn + 1
    await trx
      .insertInto('paper_versions')
      .values({ ...columnsOf(content), paper: id, version, by })
      .execute()
    return { ok: true, version }
  })
}

/** One writer at a time, until it commits: new words of two would be written in two orders. */
export async function holdPapers(trx: Database): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('papers', 0))`.execute(trx)
}

async function latestVersion(db: Database, id: PaperId): Promise<number> {
  const { latest } = await db
    .selectFrom('paper_versions')
    .select((eb) => eb.fn.max('version').as('latest'))
    .where('paper', '=', id)
    .executeTakeFirstOrThrow()
  return latest ?? 0
}

/** One version; without `version` the one in force on `day`, else the first that will be. */
export async function paperById(
  db: Database,
  id: PaperId,
  day: Day,
  version?: number,
): Promise<KeptPaper | null> {
  const rows = await db
    .selectFrom('paper_versions as v')
    .leftJoin('current_accounts as a', 'a.id', 'v.by')
    .selectAll('v')
    .select('a.name as author')
    .where('v.paper', '=', id)
    .orderBy('v.version', 'desc')
    .execute()
  const current = rows.find((row) => row.valid_from <= day)
  const wanted =
    version === undefined ? (current ?? rows.at(-1)) : rows.find((row) => row.version === version)
  if (wanted === undefined) return null
  return {
    ...paperOf(wanted),
    recordedAt: wanted.recorded_at,
    by: wanted.author,
    current:
      current === undefined
        ? null
        : {
            version: current.version,
            standing: standingOn(day, { validFrom: current.valid_from, validTo: current.valid_to }),
          },
  }
}

export interface PaperVersion {
  readonly version: number
  readonly recordedAt: Millis
  readonly by: string | null
  readonly validFrom: Day
  readonly validTo: Day | null
  readonly reviewedAt: Day
}

/** Newest first. */
export async function versionsOf(db: Database, id: PaperId, limit: number): Promise<PaperVersion[]> {
  return db
    .selectFrom('paper_versions as v')
    .leftJoin('current_accounts as a', 'a.id', 'v.by')
    .select([
      'v.version',
      'v.recorded_at as recordedAt',
      'a.name as by',
      'v.valid_from as validFrom',
      'v.valid_to as validTo',
      'v.reviewed_on as reviewedAt',
    ])
    .where('v.paper', '=', id)
    .orderBy('v.version', 'desc')
    .limit(limit)
    .execute()
}

export interface StalePaper {
  readonly id: PaperId
  readonly version: number
  readonly title: string
  readonly domain: string
  readonly reviewedAt: Day
  readonly validTo: Day | null
  readonly sourceUrl: string
  /** `over`: its time has run out and no newer version has come. */
  readonly why: 'not reviewed' | 'over'
}

/** Entries to be looked at, the most urgent first: run out, then longest not compared with their source. */
export async function stalePapers(db: Database, day: Day, limit: number): Promise<StalePaper[]> {
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
    .where((eb) => eb.or([over, sql<boolean>`reviewed_on < ${freshSince(day)}::date`]))
    .orderBy(over, 'desc')
    .orderBy('reviewed_on')
    .orderBy('paper')
    .limit(limit)
    .execute()
  return rows.map(({ over: isOver, ...row }) => ({ ...row, why: isOver ? 'over' : 'not reviewed' }))
}

export function columnsOf(content: PaperContent) {
  const { domain, title, problem, asked, needs, form, fee, counter, hours, term, basis } = content
  return {
    domain,
    title,
    problem,
    asked: [...asked],
    needs: JSON.stringify(needs),
    form_name: form?.name ?? null,
    form_url: form?.url ?? null,
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

/** Days must have been read as text. */
export function paperOf(
  row: Omit<Selectable<KnowledgeTables['paper_versions']>, 'by' | 'recorded_at'>,
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
