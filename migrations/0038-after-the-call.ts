/**
 * Wrap-ups and notes that were written after the call had left the desk, and how and when a citizen was told that the
 * term of their request is extended. Null in rows from before, and where it does not apply.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table wrap_ups add column later boolean`.execute(db)
  await sql`alter table notes add column later boolean`.execute(db)
  await sql`
    alter table request_statuses
      add column told_by text check (told_by in ('phone', 'e-mail', 'letter')),
      add column told_on date,
      add constraint told_whole check ((told_by is null) = (told_on is null)),
      add constraint told_of_extension check (told_by is null or kind = 'extended')`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (later) on wrap_ups to %I', login_named('app'));
      execute format('grant insert (later) on notes to %I', login_named('app'));
      execute format('grant insert (told_by, told_on) on request_statuses to %I', login_named('app'));
    end $$`.execute(db)
}
