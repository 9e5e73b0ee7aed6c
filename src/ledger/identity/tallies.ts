/** Counts of failed checks by agent and by calling number, from which alerts are derived. */
import { sql } from 'kysely'
import type { AgentTally, NumberTally } from '../../city/identity/alert.ts'
import type { Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

/** Agents with a verdict after `since`. */
export async function agentTallies(db: Database, since: Millis): Promise<AgentTally[]> {
  return db
    .selectFrom('identity_verdicts')
    .select(['agent', sql<number>`count(*)`.as('verdicts'), failed.as('failed')])
    .where('recorded_at', '>', time(since))
    .where('verdict', 'in', ['passed', 'failed'])
    .groupBy('agent')
    .execute()
}

/** Calling numbers with a failed check after `since`. Withheld numbers are left out. */
export async function numberTallies(db: Database, since: Millis): Promise<NumberTally[]> {
  return db
    .selectFrom('identity_verdicts as v')
    .innerJoin('identity_checks as c', 'c.id', 'v.check_id')
    .innerJoin('callers', 'callers.call', 'c.call')
    .select([
      sql<string>`callers.number`.as('number'),
      sql<number>`count(*)`.as('failed'),
      sql<number>`count(distinct c.person)`.as('persons'),
    ])
    .where('v.recorded_at', '>', time(since))
    .where('v.verdict', '=', 'failed')
    .where('callers.number', 'is not', null)
    .groupBy('callers.number')
    .execute()
}

const failed = sql<number>`count(*) filter (where verdict = 'failed')`
