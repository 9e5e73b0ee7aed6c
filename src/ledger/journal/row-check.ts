/**
 * The registers compared with the journal, and the sweep that adds their rows to it. Most registers have an entry for
 * each row; busy ones (events, sign-ins) have an entry for a run of rows.
 */
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { BadEntry } from './value-check.ts'

const badRowsMax = 1
/** Bounds the time of one statement. */
const runsAtOnce = 5_000

const rowSentences: Readonly<
  Record<string, (register: string, key: string, index: number | null) => string>
> = {
  changed: (register, key, index) =>
    `Row ${key} of ${register} does not match entry ${index}: it has been changed.`,
  missing: (register, key, index) =>
    `Row ${key} of ${register}, recorded by entry ${index}, is missing: it has been deleted.`,
  unknown: (register, key) => `Row ${key} of ${register} has no entry: it was added without the journal.`,
}

/** The first row of any register that does not match its journal entry. */
export async function firstBadRow(db: Database): Promise<BadEntry | null> {
  const registers = await db
    .selectFrom('journalled_registers')
    .select('register')
    .orderBy('register')
    .execute()
  for (const { register } of registers) {
    const { rows } = await sql<{ entry_index: number | null; row_key: string; why: string }>`
      select * from rows_unlike_journal(${register}, ${badRowsMax})`.execute(db)
    const [bad] = rows
    if (bad !== undefined) {
      const { entry_index: index, row_key: key, why } = bad
      return { index, sentence: rowSentences[why]?.(register, key, index) ?? `${register}: ${why}` }
    }
  }
  return null
}

/** The first row of a busy register that does not match the run that covers it, or that no run covers. */
export async function firstBadRun(db: Database, entries: number): Promise<BadEntry | null> {
  const registers = await db.selectFrom('journalled_runs').select('register').orderBy('register').execute()
  for (const { register } of registers) {
    for (let from = 0; from < entries; from += runsAtOnce) {
      const { rows } = await sql<{ entry_index: number; row_number: number; why: string }>`
        select * from runs_unlike_journal(${register}, ${from}, ${from + runsAtOnce - 1})`.execute(db)
      const [bad] = rows
      if (bad !== undefined) return badRun(register, bad.why, bad.row_number, bad.entry_index)
    }
    if (!(await mayHaveRowsWithoutRun(db, register))) continue
    const { rows } = await sql<{ row_number: number }>`select * from rows_without_run(${register})`.execute(
      db,
    )
    const [bad] = rows
    if (bad !== undefined) return badRun(register, 'unknown', bad.row_number, null)
  }
  return null
}

/**
 * Runs do not overlap, and the rows of each have been counted: a row without a run, numbered below the last run's end,
 * makes the register larger than the sum of its runs. Counting takes a hundredth of looking up each row's run.
 */
async function mayHaveRowsWithoutRun(db: Database, register: string): Promise<boolean> {
  const { rows: listed } = await sql<{ ordinal: string }>`
    select ordinal from journalled_runs where register = ${register}`.execute(db)
  const ordinal = sql.ref(listed[0]!.ordinal)
  const table = sql.table(register)
  const { rows } = await sql<{ may: boolean }>`
    with runs as materialized (
      select coalesce(max(last), -1) as top, coalesce(sum(last - first + 1), 0) as covered
      from journal_runs where register = ${register})
    select (select count(*) from ${table} where ${ordinal} <= (select top from runs)) > (select covered from runs)
        or exists (select from ${table} t join journalled_runs r on r.register = ${register}
                   where t.${ordinal} > (select top from runs)
                     and t.recorded_at < r.swept_until - interval '5 minutes') as may`.execute(db)
  return rows[0]?.may ?? true
}

function badRun(register: string, why: string, row: number, index: number | null): BadEntry {
  return { index, sentence: rowSentences[why]?.(register, String(row), index) ?? `${register}: ${why}` }
}

/**
 * Adds the digests of up to `rowsMax` rows that have none yet; returns how many.
 * @param backMs how far before the last swept row to look for rows of transactions that committed late.
 */
export async function journalRows(db: Database, rowsMax: number, backMs = 5 * 60_000): Promise<number> {
  const { rows } = await sql<{ appended: number }>`
    select journal_rows(${rowsMax}, ${backMs}::float8 * interval '1 millisecond') as appended`.execute(db)
  return rows[0]!.appended
}

/** The same for the busy registers; returns how many rows were covered. */
export async function journalRuns(db: Database, rowsMax: number, backMs = 5 * 60_000): Promise<number> {
  const { rows } = await sql<{ swept: number }>`
    select journal_row_runs(${rowsMax}, ${backMs}::float8 * interval '1 millisecond') as swept`.execute(db)
  return rows[0]!.swept
}
