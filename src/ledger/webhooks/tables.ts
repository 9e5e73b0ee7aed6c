/** The tables of webhooks (migrations/0046): work in progress, no registers. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { CallEventType } from '../../core/call-event.ts'
import type { CallId, Millis } from '../../core/ids.ts'
import type { Fixed } from '../columns.ts'

export interface WebhookTables {
  webhook_receivers: { readonly id: string; readonly event_types: CallEventType[] }
  /** Rows of the record that a receiver has not been told of; triggers add them. */
  webhook_unsent: {
    readonly id: GeneratedAlways<number>
    readonly receiver: Fixed<string>
    readonly call: Fixed<CallId>
    readonly place: Fixed<number>
    readonly what: Fixed<'event' | 'end' | 'recording'>
    readonly tries: Generated<number>
    readonly next_at: ColumnType<Millis, never, Millis>
    readonly recorded_at: ColumnType<Millis, never, never>
  }
}
