import type { GeneratedAlways } from 'kysely'
import type { AgentId } from '../core/ids.ts'
import type { Fixed, RecordedAt } from './tables.ts'

export interface NoticeTables {
  notices: {
    readonly id: GeneratedAlways<number>
    readonly text: Fixed<string>
    readonly from_day: Fixed<string>
    readonly to_day: Fixed<string>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  notice_ends: {
    readonly notice: Fixed<number>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
