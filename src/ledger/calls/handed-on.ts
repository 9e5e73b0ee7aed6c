/** Calls that an agent has had and somebody else had last. */
import { sql } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../database.ts'

/** The ids of finished ones, by the index `calls_handed_on`; of those in progress the state has the legs. */
export function handedOnBy(db: Database, agent: AgentId | null) {
  return db
    .selectFrom('calls')
    .select('calls.id')
    .where(sql<boolean>`jsonb_array_length(calls.legs) > 1`)
    .where(sql<boolean>`calls.legs @> jsonb_build_array(jsonb_build_object('agent', ${agent}::text))`)
    .where(sql<boolean>`calls.agent <> ${agent}`)
}
