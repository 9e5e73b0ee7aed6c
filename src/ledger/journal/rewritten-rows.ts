/**
 * Rows that migration 0020 has rewritten, to move their free text to where retention deletes it. Its one journal entry binds
 * their list: a second entry, one after the server has begun to journal its terms (which it does once it has migrated), or
 * a list that the entry does not match, hides a change.
 */
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { BadEntry } from './value-check.ts'

export async function wrongRewriting(db: Database): Promise<BadEntry | null> {
  const { rows: entries } = await sql<{ index: number; digest: string | null; terms: number | null }>`
    select index, entry::jsonb ->> 'digest' as digest,
           (select t.index from public.journal_entries t where t.what = 'terms' order by t.index limit 1) as terms
    from public.journal_entries where what = 'rewritten' order by index limit 2`.execute(db)
  // As migration 0020 digested the list.
  const { rows } = await sql<{ digest: string | null }>`
    select encode(sha256(convert_to(
      string_agg(concat_ws(' ', register, row_key, field, before, after), chr(10)
                 order by register collate "C", row_key collate "C"), 'UTF8')), 'hex') as digest
    from public.rewritten_rows`.execute(db)
  const digest = rows[0]?.digest ?? null
  const [first, second] = entries
  if (second !== undefined)
    return {
      index: second.index,
      sentence: `Entry ${second.index} says again that rows were rewritten, which happens once: it hides changed rows.`,
    }
  if (first !== undefined && first.terms !== null && first.terms < first.index)
    return {
      index: first.index,
      sentence: `Entry ${first.index} says that an update rewrote rows, after entry ${first.terms} of a server that was up to date: it hides changed rows.`,
    }
  if ((first?.digest ?? null) === digest) return null
  return {
    index: first?.index ?? null,
    sentence:
      'The list of rows that were rewritten is not the one that the journal names: rows have been changed.',
  }
}
