/** The table of supervisors' orders. */
import type { GeneratedAlways } from 'kysely'
import type { CallbackReason, StateReason, SupervisorOrder } from '../../city/supervision/orders.ts'
import type { AgentId, CallId, QueueId } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface SupervisionTables {
  supervisor_orders: {
    readonly id: GeneratedAlways<number>
    /** The supervisor. */
    readonly account: Fixed<AgentId>
    readonly what: Fixed<SupervisorOrder>
    readonly call: Fixed<CallId | null>
    /** The agent who served the call, or whose state was set. */
    readonly agent: Fixed<AgentId | null>
    /** Where a caller was moved; null beside `move`: to the front of the same queue. */
    readonly queue: Fixed<QueueId | null>
    readonly reason: Fixed<StateReason | CallbackReason | null>
    readonly recorded_at: RecordedAt
  }
}
