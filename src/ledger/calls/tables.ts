/** The tables of calls: callers, events, finished calls, notes and wrap-ups. */
import type { GeneratedAlways } from 'kysely'
import type { WrapUpForm } from '../../city/calls/wrap-up.ts'
import type { Rating } from '../../core/announcements/survey.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { Call, EndedBy, Leg, LegRole, OtherLeg, Outcome } from '../../core/call.ts'
import type { AgentEvent } from '../../core/agent-event.ts'
import type { Agent } from '../../core/agent.ts'
import type { AgentId, CallId, OfferId, PbxName, QueueId, ContactId } from '../../core/ids.ts'
import type { Device } from '../../core/offer.ts'
import type { Stored } from '../../core/versions.ts'
import type { Fixed, Json, MaybeTime, RecordedAt, Time } from '../columns.ts'

/** The caller's number and name are stored in `callers` alone. */
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
  /** Null: inbound. */
  readonly direction: Fixed<'outbound' | null>
}

export interface CallTables {
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
    readonly event: Json<Stored<CallEvent>>
    readonly after: Json<Stored<CallWithoutCaller>>
    readonly recorded_at: RecordedAt
    /** Numbers the rows for the journal. */
    readonly ordinal: GeneratedAlways<number>
  }
  calls: CallColumns & {
    readonly caller_digest: Fixed<Buffer>
    readonly ended_at: Time
    readonly outcome: Fixed<Outcome>
    readonly ended_by: Fixed<EndedBy>
    /** Null: a row from before there were legs, or one that Asterisk's record has completed. */
    readonly legs: Json<readonly Leg[]> | null
    /** Colleagues who were consulted, and supervisors. Null: there were none, or the row is older. */
    readonly others: Json<readonly OtherLeg[]> | null
    /** When the conversation was over, and the caller was asked. Null: not asked, as the answers are of one who did not answer. */
    readonly surveyed_at: MaybeTime
    readonly survey_helped: Fixed<boolean | null>
    readonly survey_rating: Fixed<Rating | null>
    readonly recorded_at: RecordedAt
  }
  /**
   * Everybody who was in a call, of finished calls and those in progress. A colleague who was consulted and then served
   * the caller has a row for each part, of the same leg; so has a supervisor who took the call over.
   */
  call_legs: {
    readonly call: Fixed<CallId>
    /** Null with `device`: of an older row. */
    readonly leg: Fixed<OfferId | null>
    /** Null of an external party, and of nobody else. */
    readonly agent: Fixed<AgentId | null>
    readonly device: Fixed<Device | null>
    readonly joined_at: Time
    /** Null while it is up. */
    readonly left_at: MaybeTime
    readonly role: Fixed<LegRole>
    /** Of an external party. */
    readonly contact: Fixed<ContactId | null>
    readonly contact_name: Fixed<string | null>
  }
  /** Finished calls and those in progress, in one shape. */
  call_rows: CallColumns & {
    readonly ended_at: MaybeTime
    readonly outcome: Fixed<Outcome | null>
    readonly ended_by: Fixed<EndedBy | null>
    /** Whether the call is finished: the half of the view that the row is from. */
    readonly over: Fixed<boolean>
    /** So far, of a call in progress. Null as in `calls`. */
    readonly legs: Json<readonly Leg[]> | null
    readonly others: Json<readonly OtherLeg[]> | null
  }
  agent_events: {
    readonly agent: Fixed<AgentId>
    readonly seq: Fixed<number>
    readonly at: Time
    readonly type: Fixed<string>
    readonly event: Json<Stored<AgentEvent>>
    readonly after: Json<Stored<Agent>>
    readonly recorded_at: RecordedAt
    readonly ordinal: GeneratedAlways<number>
  }
  cel_progress: { readonly pbx: PbxName; readonly file: string; readonly position: number }
  notes: {
    readonly id: GeneratedAlways<number>
    readonly call: Fixed<CallId>
    readonly author: Fixed<AgentId>
    readonly digest: Fixed<Buffer>
    /** Added after the call had left the desk; null: saved as it was typed. */
    readonly later: Fixed<true | null>
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
    /** Of the subject, in `free_texts`; null: none. */
    readonly subject_digest: Fixed<Buffer | null>
    readonly motivated: Fixed<WrapUpForm['motivated']>
    readonly reason: Fixed<WrapUpForm['reason']>
    readonly resolution: Fixed<WrapUpForm['resolution']>
    /** With `code_name`, its path as the agent read it; null: none. */
    readonly code: Fixed<string | null>
    readonly code_name: Fixed<string | null>
    /** Completed or corrected after the call had left the desk; null: saved as it was filled in. */
    readonly later: Fixed<true | null>
    readonly recorded_at: RecordedAt
  }
}
