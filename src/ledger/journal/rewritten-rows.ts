/**
 * Rows that migration 0020 has rewritten, to move their free text to where retention deletes it. Its one journal entry binds
 * their list: a second entry, one after the server has begun to journal its terms (which it does once it has migrated), or
 * a list that the entry does not match, hides a change.
 */
import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { BadEntry } from './value-check.ts'

export async function wrongRewriting(db: Database): Promise<BadEntry | null> {
  const entries = await db
    .selectFrom('journal_entries')
    .select(['index', sql<string>`entry::jsonb ->> 'digest'`.as('digest')])
    .where('what', '=', 'rewritten')
    .orderBy('index')
    .limit(2)
    .execute()
  const { rows } = await sql<{ digest: string | null }>`select rewritten_digest() as digest`.execute(db)
  const digest = rows[0]?.digest ?? null
  const [first, second] = entries
  if (second !== undefined)
    return {
      index: second.index,
      sentence: `Entry ${second.index} says again that rows were rewritten, which happens once: it hides changed rows.`,
    }
  const terms = await db
    .selectFrom('journal_entries')
    .select('index')
    .where('what', '=', 'terms')
    .orderBy('index')
    .limit(1)
    .executeTakeFirst()
  if (first !== undefined && terms !== undefined && terms.index < first.index)
    return {
      index: first.index,
      sentence: `Entry ${first.index} says that an update rewrote rows, after entry ${terms.index} of a server that was up to date: it hides changed rows.`,
    }
  if ((first?.digest ?? null) === digest) return null
  return {
    index: first?.index ?? null,
    sentence:
      'The list of rows that were rewritten is not the one that the journal names: rows have been changed.',
  }
}
