/** The tables of objects opened with a reason. */
import type { GeneratedAlways } from 'kysely'
import type { AccessReason, OpenedObject } from '../../city/access/reason.ts'
import type { AgentId, CallId } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

export interface AccessTables {
  justified_accesses: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    /** SHA-256 of the session's token. */
    readonly session: Fixed<Buffer>
    readonly object: Fixed<OpenedObject>
    readonly object_id: Fixed<string>
    readonly reason: Fixed<AccessReason>
    readonly call: Fixed<CallId | null>
    readonly text_digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  justified_access_texts: {
    readonly access: Fixed<number>
    readonly salt: Fixed<Buffer>
    readonly text: Fixed<string>
    readonly recorded_at: RecordedAt
  }
}
