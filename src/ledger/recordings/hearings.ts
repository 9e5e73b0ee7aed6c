import type { AgentId, CallId } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'

/** Who listens to a recording is on record before the first byte leaves: no row, no audio. */
export async function recordHearing(
  db: Database,
  hearing: { readonly call: CallId; readonly account: AgentId },
): Promise<void> {
  const { call, account } = hearing
  await db.transaction().execute(async (trx) => {
    await trx.insertInto('hearings').values({ call, account }).execute()
    await recordAccess(trx, { kind: 'hearing', account, call: null, about: call, person: null, query: null })
  })
}
