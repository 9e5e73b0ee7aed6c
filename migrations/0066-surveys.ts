/**
 * Callers who were asked how it was, when their conversation was over. Null in older rows and in those of callers who were not
 * asked, so that these keep their entries in the journal.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      add column surveyed_at timestamptz,
      add column survey_helped boolean,
      add column survey_rating smallint check (survey_rating between 1 and 5),
      add constraint survey_answers_asked
        check (surveyed_at is not null or (survey_helped is null and survey_rating is null))`.execute(db)
  await sql`create index calls_surveyed on calls (surveyed_at) where surveyed_at is not null`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (surveyed_at, survey_helped, survey_rating) on calls to %I', login_named('app'));
    end $$`.execute(db)
}
