/**
 * The log of deliveries: what each receiver of webhooks was sent, and how it answered. A row names a row of the record, as the list of what is unsent
 * does; the message itself is kept nowhere. No register: retention deletes from it. Replays, which an administrator asks for, are one.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook_deliveries (
      id bigint generated always as identity primary key,
      receiver text not null,
      call text not null,
      place bigint not null,
      what text not null,
      -- The webhook-id.
      message text not null,
      type text not null,
      -- 'delivered', 'retrying', 'given up'
      outcome text not null,
      tries integer not null,
      -- The last try was asked for by an administrator.
      replay boolean not null,
      -- Of the last try: the answer's status, or why there was none.
      status integer,
      why text,
      duration_ms integer not null,
      first_at timestamptz not null,
      last_at timestamptz not null,
      unique (receiver, call, place)
    )`.execute(db)
  await sql`create index webhook_deliveries_receiver on webhook_deliveries (receiver, id desc)`.execute(db)
  await sql`create index webhook_deliveries_last on webhook_deliveries (last_at)`.execute(db)
  // Few: what an administrator looks for.
  await sql`
    create index webhook_deliveries_failed on webhook_deliveries (receiver, id desc)
    where outcome <> 'delivered'`.execute(db)
  await sql`alter table webhook_unsent add replay boolean not null default false`.execute(db)
  await sql`
    create table webhook_replays (
      id bigint generated always as identity primary key,
      receiver text not null,
      -- The webhook-id of the one that was asked for; null: all that failed since a moment.
      message text,
      since timestamptz,
      messages integer not null check (messages >= 0),
      by text not null references accounts,
      recorded_at timestamptz not null,
      check ((message is null) = (since is not null))
    )`.execute(db)
  await sql`select make_register('webhook_replays')`.execute(db)
  await sql`select journal_register('webhook_replays', 'id')`.execute(db)
  await sql`
    create trigger b_notify after insert on webhook_replays
    for each statement execute function notify_webhooks()`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, update on webhook_deliveries to %I', login_named('app'));
      execute format('grant select, delete on webhook_deliveries to %I', login_named('retention'));
    end $$`.execute(db)
}
