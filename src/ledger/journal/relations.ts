/**
 * Every relation that the check reads must be a table: a view can show other rows to the check than to the system.
 */
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { journalledRegisters, journalledRuns, notJournalled } from './registers.ts'
import { valueTables, type BadEntry } from './value-check.ts'

const compared = [
  'journal_entries',
  'journal_head',
  'journal_mark',
  'journalled_registers',
  'journalled_runs',
  ...Object.keys({ ...journalledRegisters, ...journalledRuns, ...notJournalled }),
  ...valueTables,
]

/** The first of them that is missing or not a table. */
export async function wrongRelation(db: Database): Promise<BadEntry | null> {
  const { rows } = await sql<{ name: string; missing: boolean }>`
    select n.name, c.oid is null as missing
    from unnest(${[...new Set(compared)]}::text[]) n (name)
    left join pg_class c on c.relname = n.name and c.relnamespace = 'public'::regnamespace
    where c.oid is null or c.relkind not in ('r', 'p')
    order by n.name limit 1`.execute(db)
  const [bad] = rows
  if (bad === undefined) return null
  const what = bad.missing ? 'is missing' : 'is not a table'
  return {
    index: null,
    sentence: `${bad.name} ${what}: what it shows cannot be compared with the journal.`,
  }
}
