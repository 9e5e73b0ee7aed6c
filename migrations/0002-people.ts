/**
 * Accounts, sign-in, queues and skills; and the registers in which people write: notes, wrap-ups,
 * hearings. Accounts, passwords and sessions change by new rows. Queues, lines and skills are
 * configuration: the present is what counts, and `directory` is notified of each change.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await accounts(db)
  await sessions(db)
  await configuration(db)
  await writings(db)
}

async function accounts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table accounts (
      id text primary key default gen_random_uuid()::text,
      username text not null unique check (username ~ '^[a-z][a-z0-9._-]{1,39}$'),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`
    create table account_versions (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      name text not null check (name <> ''),
      employer text not null check (employer <> ''),
      roles text[] not null check (roles <@ array['agent', 'supervisor', 'administrator', 'auditor']),
      closed boolean not null,
      -- Who made the change; null: the command line or the demo.
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index account_versions_account on account_versions (account, id desc)`.execute(db)
  await sql`
    create table account_passwords (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      hash text not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index account_passwords_account on account_passwords (account, id desc)`.execute(db)
  await sql`
    create view current_accounts as
    select a.id, a.username, v.name, v.employer, v.roles,
           case when v.closed then v.recorded_at end as closed_at
    from accounts a
    join lateral (
      select * from account_versions where account = a.id order by id desc limit 1
    ) v on true`.execute(db)
  for (const table of ['accounts', 'account_versions', 'account_passwords']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
  }
  await sql`
    do $$ begin
      execute format('grant select on current_accounts to %I', login_named('app'));
    end $$`.execute(db)
}

async function sessions(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table sessions (
      token_digest bytea primary key check (length(token_digest) = 32),
      account text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index sessions_account on sessions (account)`.execute(db)
  await sql`
    create table session_ends (
      token_digest bytea primary key references sessions,
      recorded_at timestamptz not null
    )`.execute(db)
  // The name that was typed is kept as a digest: people type their password there by mistake.
  await sql`
    create table sign_ins (
      id bigint generated always as identity primary key,
      username_digest bytea not null check (length(username_digest) = 32),
      address text not null,
      account text references accounts,
      outcome text not null check (outcome in ('signed in', 'refused', 'slowed down')),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index sign_ins_username on sign_ins (username_digest, recorded_at desc)`.execute(db)
  await sql`create index sign_ins_address on sign_ins (address, recorded_at desc)`.execute(db)
  for (const table of ['sessions', 'session_ends', 'sign_ins']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
  }
}

async function configuration(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table queues (
      id text primary key,
      name text not null check (name <> ''),
      skill text not null check (skill <> ''),
      level_min integer not null check (level_min between 1 and 5),
      priority integer not null
    )`.execute(db)
  await sql`
    create table lines (
      line text primary key,
      queue text not null references queues
    )`.execute(db)
  await sql`
    create table agent_skills (
      account text not null references accounts,
      skill text not null check (skill <> ''),
      level integer not null check (level between 1 and 5),
      primary key (account, skill)
    )`.execute(db)
  await sql`
    create function notify_directory() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_notify('directory', tg_table_name);
      return null;
    end $$`.execute(db)
  for (const table of ['queues', 'lines', 'agent_skills']) {
    await sql`
      do $$ begin
        execute format('grant select, insert, update, delete on %I to %I',
                       ${sql.lit(table)}, login_named('app'));
      end $$`.execute(db)
  }
  for (const table of ['queues', 'lines', 'agent_skills', 'account_versions']) {
    await sql`
      create trigger b_notify after insert or update or delete on ${sql.table(table)}
      for each statement execute function notify_directory()`.execute(db)
  }
}

async function writings(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table notes (
      id bigint generated always as identity primary key,
      call text not null,
      author text not null references accounts,
      digest bytea not null check (length(digest) = 32),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index notes_call on notes (call, author, id desc)`.execute(db)
  await sql`
    create table note_texts (
      note bigint primary key references notes,
      salt bytea not null check (length(salt) = 16),
      text text not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`
    create table wrap_ups (
      id bigint generated always as identity primary key,
      call text not null,
      agent text not null references accounts,
      subject text not null check (length(subject) <= 200),
      motivated text not null check (motivated in ('yes', 'no', 'unstated')),
      reason text check (reason in ('prank', 'wrong number', 'silence', 'other')),
      resolution text not null check (resolution in
        ('on the spot', 'registered', 'redirected', 'none', 'unstated')),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index wrap_ups_call on wrap_ups (call, id desc)`.execute(db)
  await sql`
    create table hearings (
      id bigint generated always as identity primary key,
      call text not null,
      account text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index hearings_call on hearings (call)`.execute(db)
  for (const table of ['notes', 'wrap_ups', 'hearings']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
  }
  await sql`select make_detail('note_texts')`.execute(db)
}
