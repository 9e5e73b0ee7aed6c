/**
 * By how many days the term of a request was extended, as granted: the end moves off a day that is not a working day,
 * so it does not tell. Null in rows from before, and where it does not apply.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table request_statuses
      add column extended_days smallint,
      add constraint days_of_extension check (extended_days is null or (kind = 'extended' and extended_days > 0))`.execute(
    db,
  )
  await sql`
    do $$ begin
      execute format('grant insert (extended_days) on request_statuses to %I', login_named('app'));
    end $$`.execute(db)
}
