/**
 * What the document system is to be told of each request, and what it answers.
 *
 * A message is written in the transaction that registers the request, so that neither exists without the other. Its
 * body holds personal values and stands in a detail table; the register keeps `SHA256(salt‖body)`. Each try, and each
 * word of a supervisor to try again, is a row. `outbox_unsent` is the list of what is still to be delivered: no
 * register, only the work at hand, so that looking for it costs the same however many messages there ever were.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await messages(db)
  await tries(db)
  await updates(db)
  await views(db)
}

async function messages(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox (
      id text primary key check (id ~ '^msg_[0-9a-f]{32}$'),
      -- The registration number without its date; the messages of one request are numbered from 1.
      request text not null check (length(request) between 1 and 60),
      version integer not null check (version > 0),
      type text not null check (type in ('request.registered', 'request.status')),
      digest bytea not null check (length(digest) = 32),
      recorded_at timestamptz not null,
      unique (request, version)
    )`.execute(db)
  await sql`
    create table outbox_bodies (
      message text primary key references outbox,
      salt bytea not null check (length(salt) = 16),
      body text not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_register('outbox')`.execute(db)
  await sql`select journal_register('outbox', 'id')`.execute(db)
  await sql`select make_detail('outbox_bodies')`.execute(db)
  await sql`create table outbox_unsent (message text primary key references outbox)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, delete on outbox_unsent to %I', login_named('app'));
      execute format('grant select on outbox_unsent to %I', login_named('retention'));
    end $$`.execute(db)
}

async function tries(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table outbox_tries (
      id bigint generated always as identity primary key,
      message text not null references outbox,
      outcome text not null check (outcome in ('delivered', 'refused', 'unreachable', 'asked again')),
      -- Tries since the beginning, or since somebody asked again.
      tries integer not null check (tries >= 0),
      -- The HTTP status of a refusal.
      status integer check (status between 100 and 599),
      why text check (length(why) <= 200),
      -- When it is to be tried again; null: delivered, or given up.
      next_at timestamptz,
      -- Who asked again.
      by text references accounts,
      recorded_at timestamptz not null,
      check ((outcome = 'asked again') = (by is not null)),
      check ((outcome = 'refused') = (status is not null)),
      check (outcome <> 'delivered' or next_at is null)
    )`.execute(db)
  await sql`create index outbox_tries_message on outbox_tries (message, id desc)`.execute(db)
  await sql`select make_register('outbox_tries')`.execute(db)
  await sql`select journal_register('outbox_tries', 'id')`.execute(db)
  await sql`
    create function notify_outbox() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_notify('outbox', '');
      return null;
    end $$`.execute(db)
  await sql`
    create trigger b_notify after insert on outbox
    for each statement execute function notify_outbox()`.execute(db)
  await sql`
    create trigger b_notify after insert on outbox_tries
    for each row when (new.outcome = 'asked again') execute function notify_outbox()`.execute(db)
}

async function updates(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table document_updates (
      -- The sender's id: an update that comes again is known by it.
      id text primary key check (length(id) between 1 and 200),
      request text not null check (length(request) between 1 and 60),
      version integer not null check (version > 0),
      state text not null check (state in
        ('received', 'in progress', 'redirected', 'extended', 'answered', 'filed')),
      department text check (length(department) <= 200),
      own_number text check (length(own_number) <= 60),
      own_date date,
      extension_days integer check (extension_days between 1 and 60),
      -- False: a higher version had come before, or our request could not become that; it changed nothing.
      applied boolean not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index document_updates_request on document_updates (request, version desc)`.execute(db)
  await sql`
    create index document_updates_own_number on document_updates (upper(own_number))
    where own_number is not null`.execute(db)
  await sql`select make_register('document_updates')`.execute(db)
  await sql`select journal_register('document_updates', 'id')`.execute(db)
}

async function views(db: Kysely<unknown>): Promise<void> {
  // A request's messages go out in their order: the later ones wait behind the first that is not delivered.
  await sql`
    create view undelivered as
    select o.id, o.request, o.version, o.type, o.recorded_at as queued_at,
           last.outcome, coalesce(last.tries, 0) as tries, last.status, last.why, last.next_at,
           last.recorded_at as tried_at,
           coalesce(last.outcome in ('refused', 'unreachable') and last.next_at is null, false) as given_up,
           exists (
             select from outbox_unsent u2 join outbox o2 on o2.id = u2.message
             where o2.request = o.request and o2.version < o.version
           ) as behind
    from outbox_unsent u
    join outbox o on o.id = u.message
    left join lateral (
      select * from outbox_tries t where t.message = o.id order by t.id desc limit 1
    ) last on true`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on undelivered to %I', login_named('app'));
    end $$`.execute(db)
}
