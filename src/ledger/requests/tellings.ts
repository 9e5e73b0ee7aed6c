/** Records that the citizen was told number and date, or why that was not possible. */
import type { RequestId } from '../../city/requests/number.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import type { TellingOutcome } from './tables.ts'

export interface Telling {
  readonly request: RequestId
  readonly agent: AgentId
  readonly call: CallId | null
  readonly how: TellingOutcome
}

export async function recordTelling(db: Database, telling: Telling): Promise<void> {
  await db.insertInto('request_tellings').values(telling).execute()
}

/** The first telling of a request; null when there is none. */
export async function toldAt(
  db: Database,
  request: RequestId,
): Promise<{ readonly at: Millis; readonly how: TellingOutcome } | null> {
  const row = await db
    .selectFrom('request_tellings')
    .select(['recorded_at as at', 'how'])
    .where('request', '=', request)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}
