/** The tables of blocked callers. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Fixed, RecordedAt, Time } from '../columns.ts'

export interface BlockedCallerTables {
  caller_blocks: {
    readonly id: GeneratedAlways<number>
    /** In `free_texts`. */
    readonly number_digest: Fixed<Buffer>
    /** In `free_texts`. */
    readonly reason_digest: Fixed<Buffer>
    readonly until: Time
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  caller_block_ends: {
    readonly block: Fixed<number>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
