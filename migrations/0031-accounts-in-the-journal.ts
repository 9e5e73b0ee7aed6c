/**
 * Accounts (whose user name is whose) and declared days are told to the journal. The sweep goes on at the present after
 * PostgreSQL's clock was ahead for a while.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const register of ['accounts', 'declared_days'])
    await sql`select journal_register(${register}::regclass, 'id')`.execute(db)
  // Otherwise it would look back a few minutes from each present moment until the wrong time has come, and a row that
  // waits longer, as while the server is down, would never get its entry.
  await sql`
    create function bound_journal_sweep() returns void language plpgsql security definer
    set search_path = pg_catalog, pg_temp as $$
    begin
      update public.journalled_registers set swept_until = clock_timestamp() where swept_until > clock_timestamp();
      update public.journalled_runs set swept_until = clock_timestamp() where swept_until > clock_timestamp();
    end $$`.execute(db)
  await sql`
    do $$ begin
      execute format('grant execute on function bound_journal_sweep() to %I', login_named('app'));
    end $$`.execute(db)
  await sql`revoke execute on function bound_journal_sweep() from public`.execute(db)
}
