/** How the document system has answered deliveries, as the tries on record tell it. */
import type { Answers, ConnectionCause } from '../../city/connections/connection.ts'
import { time, type Database } from '../database.ts'

export function deliveryAnswers(db: Database): Answers {
  const good = () => db.selectFrom('outbox_tries').where('outcome', '=', 'delivered')
  const bad = () => db.selectFrom('outbox_tries').where('outcome', 'in', ['refused', 'unreachable'])
  return {
    async lastGood() {
      const row = await good()
        .select('recorded_at as at')
        .orderBy('recorded_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.at ?? null
    },
    async lastBad() {
      const row = await bad()
        .select(['recorded_at as at', 'outcome', 'status', 'why'])
        .orderBy('recorded_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (row === undefined) return null
      const { at, outcome, status, why } = row
      return { at, status, cause: outcome === 'refused' ? 'refused' : causeOf(why) }
    },
    async firstAfter(isGood, at) {
      const row = await (isGood ? good() : bad())
        .select('recorded_at as at')
        .where('recorded_at', '>', time(at ?? 0))
        .orderBy('recorded_at')
        .limit(1)
        .executeTakeFirst()
      return row?.at ?? null
    },
  }
}

const causes = ['no connection', 'no answer in time', 'answer not understood'] as const

const causeOf = (why: string | null): ConnectionCause => causes.find((cause) => cause === why) ?? 'other'
