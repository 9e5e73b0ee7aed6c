/** The rows of the record that webhooks report. */
import type { CallEvent } from '../../core/call-event.ts'
import type { AgentId, CallId, ChannelId, Millis } from '../../core/ids.ts'
import { upcastCall, upcastCallEvent } from '../../core/versions.ts'
import type { CallWithoutCaller } from '../calls/tables.ts'
import type { Database } from '../database.ts'

export interface RecordedEvent {
  readonly at: Millis
  readonly event: CallEvent
  readonly after: CallWithoutCaller
}

/** @throws {NewerVersion} when a newer release wrote it. */
export async function recordedEvent(db: Database, call: CallId, seq: number): Promise<RecordedEvent | null> {
  const row = await db
    .selectFrom('call_events')
    .select(['at', 'event', 'after'])
    .where('call', '=', call)
    .where('seq', '=', seq)
    .executeTakeFirst()
  if (row === undefined) return null
  return { at: row.at, event: upcastCallEvent(row.event), after: upcastCall(row.after) }
}

export async function recordedEnd(db: Database, call: CallId) {
  return db
    .selectFrom('calls')
    .select(['line', 'direction', 'queue', 'agent', 'outcome', 'ended_by as endedBy', 'legs', 'others'])
    .select(['arrived_at as arrivedAt', 'queued_at as queuedAt', 'answered_at as answeredAt'])
    .select(['ended_at as endedAt', 'wait_ms as waitMs', 'talk_ms as talkMs', 'held_ms as heldMs'])
    .where('id', '=', call)
    .executeTakeFirst()
}

export interface RecordedSegment {
  readonly leg: ChannelId | null
  readonly agent: AgentId | null
  readonly durationMs: number
}

/** The segments of a call's recording, when it was written, and how many legs' audio was lost. */
export async function recordedAudio(
  db: Database,
  call: CallId,
): Promise<{ readonly at: Millis; readonly segments: RecordedSegment[]; readonly lost: number } | null> {
  const rows = await db
    .selectFrom('recordings')
    .select(['leg', 'agent', 'duration_ms as durationMs', 'spans', 'recorded_at as at'])
    .where('call', '=', call)
    .execute()
  const [first] = rows
  if (first === undefined) return null
  const { lost } = await db
    .selectFrom('recording_losses')
    .select((eb) => eb.fn.countAll<number>().as('lost'))
    .where('call', '=', call)
    .executeTakeFirstOrThrow()
  const segments = rows
    .toSorted((one, other) => (one.spans[0]?.startedAt ?? 0) - (other.spans[0]?.startedAt ?? 0))
    .map(({ leg, agent, durationMs }) => ({ leg, agent, durationMs }))
  return { at: first.at, segments, lost }
}

/** The message that a caller has left: where, when they hung up, and how long it is (null: its sound is lost). */
export async function recordedVoicemail(db: Database, call: CallId) {
  return db
    .selectFrom('voicemails as v')
    .innerJoin('calls as c', 'c.id', 'v.call')
    .leftJoin('recordings as r', (join) => join.onRef('r.call', '=', 'v.call').on('r.leg', 'is', null))
    .select(['v.queue', 'v.recorded_at as at', 'c.line', 'c.direction', 'c.ended_at as leftAt'])
    .select('r.duration_ms as durationMs')
    .where('v.call', '=', call)
    .executeTakeFirst()
}

/** Null: withheld, or deleted by retention. */
export async function callerNumber(db: Database, call: CallId): Promise<string | null> {
  const row = await db.selectFrom('callers').select('number').where('call', '=', call).executeTakeFirst()
  return row?.number ?? null
}

/** The user names of these agents. */
export async function usernamesOf(
  db: Database,
  agents: readonly AgentId[],
): Promise<ReadonlyMap<AgentId, string>> {
  if (agents.length === 0) return new Map()
  const rows = await db.selectFrom('accounts').select(['id', 'username']).where('id', 'in', agents).execute()
  return new Map(rows.map(({ id, username }) => [id, username]))
}
