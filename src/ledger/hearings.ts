import type { AgentId, CallId } from '../core/ids.ts'
import type { Database } from './database.ts'

/** Who listens to a recording is on record before the first byte leaves: no row, no audio. */
export async function recordHearing(
  db: Database,
  hearing: { readonly call: CallId; readonly account: AgentId },
): Promise<void> {
  await db.insertInto('hearings').values({ call: hearing.call, account: hearing.account }).execute()
}
