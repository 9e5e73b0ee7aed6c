/**
 * The code of a wrap-up form, and its path as the agent read it: a row stays readable when codes are renamed or removed.
 * Null in rows from before, and where none was chosen.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table wrap_ups
      add column code text check (length(code) between 1 and 40),
      add column code_name text check (length(code_name) between 1 and 400),
      add constraint code_named check ((code is null) = (code_name is null))`.execute(db)
  await sql`create index wrap_ups_code on wrap_ups (code, call) where code is not null`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (code, code_name) on wrap_ups to %I', login_named('app'));
    end $$`.execute(db)
}
