/** A token of a program has a rate of its own. Null in rows from before: 600 requests a minute, which was everybody's. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table program_tokens
      add column requests_per_minute integer check (requests_per_minute between 10 and 6000)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (requests_per_minute) on program_tokens to %I', login_named('app'));
    end $$`.execute(db)
}
