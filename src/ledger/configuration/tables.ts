/** The tables of the published configurations of the line, and of declared days. */
import type { GeneratedAlways } from 'kysely'
import type { Configuration } from '../../core/configuration/schema.ts'
import type { AgentId } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface ConfigurationTables {
  configuration_versions: {
    readonly id: GeneratedAlways<number>
    readonly based_on: Fixed<number | null>
    readonly document: Fixed<Configuration>
    /** In `free_texts`; null: none. */
    readonly reason_digest: Fixed<Buffer | null>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  declared_days: {
    readonly id: GeneratedAlways<number>
    readonly day: Fixed<string>
    readonly closed: Fixed<boolean>
    /** In `free_texts`; null: none. */
    readonly reason_digest: Fixed<Buffer | null>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
}
