/**
 * Recordings are sealed as A-law right after the call and compressed later: a register of the compressed files. Recordings
 * from before were compressed at once and have no row.
 */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table recording_compressions (
      call text not null,
      leg text,
      file text not null,
      bytes bigint not null check (bytes > 0),
      sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
      recorded_at timestamptz not null,
      constraint recording_compressions_call_leg unique nulls not distinct (call, leg)
    )`.execute(db)
  await sql`select make_register('recording_compressions')`.execute(db)
  await sql`select journal_register('recording_compressions', 'concat_ws('' '', call, leg)')`.execute(db)
}
