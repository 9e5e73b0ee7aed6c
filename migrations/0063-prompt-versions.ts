/**
 * Recorded prompts as versions: of each prompt the newest row counts, and one without a sound is the machine's voice again. `prompts` is
 * notified.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table prompt_versions (
      id bigint generated always as identity primary key,
      -- As asterisk-conf/prompts.ro.json names it.
      prompt text not null check (prompt ~ '^[a-z][a-z-]{0,39}$'),
      -- The version that it changes: one alone can follow it. Null: the prompt's first one.
      based_on bigint,
      -- WAVE as it is heard: 8 kHz, 16 bits, one channel, a minute at most. Null: the machine's voice.
      sound bytea check (length(sound) between 44 and 1000000),
      length_ms integer check (length_ms between 1 and 60000),
      -- RMS level in decibels of full scale.
      level_db real check (level_db between -100 and 0),
      -- Why, in free_texts.
      reason_digest bytea not null check (length(reason_digest) = 32),
      by text not null references accounts,
      recorded_at timestamptz not null,
      check (num_nulls(sound, length_ms, level_db) in (0, 3)),
      unique (id, prompt),
      unique nulls not distinct (prompt, based_on),
      foreign key (based_on, prompt) references prompt_versions (id, prompt)
    )`.execute(db)
  await sql`create index prompt_versions_newest on prompt_versions (prompt, id desc)`.execute(db)
  await sql`select make_register('prompt_versions')`.execute(db)
  await sql`select journal_register('prompt_versions', 'id')`.execute(db)
  await sql`
    create function notify_prompts() returns trigger language plpgsql
    set search_path = pg_catalog, pg_temp as $$
    begin
      perform pg_notify('prompts', '');
      return null;
    end $$`.execute(db)
  await sql`
    create trigger b_notify after insert on prompt_versions
    for each statement execute function notify_prompts()`.execute(db)
}
