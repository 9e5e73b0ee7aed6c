/** Texts are recorded in any language that a configuration may have. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table prompt_versions
      drop constraint prompt_versions_prompt_check,
      add constraint prompt_versions_prompt_check check (
        prompt ~ '^[a-z][a-z-]{0,39}$'
        or prompt ~ '^(menu|number|waiting|notice|survey)-[a-z]{2}-[0-9a-f]{16}$'
        or prompt ~ '^music-[a-z][a-z0-9-]{0,39}$'
      )`.execute(db)
}
