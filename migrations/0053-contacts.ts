/**
 * Outside parties to whom callers are sent: departments of the city hall, and interpreters. Of each contact the newest row
 * counts; a closed one stays closed. `directory` is notified.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table contact_versions (
      id bigint generated always as identity primary key,
      contact text not null check (length(contact) between 1 and 60),
      name text not null check (length(name) between 1 and 60),
      -- As core/phone-number.ts has it: E.164, or a short number.
      number text not null check (number ~ '^(\\+[0-9]{7,15}|[0-9]{3,6})$'),
      -- Of an interpreter (ISO 639-1); null: not an interpreter.
      language text check (language ~ '^[a-z]{2}$'),
      closed boolean not null,
      -- Null: the command line or the demo.
      by text references accounts,
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`create index contact_versions_contact on contact_versions (contact, id desc)`.execute(db)
  await sql`select make_register('contact_versions')`.execute(db)
  await sql`select journal_register('contact_versions', 'id')`.execute(db)
  await sql`
    create trigger b_notify after insert on contact_versions
    for each statement execute function notify_directory()`.execute(db)
}
