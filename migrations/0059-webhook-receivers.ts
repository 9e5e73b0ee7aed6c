/**
 * Receivers of webhooks as versions: of each receiver the newest row counts. `webhook_receivers`, for which the triggers of 0046 list rows of
 * the record, keeps the open ones, and `default`, which the settings name. `webhooks` is notified.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table webhook_receiver_versions (
      id bigint generated always as identity primary key,
      receiver text not null check (length(receiver) = 36),
      -- The version that it changes: one alone can follow it. Null: the receiver's first one.
      based_on bigint,
      name text not null check (length(name) between 1 and 60),
      url text not null check (length(url) <= 500),
      -- The types of messages that it takes.
      types text[] not null check (array_length(types, 1) between 1 and 50),
      -- The key that signs, sealed with FACTOR_KEY. A change of the other columns keeps the same sealed bytes.
      secret bytea not null,
      closed boolean not null,
      -- Why, in free_texts.
      reason_digest bytea not null check (length(reason_digest) = 32),
      by text not null references accounts,
      recorded_at timestamptz not null,
      unique (id, receiver),
      unique nulls not distinct (receiver, based_on),
      foreign key (based_on, receiver) references webhook_receiver_versions (id, receiver)
    )`.execute(db)
  await sql`
    create index webhook_receiver_versions_newest on webhook_receiver_versions (receiver, id desc)`.execute(
    db,
  )
  await sql`select make_register('webhook_receiver_versions')`.execute(db)
  await sql`select journal_register('webhook_receiver_versions', 'id')`.execute(db)
  await sql`
    create function notify_webhooks() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_notify('webhooks', '');
      return null;
    end $$`.execute(db)
  await sql`
    create trigger b_notify after insert on webhook_receiver_versions
    for each statement execute function notify_webhooks()`.execute(db)
}
