/** The tables of requests (migrations/0007). Days are read and written as `YYYY-MM-DD`. */
import type { ColumnType, GeneratedAlways } from 'kysely'
import type { Day } from '../../city/day.ts'
import type { RequestKind } from '../../city/requests/kinds.ts'
import type { Lateness } from '../../city/requests/late-complaint.ts'
import type { RequestId } from '../../city/requests/number.ts'
import type { ExtensionNotice, RequestState, StatusKind } from '../../city/requests/standing.ts'
import type { Regime } from '../../city/requests/terms.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Fixed, RecordedAt, Time } from '../columns.ts'

export type TellingOutcome = 'on the call' | 'later' | 'not reachable'

/** Set by a trigger; the application cannot write it. */
type Given<T> = ColumnType<T, never, never>

interface RequestColumns {
  readonly id: Given<RequestId>
  readonly prefix: Fixed<string>
  readonly year: Given<number>
  readonly number: Given<number>
  readonly registered_at: ColumnType<Millis, never, never>
  readonly registered_on: Given<Day>
  readonly kind: Fixed<RequestKind>
  readonly category: Fixed<string>
  readonly regime: Fixed<Regime>
  readonly anonymous: Fixed<boolean>
  readonly agent: Fixed<AgentId>
  readonly call: Fixed<CallId | null>
  readonly about_request: Fixed<RequestId | null>
  readonly about_number: Fixed<string | null>
  readonly about_day: Fixed<Day | null>
  readonly about_lateness: Fixed<Lateness | null>
  readonly about_verified: Fixed<boolean | null>
}

interface StandingColumns {
  readonly version: Fixed<number>
  readonly state: Fixed<RequestState>
  readonly department: Fixed<string>
  readonly to_head: Fixed<boolean>
  readonly counted_from: Fixed<Day>
  readonly announced_on: Fixed<Day>
  readonly legal_end_on: Fixed<Day>
  readonly extended: Fixed<boolean>
}

export interface RequestTables {
  request_counter: { readonly year: Given<number>; readonly next: Given<number>; readonly last_at: Time }
  request_number_raises: {
    readonly id: GeneratedAlways<number>
    readonly year: Given<number>
    readonly next: Fixed<number>
    /** In `free_texts`. */
    readonly reason_digest: Fixed<Buffer>
    readonly by: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  requests: RequestColumns & {
    readonly draft: Fixed<string>
    readonly detail_digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  request_details: {
    readonly request: Fixed<RequestId>
    readonly salt: Fixed<Buffer>
    readonly value: Fixed<string>
    readonly phone: Given<string | null>
    readonly street: Given<string | null>
    readonly recorded_at: RecordedAt
  }
  request_statuses: StandingColumns & {
    readonly id: GeneratedAlways<number>
    readonly request: Fixed<RequestId>
    readonly kind: Fixed<StatusKind>
    readonly authority: Fixed<string | null>
    readonly joined_to: Fixed<RequestId | null>
    readonly foreign_number: Fixed<string | null>
    readonly told_by: Fixed<ExtensionNotice['by'] | null>
    readonly told_on: Fixed<Day | null>
    readonly extended_days: Fixed<number | null>
    readonly by: Fixed<AgentId | null>
    readonly note_digest: Fixed<Buffer | null>
    readonly recorded_at: RecordedAt
  }
  request_status_notes: {
    readonly status: Fixed<number>
    readonly salt: Fixed<Buffer>
    readonly text: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  request_tellings: {
    readonly id: GeneratedAlways<number>
    readonly request: Fixed<RequestId>
    readonly agent: Fixed<AgentId>
    readonly call: Fixed<CallId | null>
    readonly how: Fixed<TellingOutcome>
    readonly recorded_at: RecordedAt
  }
  tracking_tries: {
    readonly id: GeneratedAlways<number>
    readonly number: Fixed<string>
    readonly address: Fixed<string>
    readonly found: Fixed<boolean>
    readonly recorded_at: RecordedAt
  }
  /** Work in progress, not a register. */
  request_drafts: {
    readonly id: string
    readonly agent: AgentId
    readonly call: CallId | null
    /** Written as JSON text. */
    readonly form: ColumnType<unknown, string, string>
    readonly changed_at: ColumnType<Millis, never, Date>
  }
  /** Each request with the newest of its statuses. */
  current_requests: RequestColumns & StandingColumns & { readonly changed_at: RecordedAt }
}
