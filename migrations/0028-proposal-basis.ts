/**
 * A proposal is about the account as it was: when the account's roles change before it is confirmed, it is void. Null in
 * rows from before, which nobody can confirm any more: they are proposed again.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table account_proposals add column roles_before text[]`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (roles_before) on account_proposals to %I', login_named('app'));
    end $$`.execute(db)
}
