/** The register of what supervisors do to calls and agents. */
import type { CallbackReason, StateReason, SupervisorOrder } from '../../city/supervision/orders.ts'
import { supervisionModes } from '../../core/call.ts'
import type { AgentId, CallId, QueueId } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'

export interface OrderGiven {
  readonly by: AgentId
  readonly what: SupervisorOrder
  readonly call?: CallId
  readonly agent?: AgentId | null
  readonly queue?: QueueId
  readonly reason?: StateReason | CallbackReason | null
}

const hears: readonly string[] = [...supervisionModes, 'take over']

/**
 * Records an order before it is carried out; one that the ACD then refuses stays on record as given. Listening to a
 * citizen is an access to their data, and is in the access log as well.
 */
export async function recordOrder(db: Database, order: OrderGiven): Promise<void> {
  const { by, what, call = null, agent = null, queue = null, reason = null } = order
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('supervisor_orders')
      .values({ account: by, what, call, agent, queue, reason })
      .execute()
    if (call !== null && hears.includes(what))
      await recordAccess(trx, {
        kind: 'live-call',
        account: by,
        call: null,
        about: call,
        person: null,
        query: what,
      })
  })
}
