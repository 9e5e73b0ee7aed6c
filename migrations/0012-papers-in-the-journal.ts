/** The registers of papers and notices are told to the journal: what a version said cannot be changed unseen. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [register, key] of [
    ['paper_versions', "paper || '@' || version"],
    ['paper_synonyms', 'id'],
    ['paper_openings', 'id'],
    ['notices', 'id'],
    ['notice_ends', 'notice'],
  ] as const) {
    await sql`select journal_register(${register}::regclass, ${key})`.execute(db)
  }
}
