/** An agent's offers of a day without an answer are found by index: the register has every change of every agent. */
import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index agent_events_offers_ended on agent_events (agent, at) where type = 'OfferEnded'`.execute(
    db,
  )
}
