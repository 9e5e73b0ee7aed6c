/**
 * The waiting music is published as a prompt is: `music` of the line, `music-<queue>` of a queue. It may be longer, up to four minutes.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table prompt_versions
      drop constraint prompt_versions_prompt_check,
      add constraint prompt_versions_prompt_check check (
        prompt ~ '^[a-z][a-z-]{0,39}$'
        or prompt ~ '^(menu|number|waiting|notice|survey)-(ro|en)-[0-9a-f]{16}$'
        or prompt ~ '^music-[a-z][a-z0-9-]{0,39}$'
      ),
      drop constraint prompt_versions_sound_check,
      add constraint prompt_versions_sound_check check (
        length(sound) between 44 and case when prompt ~ '^music(-|$)' then 3900000 else 1000000 end
      ),
      drop constraint prompt_versions_length_ms_check,
      add constraint prompt_versions_length_ms_check check (
        case when prompt ~ '^music(-|$)' then length_ms between 10000 and 240000 else length_ms between 1 and 60000 end
      )`.execute(db)
}
