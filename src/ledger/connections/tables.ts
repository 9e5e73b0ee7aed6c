/** The register of tests of the outside systems (migrations/0069). */
import type { GeneratedAlways } from 'kysely'
import type { ConnectionCause, DocumentPart, TriedConnection } from '../../city/connections/connection.ts'
import type { AgentId } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface ConnectionTables {
  connection_tests: {
    readonly id: GeneratedAlways<number>
    readonly connection: Fixed<TriedConnection>
    /** The row of its beginning; null: this is one. */
    readonly begun: Fixed<number | null>
    readonly outcome: Fixed<'works' | 'fails' | null>
    readonly cause: Fixed<ConnectionCause | null>
    readonly status: Fixed<number | null>
    readonly part: Fixed<DocumentPart | null>
    readonly took_ms: Fixed<number | null>
    readonly read_only: Fixed<boolean | null>
    readonly node: Fixed<string>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
