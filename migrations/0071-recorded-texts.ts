/** A text of the configuration, or of a notice to callers, may be recorded as a prompt may: under the name of its sound (`soundOf`). */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table prompt_versions
      drop constraint prompt_versions_prompt_check,
      add constraint prompt_versions_prompt_check check (
        prompt ~ '^[a-z][a-z-]{0,39}$' or prompt ~ '^(menu|number|waiting|notice|survey)-(ro|en)-[0-9a-f]{16}$'
      )`.execute(db)
}
