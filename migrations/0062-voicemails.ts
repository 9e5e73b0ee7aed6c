/**
 * Messages that callers left while a number was closed, and what was done about each. A row is written with the recording
 * of its sound, so that nothing was left that nobody is told of.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table voicemails (
      call text primary key references calls,
      queue text not null,
      -- 'silence': nobody spoke; 'lost': the caller spoke, and there is no recording.
      sound text not null check (sound in ('voice', 'silence', 'lost')),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`
    create table voicemail_steps (
      id bigint generated always as identity primary key,
      call text not null references voicemails,
      step text not null check (step in ('taken', 'released', 'closed')),
      result text check (result in ('answered', 'not reached', 'nothing to do')),
      -- In free_texts.
      note_digest bytea check (length(note_digest) = 32),
      by text not null references accounts,
      recorded_at timestamptz not null,
      check ((step = 'closed') = (result is not null)),
      check (note_digest is null or step = 'closed')
    )`.execute(db)
  // A message is closed once.
  await sql`create unique index voicemail_steps_closed on voicemail_steps (call) where step = 'closed'`.execute(
    db,
  )
  await sql`create index voicemail_steps_call on voicemail_steps (call, id)`.execute(db)
  // The calls by which somebody was called back.
  await sql`
    create index call_events_returns on call_events ((event -> 'returns' ->> 'call'))
    where type = 'CallPlaced' and event -> 'returns' ->> 'call' is not null`.execute(db)
  for (const [register, key] of [
    ['voicemails', 'call'],
    ['voicemail_steps', 'id'],
  ] as const) {
    await sql`select make_register(${register})`.execute(db)
    await sql`select journal_register(${register}, ${key})`.execute(db)
  }
}
