/** The tables of webhooks (migrations/0046, 0059, 0060, 0064): the register of receivers, and work in progress. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { CallEventType } from '../../core/call-event.ts'
import type { DeliveryFailure, DeliveryOutcome } from '../../city/webhooks/delivery.ts'
import type { PublishedRow } from '../../city/webhooks/published-events.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Fixed, MaybeTime, RecordedAt } from '../columns.ts'

export interface WebhookTables {
  /** Of each receiver the newest one counts. */
  webhook_receiver_versions: {
    readonly id: GeneratedAlways<number>
    readonly receiver: Fixed<string>
    readonly based_on: Fixed<number | null>
    readonly name: Fixed<string>
    readonly url: Fixed<string>
    readonly types: Fixed<string[]>
    readonly secret: Fixed<Buffer>
    readonly closed: Fixed<boolean>
    readonly reason_digest: Fixed<Buffer>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  /** For whom new rows of the record are listed. */
  webhook_receivers: { readonly id: string; readonly event_types: CallEventType[] }
  /** Rows of the record that a receiver has not been told of; triggers add them. */
  webhook_unsent: {
    readonly id: GeneratedAlways<number>
    readonly receiver: Fixed<string>
    readonly call: Fixed<CallId>
    readonly place: Fixed<number>
    readonly what: Fixed<PublishedRow>
    readonly tries: Generated<number>
    readonly replay: Generated<boolean>
    readonly next_at: ColumnType<Millis, never, Millis>
    readonly recorded_at: ColumnType<Millis, never, never>
  }
  /** The log: not a register, since retention deletes from it. */
  webhook_deliveries: {
    readonly id: GeneratedAlways<number>
    readonly receiver: Fixed<string>
    readonly call: Fixed<CallId>
    readonly place: Fixed<number>
    readonly what: Fixed<PublishedRow>
    readonly message: Fixed<string>
    readonly type: Fixed<string>
    readonly outcome: DeliveryOutcome
    readonly tries: number
    readonly replay: boolean
    readonly status: number | null
    readonly why: DeliveryFailure | null
    readonly duration_ms: number
    readonly first_at: Changing
    readonly last_at: Changing
  }
  webhook_replays: {
    readonly id: GeneratedAlways<number>
    readonly receiver: Fixed<string>
    readonly message: Fixed<string | null>
    readonly since: MaybeTime
    readonly messages: Fixed<number>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}

type Changing = ColumnType<Millis, Date, Date>
