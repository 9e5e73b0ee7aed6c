/**
 * The tables and views as the program sees them. Times are read as epoch milliseconds and written as
 * `Date`. Registers have no update type: corrections are new rows.
 */
import type { ColumnType, GeneratedAlways, Generated } from 'kysely'
import type { Call, EndedBy, Outcome } from '../core/call.ts'
import type { CallEvent } from '../core/call-event.ts'
import type { Agent } from '../core/agent.ts'
import type { AgentEvent } from '../core/agent-event.ts'
import type { AgentId, CallId, Millis, PbxName, QueueId } from '../core/ids.ts'
import type { Role } from '../people/roles.ts'
import type { JournalTables } from './journal-tables.ts'
import type { NoticeTables } from './notice-tables.ts'
import type { PaperTables } from './paper-tables.ts'
import type { IdentityTables } from './identity-tables.ts'
import type { RecordingSpan, RecordingGap, Track, Waveform } from './recordings.ts'
import type { RequestTables } from './tables-requests.ts'
import type { DocumentTables } from './tables-documents.ts'
import type { WrapUpForm } from './wrap-ups.ts'

export type Time = ColumnType<Millis, Date, never>
export type MaybeTime = ColumnType<Millis | null, Date | null, never>
/** Set by a trigger; the application cannot write it. */
export type RecordedAt = ColumnType<Millis, never, never>
export type Fixed<T> = ColumnType<T, T, never>
/** Written as JSON text. */
export type Json<T> = ColumnType<T, string, never>

/** A call without who called: that stands in `callers` alone. */
export type CallWithoutCaller = DistributiveOmit<Call, 'caller'>
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

interface CallColumns {
  readonly id: Fixed<CallId>
  readonly pbx: Fixed<PbxName>
  readonly line: Fixed<string>
  readonly queue: Fixed<QueueId | null>
  readonly arrived_at: Time
  readonly queued_at: MaybeTime
  readonly offered_at: MaybeTime
  readonly answered_at: MaybeTime
  readonly wait_ms: Fixed<number | null>
  readonly talk_ms: Fixed<number | null>
  readonly held_ms: Fixed<number>
  readonly agent: Fixed<AgentId | null>
  readonly source: Fixed<'line' | 'cel'>
}

export interface Tables
  extends IdentityTables, JournalTables, PaperTables, NoticeTables, DocumentTables, RequestTables {
  callers: {
    readonly call: Fixed<CallId>
    readonly salt: Fixed<Buffer>
    readonly number: Fixed<string | null>
    readonly name: Fixed<string | null>
    readonly recorded_at: RecordedAt
  }
  call_events: {
    readonly call: Fixed<CallId>
    readonly seq: Fixed<number>
    readonly at: Time
    readonly type: Fixed<string>
    readonly event: Json<CallEvent>
    readonly after: Json<CallWithoutCaller>
    readonly recorded_at: RecordedAt
  }
  calls: CallColumns & {
    readonly caller_digest: Fixed<Buffer>
    readonly ended_at: Time
    readonly outcome: Fixed<Outcome>
    readonly ended_by: Fixed<EndedBy>
    readonly recorded_at: RecordedAt
  }
  /** Finished calls and those in progress, in one shape. */
  call_rows: CallColumns & {
    readonly ended_at: MaybeTime
    readonly outcome: Fixed<Outcome | null>
    readonly ended_by: Fixed<EndedBy | null>
    /** Whether the call is finished: says which half of the view a row is from. */
    readonly over: Fixed<boolean>
  }
  agent_events: {
    readonly agent: Fixed<AgentId>
    readonly seq: Fixed<number>
    readonly at: Time
    readonly type: Fixed<string>
    readonly event: Json<AgentEvent>
    readonly after: Json<Agent>
    readonly recorded_at: RecordedAt
  }
  cel_progress: { readonly pbx: PbxName; readonly file: string; readonly position: number }
  recordings: {
    readonly call: Fixed<CallId>
    readonly file: Fixed<string>
    readonly bytes: Fixed<number>
    readonly sha256: Fixed<string>
    readonly duration_ms: Fixed<number>
    readonly tracks: Fixed<Track[]>
    readonly spans: Json<RecordingSpan[]>
    readonly gaps: Json<RecordingGap[]>
    readonly waveform: Json<Waveform>
    readonly recorded_at: RecordedAt
  }
  recording_losses: {
    readonly call: Fixed<CallId>
    readonly why: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  accounts: {
    readonly id: Generated<AgentId>
    readonly username: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  account_versions: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly name: Fixed<string>
    readonly employer: Fixed<string>
    readonly roles: Fixed<Role[]>
    readonly closed: Fixed<boolean>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  account_passwords: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly hash: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  current_accounts: {
    readonly id: Fixed<AgentId>
    readonly username: Fixed<string>
    readonly name: Fixed<string>
    readonly employer: Fixed<string>
    readonly roles: Fixed<Role[]>
    readonly closed_at: MaybeTime
  }
  employer_contracts: {
    readonly id: GeneratedAlways<number>
    readonly employer: Fixed<string>
    readonly ended: Fixed<boolean>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  agreement_versions: {
    readonly version: Fixed<number>
    readonly text: Fixed<string>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  agreement_signatures: {
    readonly id: GeneratedAlways<number>
    readonly account: Fixed<AgentId>
    readonly version: Fixed<number>
    readonly account_version: Fixed<number>
    readonly digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  /** Whether each account has signed the present text with its present name and employer. */
  agreement_standing: {
    readonly account: Fixed<AgentId>
    readonly version: Fixed<number>
    readonly signed_at: MaybeTime
  }
  sessions: {
    readonly token_digest: Fixed<Buffer>
    readonly account: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
  session_ends: { readonly token_digest: Fixed<Buffer>; readonly recorded_at: RecordedAt }
  sign_ins: {
    readonly id: GeneratedAlways<number>
    readonly username_digest: Fixed<Buffer>
    readonly address: Fixed<string>
    readonly account: Fixed<AgentId | null>
    readonly outcome: Fixed<'signed in' | 'refused' | 'slowed down'>
    readonly recorded_at: RecordedAt
  }
  queues: {
    readonly id: QueueId
    readonly name: string
    readonly skill: string
    readonly level_min: number
    readonly priority: number
  }
  lines: { readonly line: string; readonly queue: QueueId }
  declared_days: {
    readonly id: GeneratedAlways<number>
    readonly day: Fixed<string>
    readonly closed: Fixed<boolean>
    readonly reason: Fixed<string>
    readonly by: Fixed<AgentId | null>
    readonly recorded_at: RecordedAt
  }
  agent_skills: { readonly account: AgentId; readonly skill: string; readonly level: number }
  notes: {
    readonly id: GeneratedAlways<number>
    readonly call: Fixed<CallId>
    readonly author: Fixed<AgentId>
    readonly digest: Fixed<Buffer>
    readonly recorded_at: RecordedAt
  }
  note_texts: {
    readonly note: Fixed<number>
    readonly salt: Fixed<Buffer>
    readonly text: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  wrap_ups: {
    readonly id: GeneratedAlways<number>
    readonly call: Fixed<CallId>
    readonly agent: Fixed<AgentId>
    readonly subject: Fixed<string>
    readonly motivated: Fixed<WrapUpForm['motivated']>
    readonly reason: Fixed<WrapUpForm['reason']>
    readonly resolution: Fixed<WrapUpForm['resolution']>
    readonly recorded_at: RecordedAt
  }
  hearings: {
    readonly id: GeneratedAlways<number>
    readonly call: Fixed<CallId>
    readonly account: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
