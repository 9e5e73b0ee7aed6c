/** How many callbacks were asked for on the public page about a request is counted by its number. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index call_events_asked on call_events
      (coalesce(event -> 'returns' ->> 'request', event ->> 'request'))
    where type in ('CallPlaced', 'CallbackAsked')
      and coalesce(event -> 'returns' ->> 'request', event ->> 'request') is not null`.execute(db)
}
