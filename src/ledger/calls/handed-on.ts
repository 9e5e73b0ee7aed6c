/** Calls of an agent that their row does not name them for. */
import { sql } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../database.ts'

/** The ids of finished ones that somebody else had last, by the index `calls_handed_on`; of those in progress the state has the legs. */
export function handedOnBy(db: Database, agent: AgentId | null) {
  return db
    .selectFrom('calls')
    .select('calls.id')
    .where(sql<boolean>`jsonb_array_length(calls.legs) > 1`)
    .where(sql<boolean>`calls.legs @> jsonb_build_array(jsonb_build_object('agent', ${agent}::text))`)
    .where(sql<boolean>`calls.agent <> ${agent}`)
}

/** The ids of finished calls in which the agent was consulted, by the index `calls_others`. They may have served it too. */
export function consultedIn(db: Database, agent: AgentId | null) {
  return db
    .selectFrom('calls')
    .select('calls.id')
    .where('calls.others', 'is not', null)
    .where(sql<boolean>`calls.others @> ${asConsulted(agent)}`)
}

export const asConsulted = (agent: AgentId | null) =>
  sql`jsonb_build_array(jsonb_build_object('agent', ${agent}::text, 'role', 'consulted'))`
