/** The tables of messages to the document system and of its updates (migrations/0008). */
import type { GeneratedAlways } from 'kysely'
import type { Day } from '../../city/day.ts'
import type { MessageId, MessageType } from '../../city/documents/message.ts'
import type { DocumentState } from '../../city/documents/status-update.ts'
import type { AgentId } from '../../core/ids.ts'
import type { Fixed, MaybeTime, RecordedAt, Time } from '../columns.ts'

/** The outcome of one try; `asked again` is a person's request for another one. */
export type TryOutcome = 'delivered' | 'refused' | 'unreachable' | 'asked again'

interface MessageColumns {
  readonly id: Fixed<MessageId>
  readonly request: Fixed<string>
  readonly version: Fixed<number>
  readonly type: Fixed<MessageType>
}

export interface DocumentTables {
  outbox: MessageColumns & {
    readonly digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  outbox_bodies: {
    readonly message: Fixed<MessageId>
    readonly salt: Fixed<Buffer>
    readonly body: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  /** Work in progress, not a register: rows are deleted. */
  outbox_unsent: { readonly message: MessageId }
  outbox_tries: {
    readonly id: GeneratedAlways<number>
    readonly message: Fixed<MessageId>
    readonly outcome: Fixed<TryOutcome>
    readonly tries: Fixed<number>
    readonly status: Fixed<number | null>
    readonly why: Fixed<string | null>
    readonly next_at: MaybeTime
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  /** Each unsent message with its last try. */
  undelivered: MessageColumns & {
    readonly queued_at: Time
    /** Null: not tried yet. */
    readonly outcome: Fixed<TryOutcome | null>
    readonly tries: Fixed<number>
    readonly status: Fixed<number | null>
    readonly why: Fixed<string | null>
    readonly next_at: MaybeTime
    readonly tried_at: MaybeTime
    readonly given_up: Fixed<boolean>
    /** An earlier message of the same request is not delivered either. */
    readonly behind: Fixed<boolean>
  }
  document_updates: {
    readonly id: Fixed<string>
    readonly request: Fixed<string>
    readonly version: Fixed<number>
    readonly state: Fixed<DocumentState>
    readonly department: Fixed<string | null>
    readonly own_number: Fixed<string | null>
    readonly own_date: Fixed<Day | null>
    readonly extension_days: Fixed<number | null>
    readonly applied: Fixed<boolean>
    readonly recorded_at: RecordedAt
  }
}
