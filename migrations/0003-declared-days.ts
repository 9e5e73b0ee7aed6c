/**
 * Days that were declared closed (bridge days come by Government decision), or open again. The newest row
 * of a day counts, whatever the calendar says; `directory` is notified.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table declared_days (
      id bigint generated always as identity primary key,
      day date not null,
      closed boolean not null,
      reason text not null check (length(reason) <= 200),
      -- Who declared it; null: the command line.
      by text references accounts,
      recorded_at timestamptz not null,
      check (not closed or reason <> '')
    )`.execute(db)
  await sql`create index declared_days_day on declared_days (day, id desc)`.execute(db)
  await sql`select make_register('declared_days')`.execute(db)
  await sql`
    create trigger b_notify after insert on declared_days
    for each statement execute function notify_directory()`.execute(db)
}
