/** The answers of callers who were asked when their conversation was over. */
import { sql } from 'kysely'
import type { Survey } from '../../core/announcements/survey.ts'
import { QueueId, type CallId } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import type { Period } from '../reports/figures.ts'

/** Null: the caller was not asked, or the call is in progress. */
export async function surveyOf(db: Database, call: CallId): Promise<Survey | null> {
  const row = await db
    .selectFrom('calls')
    .select(['surveyed_at as askedAt', 'survey_helped as helped', 'survey_rating as rating'])
    .where('id', '=', call)
    .executeTakeFirst()
  return row === undefined || row.askedAt === null ? null : { ...row, askedAt: row.askedAt }
}

/** Of the callers who were asked within a period. */
export interface SurveyRow {
  readonly queue: QueueId
  readonly asked: number
  /** Answers to the first question, and how many of them were yes. */
  readonly answered: number
  readonly helped: number
  /** Answers to the second question, and the sum of the ratings. */
  readonly rated: number
  readonly ratings: number
}

/** By the end of the conversation, since `slotsFromMs`. */
export async function surveys(
  db: Database,
  { slotsFromMs, toMs }: Pick<Period, 'slotsFromMs' | 'toMs'>,
): Promise<SurveyRow[]> {
  const rows = await db
    .selectFrom('calls')
    .select((eb) => [
      sql<string>`queue`.as('queue'),
      eb.fn.countAll<number>().as('asked'),
      eb.fn.count<number>('survey_helped').as('answered'),
      eb.fn.countAll<number>().filterWhere('survey_helped', '=', true).as('helped'),
      eb.fn.count<number>('survey_rating').as('rated'),
      sql<number>`coalesce(sum(survey_rating), 0)::int`.as('ratings'),
    ])
    .where('surveyed_at', '>=', time(slotsFromMs))
    .where('surveyed_at', '<', time(toMs))
    .where('queue', 'is not', null)
    .groupBy('queue')
    .execute()
  return rows.map(({ queue, ...counts }) => ({ ...counts, queue: QueueId(queue) }))
}
