/** Counts and deletes personal values that are past their limits. Registers keep the digests. */
import { sql, type RawBuilder, type SqlBool } from 'kysely'
import { closedStates } from '../../city/requests/standing.ts'
import type { Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { appendEntry } from '../journal/journal.ts'
import { tablePlaces, type Term } from './places.ts'

/** Limits of retention. */
export interface PastLimits {
  /** Callers' numbers, notes, free texts and messages recorded before this moment are deleted. */
  readonly recordedBefore: Millis
  /** Values of requests that were closed before this moment are deleted; those of open requests are kept. */
  readonly closedBefore: Millis
  /** Traces of use (networks of tries, abandoned drafts) from before this moment are deleted. */
  readonly tracedBefore: Millis
}

/** Each table whose values have a term, with the condition for rows past it. */
function pastRows({
  recordedBefore,
  closedBefore,
  tracedBefore,
}: PastLimits): ReadonlyMap<string, RawBuilder<SqlBool>> {
  const old = sql<SqlBool>`recorded_at < ${time(recordedBefore)}`
  const traced = (column: string) => sql<SqlBool>`${sql.ref(column)} < ${time(tracedBefore)}`
  const closed = sql`state in (${sql.join(closedStates)}) and changed_at < ${time(closedBefore)}`
  const conditions = new Map<string, RawBuilder<SqlBool>>([
    // The body of an unsent message is kept until it is delivered.
    ['outbox_bodies', sql<SqlBool>`${old} and message not in (select message from outbox_unsent)`],
    ['request_details', sql<SqlBool>`request in (select id from current_requests where ${closed})`],
    [
      'request_status_notes',
      sql<SqlBool>`status in (select s.id from request_statuses s
        where s.request in (select id from current_requests where ${closed}))`,
    ],
    // A draft that became a request is deleted at once; one that did not is of no use to anybody.
    ['request_drafts', traced('changed_at')],
    ['refused_sign_ins', traced('last_at')],
    ['paper_misses', traced('day')],
    ['webhook_deliveries', traced('last_at')],
  ])
  return new Map(
    tablePlaces.flatMap(({ table, ends }) => {
      const byTerm = ends === 'details' ? old : ends === 'logs' ? traced('recorded_at') : null
      const condition = conditions.get(table) ?? byTerm
      return condition === null ? [] : [[table, condition]]
    }),
  )
}

const rowsAtOnce = 1_000

/** Days after which values are deleted; missing: another system deletes them. */
export interface RetentionTerms {
  readonly audioDays: number
  readonly detailsDays?: number
  readonly requestsDays?: number
  readonly logsDays?: number
}

/** Journals the terms where they differ from the last ones: a run is judged by the terms that were in force before it. */
export async function recordTerms(
  db: Database,
  { audioDays: audio, detailsDays: details, requestsDays: requests, logsDays: logs }: RetentionTerms,
): Promise<void> {
  const last = await db
    .selectFrom('journal_entries')
    .select('entry')
    .where('what', '=', 'terms')
    .orderBy('index', 'desc')
    .limit(1)
    .executeTakeFirst()
  const known = last === undefined ? {} : (JSON.parse(last.entry) as { readonly days: object }).days
  // Without the missing ones, which stay what another node has journalled.
  const given = JSON.parse(JSON.stringify({ audio, details, requests, logs })) as object
  const days = { ...known, ...given }
  if (JSON.stringify(known) !== JSON.stringify(days))
    await appendEntry(db, { what: 'terms', kind: 'retention', days })
}

/** Terms on record, as the journal has them. */
export interface RecordedTerms {
  /** Index of the entry. */
  readonly index: number
  readonly at: Millis
  /** `audio`, `details`, `requests`, `logs`; in a forged entry anything. */
  readonly days: Readonly<Record<string, unknown>>
}

/** Newest first. */
export async function recordedTerms(db: Database, limit: number): Promise<RecordedTerms[]> {
  const rows = await db
    .selectFrom('journal_entries')
    .select(['index', 'entry', 'recorded_at'])
    .where('what', '=', 'terms')
    .orderBy('index', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ index, entry, recorded_at: at }) => {
    const { days } = JSON.parse(entry) as { readonly days?: RecordedTerms['days'] | null }
    return { index, at, days: days ?? {} }
  })
}

/** Number of rows past their limit, by table; with `ends` only of those that end by this term. */
export async function pastDetails(
  db: Database,
  limits: PastLimits,
  ends: Term | null = null,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const ofTerm = new Set(tablePlaces.filter((place) => place.ends === ends).map(({ table }) => table))
  for (const [table, isPast] of pastRows(limits)) {
    if (ends !== null && !ofTerm.has(table)) continue
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(table)} where ${isPast}`.execute(db)
    counts[table] = rows[0]?.count ?? 0
  }
  return counts
}

/** Needs the login `retention`, which alone has the right. Deletes in small batches. */
export async function deletePastDetails(retention: Database, limits: PastLimits): Promise<void> {
  for (const [table, isPast] of pastRows(limits)) {
    for (;;) {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid = any (array(
          select ctid from ${sql.table(table)} where ${isPast} limit ${rowsAtOnce}))`.execute(retention)
      if (numAffectedRows < BigInt(rowsAtOnce)) break
    }
  }
}
