/** The table of the parties outside the contact centre. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId, ContactId } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface ContactTables {
  contact_versions: {
    readonly id: GeneratedAlways<number>
    readonly contact: Fixed<ContactId>
    readonly name: Fixed<string>
    readonly number: Fixed<string>
    readonly language: Fixed<string | null>
    readonly closed: Fixed<boolean>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
}
