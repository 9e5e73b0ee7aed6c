/** The tables of the notices that callers hear. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId, QueueId } from '../../core/ids.ts'
import type { Fixed, RecordedAt, Time } from '../columns.ts'

export interface CallerNoticeTables {
  caller_notices: {
    readonly id: GeneratedAlways<number>
    readonly text: Fixed<string>
    /** Null: callers of every queue. */
    readonly queues: Fixed<QueueId[] | null>
    readonly until: Time
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  caller_notice_ends: {
    readonly notice: Fixed<number>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
