/**
 * Identity checks: who was looked for, what was asked, whether it was right, and what was locked for it. No answer is
 * kept, neither the expected one nor the one that was given, and no name: a person is his mark, `HMAC(CNP)`, and a
 * taxpayer the fiscal database's own opaque handle.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await checks(db)
  await locks(db)
  await hearings(db)
  for (const [register, key] of [
    ['identity_searches', 'id'],
    ['identity_checks', 'id'],
    ['identity_verdicts', 'check_id'],
    ['identity_confirmations', "concat_ws(' ', check_id, agent)"],
    ['identity_locks', 'id'],
    ['identity_unlocks', 'lock'],
    ['full_hearings', 'opening'],
  ] as const) {
    await sql`select make_register(${register}::regclass)`.execute(db)
    await sql`select journal_register(${register}::regclass, ${key})`.execute(db)
  }
}

async function checks(db: Kysely<unknown>): Promise<void> {
  // The id is what the desk calls the match by; it is good in this call alone.
  await sql`
    create table identity_searches (
      id text primary key default gen_random_uuid()::text,
      call text not null,
      agent text not null references accounts,
      person text not null check (person ~ '^[0-9a-f]{64}$'),
      -- Null: no match.
      taxpayer text,
      -- When the agent began to type: hidden in the recording from there on.
      began_at timestamptz not null,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index identity_searches_call on identity_searches (call, recorded_at)`.execute(db)
  await sql`
    create table identity_checks (
      id bigint generated always as identity primary key,
      search text not null references identity_searches,
      call text not null,
      agent text not null references accounts,
      person text not null check (person ~ '^[0-9a-f]{64}$'),
      taxpayer text not null,
      -- Which facts were asked for, by topic and subject; never what they are.
      facts text[] not null check (cardinality(facts) = 3),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index identity_checks_call on identity_checks (call, id)`.execute(db)
  await sql`create index identity_checks_person on identity_checks (person, recorded_at)`.execute(db)
  // "void": what was asked had changed in the fiscal database; it counts for nothing.
  await sql`
    create table identity_verdicts (
      check_id bigint primary key references identity_checks,
      agent text not null references accounts,
      verdict text not null check (verdict in ('passed', 'failed', 'void')),
      recorded_at timestamptz not null
    )`.execute(db)
  // The agent who has received the call says that it is still the same person.
  await sql`
    create table identity_confirmations (
      check_id bigint not null references identity_checks,
      agent text not null references accounts,
      recorded_at timestamptz not null,
      primary key (check_id, agent)
    )`.execute(db)
}

async function locks(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table identity_locks (
      id bigint generated always as identity primary key,
      person text not null check (person ~ '^[0-9a-f]{64}$'),
      -- The failure that made it too many.
      check_id bigint not null unique references identity_checks,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index identity_locks_person on identity_locks (person, id desc)`.execute(db)
  await sql`
    create table identity_unlocks (
      lock bigint primary key references identity_locks,
      account text not null references accounts,
      reason text not null check (length(reason) between 1 and 500),
      recorded_at timestamptz not null
    )`.execute(db)
}

/** Whoever hears how somebody proves who he is could do it himself: the auditor alone may, and says why. */
async function hearings(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table full_hearings (
      opening text primary key,
      call text not null,
      account text not null references accounts,
      reason text not null check (length(reason) between 1 and 500),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index full_hearings_call on full_hearings (call)`.execute(db)
}
