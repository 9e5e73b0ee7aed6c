import type { AgentId, CallId } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'

/** Records a hearing in the access log. Call it before the first byte is sent: without the entry no audio is sent. */
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
