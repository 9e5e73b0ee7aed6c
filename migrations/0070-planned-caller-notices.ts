/**
 * A notice to callers may begin later than it is published, and be heard within hours of each day. Null in rows from before: it began
 * when it was published, and was heard at every hour.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table caller_notices
      add column begins_at timestamptz,
      -- Minutes after local midnight; the hours end on the next day where the second is not later.
      add column daily_from smallint check (daily_from between 0 and 1439),
      add column daily_to smallint check (daily_to between 1 and 1440),
      add constraint daily_hours check ((daily_from is null) = (daily_to is null) and daily_from <> daily_to),
      -- Two weeks, and a day for clocks that differ and for the change of the hour.
      add constraint begins_in_bounds check (
        begins_at < until and begins_at <= recorded_at + interval '15 days' and until <= begins_at + interval '15 days'
      )`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (begins_at, daily_from, daily_to) on caller_notices to %I', login_named('app'));
    end $$`.execute(db)
}
