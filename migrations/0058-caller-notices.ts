/**
 * Notices that callers hear when they enter a queue, until a moment or until a supervisor ends them. Their texts are read out to
 * everybody. `directory` is notified. The index is for the callers who have heard one.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table caller_notices (
      id bigint generated always as identity primary key,
      text text not null check (length(text) between 1 and 500),
      -- Null: callers of every queue.
      queues text[] check (cardinality(queues) > 0),
      until timestamptz not null,
      by text not null references accounts,
      recorded_at timestamptz not null,
      -- A month, and a day for clocks that differ.
      check (until <= recorded_at + interval '32 days')
    )`.execute(db)
  await sql`
    create table caller_notice_ends (
      notice bigint primary key references caller_notices,
      by text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  for (const [register, key] of [
    ['caller_notices', 'id'],
    ['caller_notice_ends', 'notice'],
  ] as const) {
    await sql`select make_register(${register})`.execute(db)
    await sql`select journal_register(${register}, ${key})`.execute(db)
    await sql`
      create trigger b_notify after insert on ${sql.table(register)}
      for each statement execute function notify_directory()`.execute(db)
  }
  await sql`
    create index call_events_notices on call_events (((event -> 'announcement' ->> 'notice')::int))
    where type = 'AnnouncementMade' and event -> 'announcement' ->> 'notice' is not null`.execute(db)
}
