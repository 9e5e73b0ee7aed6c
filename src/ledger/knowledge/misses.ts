/** Counts of agents' searches that found nothing, by day and text, without the account and the call. */
import { sql } from 'kysely'
import { countedSearch } from '../../city/knowledge/missed-search.ts'
import type { Day } from '../../city/day.ts'
import type { Database } from '../database.ts'
import { searchArticles } from './search.ts'

/** Different texts that are counted on one day. */
const textsMax = 2_000
/** So many are tried for each that is listed: those that find something now must not hide the next ones. */
const triedPerListed = 4

/** Counts a search that finds nothing; one that finds an article, or may hold a personal value, is not counted. */
export async function countMiss(db: Database, text: string, day: Day): Promise<void> {
  const counted = countedSearch(text)
  if (counted === null || (await findsSomething(db, counted, day))) return
  await sql`
    insert into paper_misses as counted (day, query)
    select ${day}::date, left(fold(${counted}), 60)
    where (select count(*) from paper_misses where day = ${day}::date) < ${textsMax}
    on conflict (day, query) do update set times = counted.times + 1`.execute(db)
}

export interface MissedSearch {
  /** Lower case, without diacritics. */
  readonly query: string
  readonly times: number
  readonly lastDay: Day
}

/** A text that was searched less often can be a name, and the editors do not see it. */
const listedFrom = 3

/** Searches since `from` that still find nothing on `day`, the most frequent first. */
export async function missedSearches(
  db: Database,
  { from, day, limit }: { readonly from: Day; readonly day: Day; readonly limit: number },
): Promise<MissedSearch[]> {
  const counted = await db
    .selectFrom('paper_misses')
    .select((eb) => ['query', eb.fn.sum<number>('times').as('times'), sql<Day>`max(day)::text`.as('lastDay')])
    .where(sql<boolean>`day >= ${from}::date`)
    // Rows of earlier versions have short numbers.
    .where(sql<boolean>`query !~ '[0-9]'`)
    .groupBy('query')
    .having(sql<boolean>`sum(times) >= ${listedFrom}`)
    .orderBy(sql`sum(times)`, 'desc')
    .orderBy('query')
    .limit(limit * triedPerListed)
    .execute()
  const missed: MissedSearch[] = []
  // One after another: a list for editors must not take the pool from the desks.
  for (const one of counted) {
    if (missed.length === limit) break
    if (!(await findsSomething(db, one.query, day))) missed.push(one)
  }
  return missed
}

async function findsSomething(db: Database, text: string, day: Day): Promise<boolean> {
  return (await searchArticles(db, { text, day, limit: 1 })).length > 0
}
