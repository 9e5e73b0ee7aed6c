/**
 * The marks of the volumes: recordings' keys, recordings, journal's anchor, CEL. The file in the volume and the newest
 * row here agree, or the folder is not the volume that the ledger was written with.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table volume_marks (
      id bigint generated always as identity primary key,
      volume text not null check (volume ~ '^[a-z]{1,20}$'),
      mark text not null check (mark ~ '^[0-9a-f]{32}$'),
      -- Why the volume has a new mark: its first start, or a person's reason.
      why text not null check (length(why) between 1 and 200),
      recorded_at timestamptz not null
    )`.execute(db)
  await sql`select make_register('volume_marks'::regclass)`.execute(db)
  await sql`select journal_register('volume_marks'::regclass, 'id')`.execute(db)
}
