/**
 * How registers are made, and the registers of calls.
 *
 * A register is insert-only: the application's login may SELECT and INSERT, the time of recording is
 * set by a trigger, and changing or emptying it is refused even to its owner. Personal values stand
 * apart in detail tables, from which only the login `retention` deletes; the register itself keeps
 * `SHA256(salt‖value)`.
 *
 * The logins are named after the owner that runs this: `x_owner` → `x_app`, `x_retention`.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter default privileges revoke execute on functions from public`.execute(db)
  await guards(db)
  await makers(db)
  await callRegisters(db)
  await recordingRegisters(db)
  await views(db)
}

async function guards(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function set_recorded_at() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      new.recorded_at := clock_timestamp();
      return new;
    end $$`.execute(db)
  await sql`
    create function refuse_change() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      raise exception 'register % is insert-only: % refused', tg_table_name, tg_op
        using errcode = 'restrict_violation';
    end $$`.execute(db)
  await sql`
    create function only_retention_deletes() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      if current_user <> tg_argv[0] then
        raise exception 'details in % are deleted by retention only', tg_table_name
          using errcode = 'restrict_violation';
      end if;
      return null;
    end $$`.execute(db)
}

/** `make_register` and `make_detail` put triggers and privileges on a table that has just been created. */
async function makers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function login_named(kind text) returns text language sql stable as $$
      select regexp_replace(current_user::text, '_owner$', '_' || kind)
    $$`.execute(db)
  await sql`
    create function insert_only(target regclass) returns void language plpgsql as $$
    declare
      columns text;
    begin
      select string_agg(quote_ident(attname), ', ') into strict columns
      from pg_attribute
      where attrelid = target and attnum > 0 and not attisdropped
        and attname <> 'recorded_at' and attidentity = '' and attgenerated = '';
      execute format('grant select, insert (%s) on %s to %I', columns, target, login_named('app'));
      execute format('grant select on %s to %I', target, login_named('retention'));
      execute format('create trigger a_recorded before insert on %s
                      for each row execute function set_recorded_at()', target);
      execute format('create trigger a_truncate before truncate on %s
                      for each statement execute function refuse_change()', target);
      execute format('alter table %s enable always trigger a_recorded', target);
      execute format('alter table %s enable always trigger a_truncate', target);
    end $$`.execute(db)
  await sql`
    create function make_register(target regclass) returns void language plpgsql as $$
    begin
      perform insert_only(target);
      execute format('create trigger a_change before update or delete on %s
                      for each statement execute function refuse_change()', target);
      execute format('alter table %s enable always trigger a_change', target);
    end $$`.execute(db)
  await sql`
    create function make_detail(target regclass) returns void language plpgsql as $$
    begin
      perform insert_only(target);
      execute format('grant delete on %s to %I', target, login_named('retention'));
      execute format('create trigger a_change before update on %s
                      for each statement execute function refuse_change()', target);
      execute format('create trigger a_delete before delete on %s
                      for each statement execute function only_retention_deletes(%L)',
                     target, login_named('retention'));
      execute format('alter table %s enable always trigger a_change', target);
      execute format('alter table %s enable always trigger a_delete', target);
    end $$`.execute(db)
}

async function callRegisters(db: Kysely<unknown>): Promise<void> {
  // Who called, apart from the registers; one row a call, written with its first event.
  await sql`
    create table callers (
      call text primary key,
      salt bytea not null check (length(salt) = 16),
      number text,
      name text,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index callers_number on callers (number)`.execute(db)
  await sql`
    create table call_events (
      call text not null,
      seq bigint not null check (seq > 0),
      at timestamptz not null,
      type text not null,
      event jsonb not null,
      after jsonb not null,
      recorded_at timestamptz not null,
      primary key (call, seq)
    )`.execute(db)
  await sql`create index call_events_first on call_events (at) where seq = 1`.execute(db)
  await sql`
    create table calls (
      id text primary key,
      pbx text not null,
      line text not null,
      caller_digest bytea not null check (length(caller_digest) = 32),
      queue text,
      arrived_at timestamptz not null,
      queued_at timestamptz,
      offered_at timestamptz,
      answered_at timestamptz,
      ended_at timestamptz not null,
      wait_ms bigint check (wait_ms >= 0),
      talk_ms bigint check (talk_ms >= 0),
      held_ms bigint not null check (held_ms >= 0),
      agent text,
      outcome text not null check (outcome in
        ('answered', 'abandoned', 'closed', 'voicemail', 'callback', 'rejected', 'failed')),
      ended_by text not null check (ended_by in ('caller', 'agent', 'system')),
      source text not null check (source in ('line', 'cel')),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index calls_arrived on calls (arrived_at desc, id desc)`.execute(db)
  await sql`create index calls_queued on calls (queued_at) where queued_at is not null`.execute(db)
  await sql`
    create table agent_events (
      agent text not null,
      seq bigint not null check (seq > 0),
      at timestamptz not null,
      type text not null,
      event jsonb not null,
      after jsonb not null,
      recorded_at timestamptz not null,
      primary key (agent, seq)
    )`.execute(db)
  await sql`create index agent_events_at on agent_events (at)`.execute(db)
  for (const table of ['call_events', 'calls', 'agent_events']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
  }
  await sql`select make_detail('callers')`.execute(db)

  // How far Asterisk's own record has been read. Not a register: it only saves reading twice.
  await sql`
    create table cel_progress (
      pbx text primary key,
      file text not null,
      position bigint not null check (position >= 0)
    )`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, update on cel_progress to %I', login_named('app'));
    end $$`.execute(db)
}

async function recordingRegisters(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table recordings (
      call text primary key,
      file text not null,
      bytes bigint not null check (bytes > 0),
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      duration_ms bigint not null check (duration_ms >= 0),
      tracks text[] not null,
      spans jsonb not null,
      gaps jsonb not null,
      waveform jsonb not null,
      recorded_at timestamptz not null
    )`.execute(db)
  // A conversation whose audio could not be kept: that it is missing, and why, is on record.
  await sql`
    create table recording_losses (
      call text primary key,
      why text not null,
      recorded_at timestamptz not null
    )`.execute(db)
  for (const table of ['recordings', 'recording_losses']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
  }
}

/** Every call, finished or in progress, in one shape: what lists, figures and reports ask. */
async function views(db: Kysely<unknown>): Promise<void> {
  await sql`
    create view call_rows as
    select id, pbx, line, queue, arrived_at, queued_at, offered_at, answered_at, ended_at,
           wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source
    from calls
    union all
    select first.call, last.after ->> 'pbx', last.after ->> 'line',
           case when last.after -> 'queuedAt' <> 'null' then last.after ->> 'queue' end,
           to_timestamp((last.after ->> 'arrivedAt')::float8 / 1000),
           to_timestamp((last.after ->> 'queuedAt')::float8 / 1000),
           to_timestamp((last.after ->> 'offeredAt')::float8 / 1000),
           to_timestamp((last.after ->> 'answeredAt')::float8 / 1000),
           null,
           round((last.after ->> 'answeredAt')::float8 - (last.after ->> 'queuedAt')::float8)::bigint,
           null,
           round((last.after ->> 'heldMs')::float8)::bigint,
           coalesce(last.after -> 'offer' ->> 'agent', last.after ->> 'lastAgent'),
           null, null, 'line'
    from call_events first
    cross join lateral (
      select after from call_events e where e.call = first.call order by seq desc limit 1
    ) last
    -- No call lasts half a day: older ones without an end are what the line has lost.
    where first.seq = 1 and first.at > now() - interval '12 hours'
      and not exists (select from calls c where c.id = first.call)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on call_rows to %I', login_named('app'));
    end $$`.execute(db)
}
