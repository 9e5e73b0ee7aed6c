/**
 * The activation of an account takes two persons also when it had a role with power over others once: one administrator
 * can take the role away, and could then reset the account alone.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create or replace function check_activation() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      if new."by" is not null
         and exists (
           select from public.account_versions
           where account = new.account and roles && array['supervisor', 'auditor', 'administrator'])
         and (new.second_digest is null or new.confirmed_by is null or new.confirmed_by in (new."by", new.account)) then
        raise exception 'the activation of this account needs a second administrator'
          using errcode = 'check_violation', constraint = 'activation_by_two';
      end if;
      return new;
    end $$`.execute(db)
}
