/** A closed account stays closed, also when it is changed in the moment in which it is closed. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function refuse_reopened_account() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_advisory_xact_lock(969011, hashtext(new.account::text));
      if not new.closed and (
        select v.closed from public.account_versions v
        where v.account = new.account order by v.id desc limit 1
      ) then
        raise exception 'a closed account stays closed'
          using errcode = 'check_violation', constraint = 'closed_for_good';
      end if;
      return new;
    end $$`.execute(db)
  // After c_check: the employer's lock is the first one taken, as whoever ends a contract takes it.
  await sql`
    create trigger c_closed before insert on account_versions
    for each row execute function refuse_reopened_account()`.execute(db)
}
