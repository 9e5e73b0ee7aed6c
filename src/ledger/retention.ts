/** Personal values that are past their time: how many there are, and their end. Registers keep the digests. */
import { sql } from 'kysely'
import type { Millis } from '../core/ids.ts'
import { time, type Database } from './database.ts'
import { appendEntry } from './journal.ts'

/**
 * The detail tables that age by their own time of recording, one line each: what one of them is about may be
 * gone after so many days, whatever it says.
 */
export const detailTables = ['callers', 'note_texts', 'outbox_bodies'] as const

const rowsAtOnce = 1_000

export interface RetentionRun {
  /** Recordings of calls that arrived before this day (2026-05-25) lose their keys. */
  readonly audio: { readonly before: string; readonly recordings: number }
  /** Rows recorded before this moment are deleted. */
  readonly details: { readonly before: string; readonly rows: Readonly<Record<string, number>> }
}

/** What a run is about to do is in the journal before it is done. */
export async function recordRun(db: Database, run: RetentionRun): Promise<void> {
  await appendEntry(db, { what: 'run', kind: 'retention', ...run })
}

/** Runs, newest first. */
export async function retentionRuns(
  db: Database,
  limit: number,
): Promise<(RetentionRun & { readonly at: Millis })[]> {
  const rows = await db
    .selectFrom('journal_entries')
    .select(['entry', 'recorded_at'])
    .where('what', '=', 'run')
    .orderBy('index', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ entry, recorded_at }) => {
    const { audio, details } = JSON.parse(entry) as RetentionRun
    return { audio, details, at: recorded_at }
  })
}

export async function detailsBefore(db: Database, before: Millis): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of detailTables) {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.table(table)} where recorded_at < ${time(before)}`.execute(db)
    counts[table] = rows[0]?.count ?? 0
  }
  return counts
}

/** With the login `retention`, which alone may. A few at a time: nobody waits for it. */
export async function deleteDetailsBefore(retention: Database, before: Millis): Promise<void> {
  for (const table of detailTables) {
    for (;;) {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid = any (array(
          select ctid from ${sql.table(table)} where recorded_at < ${time(before)} limit ${rowsAtOnce}))`.execute(
        retention,
      )
      if (numAffectedRows < BigInt(rowsAtOnce)) break
    }
  }
}
