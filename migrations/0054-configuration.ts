/**
 * The configuration of the line: numbers, queues and opening hours as one document, a row for each published version. The
 * first one has what `lines` and `queues` have, if that is not what a new installation has; nothing reads these two any more. `directory` is notified.
 */
import { sql, type Kysely } from 'kysely'

/** Without a version, this is in force. */
const installed = {
  numbers: [{ number: '969', also: ['0256969'], name: 'Linia cetățeanului', queue: 'general' }],
  queues: [
    {
      id: 'general',
      name: 'Informații generale',
      nameEn: 'General information',
      skill: 'general',
      levelMin: 1,
      priority: 10,
    },
  ],
  hours: [],
}

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table configuration_versions (
      id bigint generated always as identity primary key,
      -- The version that it changes: one alone can follow it, so that nobody publishes over a change they have not seen. Null: as
      -- installed.
      based_on bigint unique nulls not distinct references configuration_versions,
      -- As core/configuration/schema.ts describes it.
      document jsonb not null check (jsonb_typeof(document) = 'object'),
      -- Why, in free_texts; null: none was given.
      reason_digest bytea check (length(reason_digest) = 32),
      -- Null: the installation, the command line or the demo.
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_register('configuration_versions')`.execute(db)
  await sql`select journal_register('configuration_versions', 'id')`.execute(db)
  await sql`
    create trigger b_notify after insert on configuration_versions
    for each statement execute function notify_directory()`.execute(db)
  await sql`
    insert into configuration_versions (document)
    select document from (select jsonb_build_object(
      'numbers', coalesce((
        select jsonb_agg(jsonb_build_object(
          'number', line,
          'also', case line when '969' then '["0256969"]' else '[]' end::jsonb,
          'name', case line when '969' then 'Linia cetățeanului' else line end,
          'queue', queue
        ) order by line) from lines), '[]'),
      'queues', coalesce((
        select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'id', id, 'name', name, 'nameEn', name_en, 'skill', skill, 'levelMin', level_min, 'priority', priority
        )) order by priority, id) from queues), '[]'),
      'hours', '[]'::jsonb) as document) present
    where document <> ${JSON.stringify(installed)}::jsonb`.execute(db)
}
