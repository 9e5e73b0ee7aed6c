/**
 * Second factors, passkeys and an identity provider. Factors, their ends, recovery codes and linked subjects are
 * registers: who could sign in when, and with what, stays on record. `factor_uses`, `spent_challenges` and
 * `provider_sessions` guard against replays or mirror the provider: only the present values count.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await factors(db)
  await recoveryCodes(db)
  await provider(db)
  for (const [register, key] of [
    ['account_factors', 'id'],
    ['account_factor_ends', 'factor'],
    ['recovery_codes', 'id'],
    ['recovery_code_uses', 'code'],
    ['account_subjects', 'id'],
  ] as const) {
    await sql`select make_register(${register}::regclass)`.execute(db)
    await sql`select journal_register(${register}::regclass, ${key})`.execute(db)
  }
}

async function factors(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table account_factors (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      kind text not null check (kind in ('passkey', 'totp')),
      name text not null check (length(name) between 1 and 60),
      -- Of a passkey: what its authenticator calls it, the site it is for, its public key (COSE).
      credential text unique check (length(credential) <= 1400),
      rp text,
      public_key bytea,
      transports text[],
      -- Of an authenticator app: its secret, sealed with FACTOR_KEY.
      sealed bytea,
      recorded_at timestamptz not null,
      check ((kind = 'passkey') = (credential is not null and rp is not null and public_key is not null
                                   and transports is not null)),
      check ((kind = 'totp') = (sealed is not null))
    )`.execute(db)
  await sql`create index account_factors_account on account_factors (account, id)`.execute(db)
  await sql`
    create table account_factor_ends (
      factor bigint primary key references account_factors,
      -- Who removed it; null: the command line.
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  // The highest counter of a passkey, or time step of an app, that was accepted: no lower one is accepted again.
  await sql`
    create table factor_uses (
      factor bigint primary key references account_factors,
      step bigint not null check (step >= 0),
      used_at timestamptz not null default now()
    )`.execute(db)
  // Challenges that were answered, until they are too old to be accepted again.
  await sql`
    create table spent_challenges (
      digest bytea primary key check (length(digest) = 32),
      spent_at timestamptz not null default now()
    )`.execute(db)
  // Wrong codes after a right password. Not per network: a stranger without the password adds none.
  await sql`
    create table code_tries (
      account text primary key references accounts,
      tries integer not null check (tries > 0),
      last_at timestamptz not null default now()
    )`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, update, delete on code_tries to %I', login_named('app'));
      execute format('grant select, insert, update on factor_uses to %I', login_named('app'));
      execute format('grant select, insert, delete on spent_challenges to %I', login_named('app'));
    end $$`.execute(db)
}

/** The codes of a set replace those of every earlier one. */
async function recoveryCodes(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table recovery_codes (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      code_set uuid not null,
      digest bytea not null check (length(digest) = 32),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index recovery_codes_account on recovery_codes (account, id desc)`.execute(db)
  await sql`
    create table recovery_code_uses (
      code bigint primary key references recovery_codes,
      recorded_at timestamptz not null
    )`.execute(db)
}

async function provider(db: Kysely<unknown>): Promise<void> {
  // An account is found by the provider's name of the person, never by an address that somebody may be given later.
  await sql`
    create table account_subjects (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      issuer text not null,
      subject text not null check (length(subject) between 1 and 255),
      recorded_at timestamptz not null,
      unique (issuer, subject),
      unique (account, issuer)
    )`.execute(db)
  await sql`
    create table provider_sessions (
      token_digest bytea primary key references sessions,
      issuer text not null,
      subject text not null,
      sid text,
      -- The provider's tokens, sealed with FACTOR_KEY.
      sealed bytea not null,
      -- The provider was last asked then, and last answered that the person may go on.
      asked_at timestamptz not null default now(),
      confirmed_at timestamptz not null default now(),
      opened_at timestamptz not null default now()
    )`.execute(db)
  await sql`create index provider_sessions_subject on provider_sessions (issuer, subject)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, update, delete on provider_sessions to %I', login_named('app'));
    end $$`.execute(db)
}
