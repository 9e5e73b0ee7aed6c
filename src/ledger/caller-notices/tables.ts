/** The tables of the notices that callers hear. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId, QueueId } from '../../core/ids.ts'
import type { Fixed, MaybeTime, RecordedAt, Time } from '../columns.ts'

export interface CallerNoticeTables {
  caller_notices: {
    readonly id: GeneratedAlways<number>
    readonly text: Fixed<string>
    /** Null: callers of every queue. */
    readonly queues: Fixed<QueueId[] | null>
    /** Null in rows of earlier versions: when it was published. */
    readonly begins_at: MaybeTime
    readonly until: Time
    /** Minutes after local midnight; null: at every hour. */
    readonly daily_from: Fixed<number | null>
    readonly daily_to: Fixed<number | null>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  caller_notice_ends: {
    readonly notice: Fixed<number>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
