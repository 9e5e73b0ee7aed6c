/**
 * Access to calls and requests that are not one's own, with a stated reason; and longer windows for failed identity
 * checks.
 *
 * `justified_accesses` has one row for each object opened with a reason, for one session and a bounded time. The free
 * text beside the reason can name a person, so it is a detail that retention deletes; the register keeps its digest.
 *
 * `identity_searches.bucket` is the calling number as a mark (HMAC), one mark for all withheld numbers; `claim` is the
 * stated name as a mark. Both are null in rows from before. A lock with a bucket holds for calls from that number only,
 * and ends by itself.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await justifiedAccesses(db)
  await longerWindows(db)
}

async function justifiedAccesses(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table justified_accesses (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      -- SHA-256 of the session's token.
      session bytea not null check (length(session) = 32),
      object text not null check (object in ('call', 'request')),
      object_id text not null check (length(object_id) between 1 and 100),
      reason text not null check (length(reason) between 1 and 40),
      -- The account's call at that moment.
      call text,
      text_digest bytea not null check (length(text_digest) = 32),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index justified_accesses_session on justified_accesses (session, object, object_id, recorded_at)`.execute(
    db,
  )
  await sql`
    create table justified_access_texts (
      access bigint primary key references justified_accesses,
      salt bytea not null check (length(salt) = 16),
      text text not null check (length(text) between 1 and 500),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_register('justified_accesses')`.execute(db)
  await sql`select journal_register('justified_accesses', 'id')`.execute(db)
  await sql`select make_detail('justified_access_texts')`.execute(db)
}

async function longerWindows(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table identity_searches
      add column bucket text check (bucket ~ '^[0-9a-f]{64}$'),
      add column claim text check (claim ~ '^[0-9a-f]{64}$')`.execute(db)
  await sql`create index identity_searches_person on identity_searches (person, recorded_at)`.execute(db)
  await sql`create index identity_searches_bucket on identity_searches (bucket, recorded_at)
            where taxpayer is null`.execute(db)
  // A lock after fruitless searches has no question that caused it.
  await sql`
    alter table identity_locks
      alter column check_id drop not null,
      add column bucket text check (bucket ~ '^[0-9a-f]{64}$'),
      add column until timestamptz,
      add constraint lock_of_a_number_ends check ((bucket is null) = (until is null))`.execute(db)
  // When the agent began to type, by the database's clock; the recording is silenced from then on.
  await sql`
    create table identity_beginnings (
      id bigint generated always as identity primary key,
      call text not null,
      agent text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index identity_beginnings_call on identity_beginnings (call, recorded_at)`.execute(db)
  await sql`select make_register('identity_beginnings')`.execute(db)
  await sql`select journal_register('identity_beginnings', 'id')`.execute(db)
  // Columns are granted one by one, so a new one needs its grant.
  await sql`
    do $$ begin
      execute format('grant insert (bucket, claim) on identity_searches to %I', login_named('app'));
      execute format('grant insert (bucket, until) on identity_locks to %I', login_named('app'));
    end $$`.execute(db)
}
