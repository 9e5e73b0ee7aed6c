/** A token that a reset at the command line has ended was ended by no account. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table program_token_ends alter column by drop not null`.execute(db)
}
