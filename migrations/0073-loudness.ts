/** The loudness of recorded prompts, which says more than the RMS level: rows of before have none. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table prompt_versions
      -- Integrated, by ITU-R BS.1770-4.
      add column loudness_lufs real check (loudness_lufs between -100 and 0),
      add constraint prompt_versions_loudness check (sound is not null or loudness_lufs is null)`.execute(db)
  await sql`
    do $$ begin
      execute format('grant insert (loudness_lufs) on prompt_versions to %I', login_named('app'));
    end $$`.execute(db)
}
