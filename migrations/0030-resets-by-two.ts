/**
 * The reset of an account that somebody has entered takes two persons, whatever its roles: with a code of their own one
 * administrator would be that person. The exception asks for the account's second factor instead, and leaves it as
 * it is. Sign-ins with a recovery code say so.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await keptFactors(db)
  await resetsByTwo(db)
  await recoveryMethod(db)
}

/** Null, as in rows from before: the factors end. The journal's digests of those rows leave nulls out. */
async function keptFactors(db: Kysely<unknown>): Promise<void> {
  await sql`alter table account_activations add column keeps_factors boolean check (keeps_factors)`.execute(
    db,
  )
  await sql`
    do $$ begin
      execute format('grant insert (keeps_factors) on account_activations to %I', login_named('app'));
    end $$`.execute(db)
}

async function resetsByTwo(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function check_activation() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    declare
      had_power boolean;
      was_entered boolean;
      has_factor boolean;
      deciding text[];
    begin
      -- The command line is the operator of the machine.
      if new."by" is null then
        return new;
      end if;
      had_power := exists (
        select from public.account_versions
        where account = new.account and roles && array['supervisor', 'auditor', 'administrator']);
      was_entered := exists (select from public.account_passwords where account = new.account)
        or exists (select from public.account_subjects where account = new.account);
      has_factor := exists (
        select from public.account_factors f
        where f.account = new.account
          and not exists (select from public.account_factor_ends e where e.factor = f.id));
      if new.keeps_factors and not has_factor then
        raise exception 'this account has no second factor to keep'
          using errcode = 'check_violation', constraint = 'activation_keeps_factor';
      end if;
      if not had_power and (not was_entered or new.keeps_factors is true) then
        return new;
      end if;
      deciding := case when had_power then array['administrator'] else array['administrator', 'supervisor'] end;
      if new.second_digest is null or new.confirmed_by is null or new.confirmed_by in (new."by", new.account)
         or not exists (
           select from public.current_accounts
           where id = new.confirmed_by and closed_at is null and roles && deciding) then
        raise exception 'the activation of this account needs a second person'
          using errcode = 'check_violation', constraint = 'activation_by_two';
      end if;
      return new;
    end $$`.execute(db)
}

async function recoveryMethod(db: Kysely<unknown>): Promise<void> {
  for (const table of ['sessions', 'sign_ins'])
    await sql`
      alter table ${sql.table(table)} drop constraint ${sql.ref(`${table}_method_check`)},
      add constraint ${sql.ref(`${table}_method_check`)}
      check (method in ('password', 'totp', 'recovery', 'passkey', 'oidc', 'demo'))`.execute(db)
}
