/**
 * Accounts without a password that somebody else has seen: an account is opened by an activation code, which works
 * once, in one browser, for a bounded time; a reset is a new code. Sessions and sign-ins say by which method. Refused
 * tries are counted in rows that can be deleted.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await methods(db)
  await refusals(db)
  await activations(db)
  await accountAccess(db)
}

/** Null: opened before this migration. */
async function methods(db: Kysely<unknown>): Promise<void> {
  for (const table of ['sessions', 'sign_ins']) {
    await sql`
      alter table ${sql.table(table)} add column method text
      check (method in ('password', 'totp', 'passkey', 'oidc', 'demo'))`.execute(db)
    await grantInsert(db, table, 'method')
  }
  await sql`create index sign_ins_account on sign_ins (account, recorded_at desc) where account is not null`.execute(
    db,
  )
}

/** Neither is a register. Rows of `sign_in_tries` have no effect after an hour. */
async function refusals(db: Kysely<unknown>): Promise<void> {
  await sql`
    create unlogged table sign_in_tries (
      -- HMAC of the name with the network, or with the browser.
      bucket bytea primary key check (length(bucket) = 32),
      tries integer not null check (tries > 0),
      last_at timestamptz not null
    )`.execute(db)
  await sql`create index sign_in_tries_last on sign_in_tries (last_at)`.execute(db)
  await sql`
    create table refused_sign_ins (
      id bigint generated always as identity primary key,
      day date not null,
      -- The client's network.
      address text not null,
      -- Null: all names that have no account.
      account text references accounts,
      refused integer not null check (refused >= 0),
      slowed_down integer not null check (slowed_down >= 0),
      last_at timestamptz not null,
      unique nulls not distinct (day, address, account)
    )`.execute(db)
  await sql`create index refused_sign_ins_account on refused_sign_ins (account, day desc)`.execute(db)
  for (const table of ['sign_in_tries', 'refused_sign_ins']) {
    await sql`
      do $$ begin
        execute format('grant select, insert, update, delete on %I to %I', ${sql.lit(table)}, login_named('app'));
      end $$`.execute(db)
  }
}

async function activations(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table account_activations (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      -- SHA-256 of the code, or of its first half.
      code_digest bytea not null unique check (length(code_digest) = 32),
      -- Of the second half, which somebody else has handed over; null: the code is whole.
      second_digest bytea check (length(second_digest) = 32),
      expires_at timestamptz not null,
      -- The administrator, and the one who confirmed; null: the command line.
      by text references accounts,
      confirmed_by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index account_activations_account on account_activations (account, id desc)`.execute(db)
  // Opened by the first browser that shows the code; used when the person has set a password.
  await sql`
    create table activation_events (
      id bigint generated always as identity primary key,
      activation bigint not null references account_activations,
      event text not null check (event in ('opened', 'used')),
      -- SHA-256 of the browser's key.
      browser_digest bytea not null check (length(browser_digest) = 32),
      recorded_at timestamptz not null,
      unique (activation, event)
    )`.execute(db)
  for (const table of ['account_activations', 'activation_events']) {
    await sql`select make_register(${table}::regclass)`.execute(db)
    await sql`select journal_register(${table}::regclass, 'id')`.execute(db)
  }
}

/** How each account gets in: since when it has its password, and its newest activation. */
async function accountAccess(db: Kysely<unknown>): Promise<void> {
  await sql`
    create view account_access as
    select a.id as account, p.id as password, p.recorded_at as password_at,
           n.id as activation, n.recorded_at as issued_at, n.expires_at, n.by as issued_by,
           opened.recorded_at as opened_at, used.recorded_at as used_at,
           n.id is not null and used.id is null as awaits_activation
    from accounts a
    left join lateral (
      select id, recorded_at from account_passwords where account = a.id order by id desc limit 1
    ) p on true
    left join lateral (
      select * from account_activations where account = a.id order by id desc limit 1
    ) n on true
    left join activation_events opened on opened.activation = n.id and opened.event = 'opened'
    left join activation_events used on used.activation = n.id and used.event = 'used'`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select on account_access to %I', login_named('app'));
    end $$`.execute(db)
}

async function grantInsert(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  await sql`
    do $$ begin
      execute format('grant insert (%I) on %I to %I', ${sql.lit(column)}, ${sql.lit(table)}, login_named('app'));
    end $$`.execute(db)
}
