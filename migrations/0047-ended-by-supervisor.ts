/** A supervisor can end a call. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table calls
      drop constraint calls_ended_by_check,
      add constraint calls_ended_by_check check (ended_by in ('caller', 'agent', 'supervisor', 'system'))`.execute(
    db,
  )
}
