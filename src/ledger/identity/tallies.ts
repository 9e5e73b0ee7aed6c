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

/** Calling numbers with a failed check or a search without a match after `since`; withheld ones count as one. */
export async function numberTallies(db: Database, since: Millis): Promise<NumberTally[]> {
  const [checks, searches] = await Promise.all([
    db
      .selectFrom('identity_verdicts as v')
      .innerJoin('identity_checks as c', 'c.id', 'v.check_id')
      .leftJoin('callers', 'callers.call', 'c.call')
      .select([
        'callers.number',
        sql<number>`count(*)`.as('failed'),
        sql<number>`count(distinct c.person)`.as('persons'),
      ])
      .where('v.recorded_at', '>', time(since))
      .where('v.verdict', '=', 'failed')
      .groupBy('callers.number')
      .execute(),
    db
      .selectFrom('identity_searches as s')
      .leftJoin('callers', 'callers.call', 's.call')
      .select(['callers.number', sql<number>`count(*)`.as('fruitless')])
      .where('s.recorded_at', '>', time(since))
      .where('s.taxpayer', 'is', null)
      .groupBy('callers.number')
      .execute(),
  ])
  const numbers = new Set([...checks, ...searches].map(({ number }) => number))
  return [...numbers].map((number) => {
    const check = checks.find((one) => one.number === number)
    const search = searches.find((one) => one.number === number)
    return {
      number,
      failed: check?.failed ?? 0,
      persons: check?.persons ?? 0,
      fruitless: search?.fruitless ?? 0,
    }
  })
}

const failed = sql<number>`count(*) filter (where verdict = 'failed')`
