/** The tables of queues, the numbers that lead to them, skills and declared days. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId, QueueId } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface QueueTables {
  queues: {
    readonly id: QueueId
    readonly name: string
    readonly name_en: string | null
    readonly skill: string
    readonly level_min: number
    readonly priority: number
  }
  lines: { readonly line: string; readonly queue: QueueId }
  declared_days: {
    readonly id: GeneratedAlways<number>
    readonly day: Fixed<string>
    readonly closed: Fixed<boolean>
    /** In `free_texts`; null: none. */
    readonly reason_digest: Fixed<Buffer | null>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  agent_skills: { readonly account: AgentId; readonly skill: string; readonly level: number }
}
