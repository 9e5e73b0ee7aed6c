/**
 * Tokens of other programs. An administrator enters program, account and scopes; the secret is made when the person accepts it and is
 * shown to them alone, so that an administrator, who sees no city data, cannot open any. Only its digest is kept. A token ends at its
 * time, by an administrator or the person, or with the account; a change of the account's roles voids the acceptance.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table program_tokens (
      id bigint generated always as identity primary key,
      program text not null check (length(program) between 1 and 80),
      -- The account in whose name the program asks: it sees no more than this account.
      account text not null references accounts,
      scopes text[] not null check (array_length(scopes, 1) between 1 and 20),
      expires_at timestamptz not null,
      -- The administrator.
      by text not null references accounts,
      recorded_at timestamptz not null,
      check (expires_at > recorded_at and expires_at <= recorded_at + interval '400 days')
    )`.execute(db)
  await sql`select make_register('program_tokens')`.execute(db)
  await sql`select journal_register('program_tokens', 'id')`.execute(db)
  await sql`
    create table program_token_acceptances (
      id bigint generated always as identity primary key,
      token bigint not null references program_tokens,
      -- The account as it was then: it counts until a later version has other roles.
      account_version bigint not null references account_versions,
      token_digest bytea not null unique check (length(token_digest) = 32),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_register('program_token_acceptances')`.execute(db)
  await sql`select journal_register('program_token_acceptances', 'id')`.execute(db)
  await sql`create index program_token_acceptances_token on program_token_acceptances (token)`.execute(db)
  await sql`
    create table program_token_ends (
      token bigint primary key references program_tokens,
      by text not null references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_register('program_token_ends')`.execute(db)
  await sql`select journal_register('program_token_ends', 'token')`.execute(db)
  // Not a register: what was asked is in the access log.
  await sql`
    create table program_token_uses (
      token bigint primary key references program_tokens,
      last_at timestamptz not null
    )`.execute(db)
  await sql`
    do $$ begin
      execute format('grant select, insert, update on program_token_uses to %I', login_named('app'));
    end $$`.execute(db)
}
