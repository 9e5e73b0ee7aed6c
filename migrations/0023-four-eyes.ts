/**
 * Roles with power over others take two persons: one proposes, another confirms, and each of them gets one half of the
 * activation code, so that neither can activate the account alone. The database refuses what the application should not
 * ask for.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await proposals(db)
  await fourEyes(db)
}

async function proposals(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table account_proposals (
      id bigint generated always as identity primary key,
      account text not null references accounts,
      roles text[] not null,
      -- SHA-256 of the first half of the code.
      code_digest bytea not null check (length(code_digest) = 32),
      -- The administrator; null: the command line.
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index account_proposals_account on account_proposals (account, id desc)`.execute(db)
  await sql`
    create table account_proposal_ends (
      proposal bigint primary key references account_proposals,
      outcome text not null check (outcome in ('confirmed', 'refused')),
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  for (const [table, key] of [
    ['account_proposals', 'id'],
    ['account_proposal_ends', 'proposal'],
  ] as const) {
    await sql`select make_register(${table}::regclass)`.execute(db)
    await sql`select journal_register(${table}::regclass, ${key})`.execute(db)
  }
}

/** Not checked of rows from before; the command line (`by` is null) is the operator of the machine. */
async function fourEyes(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table account_versions add constraint auditor_alone
    check (closed or not roles @> array['auditor'] or cardinality(roles) = 1) not valid`.execute(db)
  await sql`alter table account_versions add column confirmed_by text references accounts`.execute(db)
  await grantInsert(db, 'account_versions', 'confirmed_by')
  await sql`
    create function check_four_eyes() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    declare
      before text[];
    begin
      select v.roles into before from public.account_versions v
        where v.account = new.account order by v.id desc limit 1;
      if new."by" is not null and not new.closed
         and exists (
           select from unnest(new.roles) role
           where role in ('supervisor', 'auditor', 'administrator') and role <> all (coalesce(before, '{}')))
         and (new.confirmed_by is null or new.confirmed_by in (new."by", new.account)
              or not exists (
                select from public.current_accounts
                where id = new.confirmed_by and closed_at is null and 'administrator' = any (roles))) then
        raise exception 'this role needs a second administrator'
          using errcode = 'check_violation', constraint = 'role_by_two';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger d_four_eyes before insert on account_versions
    for each row execute function check_four_eyes()`.execute(db)
  // Without it an administrator would become a supervisor by resetting the supervisor's account.
  await sql`
    create function check_activation() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      if new."by" is not null
         and exists (
           select from public.current_accounts
           where id = new.account and roles && array['supervisor', 'auditor', 'administrator'])
         and (new.second_digest is null or new.confirmed_by is null or new.confirmed_by in (new."by", new.account)) then
        raise exception 'the activation of this account needs a second administrator'
          using errcode = 'check_violation', constraint = 'activation_by_two';
      end if;
      return new;
    end $$`.execute(db)
  await sql`
    create trigger c_check before insert on account_activations
    for each row execute function check_activation()`.execute(db)
}

async function grantInsert(db: Kysely<unknown>, table: string, column: string): Promise<void> {
  await sql`
    do $$ begin
      execute format('grant insert (%I) on %I to %I', ${sql.lit(column)}, ${sql.lit(table)}, login_named('app'));
    end $$`.execute(db)
}
