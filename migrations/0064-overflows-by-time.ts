/** The day's callers who overflowed are counted for the board without a look at its other events. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index call_events_overflows on call_events (at) where type = 'CallOverflowed'`.execute(db)
}
