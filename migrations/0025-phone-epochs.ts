/**
 * The epoch of each account's phone secrets: a secret is derived from the account and its epoch, and a new epoch makes
 * the old secret worthless. Not a register: it holds no history and no personal value.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table phone_epochs (
      account text primary key references accounts,
      web integer not null default 0 check (web >= 0),
      desk integer not null default 0 check (desk >= 0)
    )`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, update on phone_epochs to %I', login_named('app'));
    end $$`.execute(db)
}
