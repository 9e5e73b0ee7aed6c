/** Facts that only a call's events hold: how colleagues and supervisors took part, and when the recording was paused. */
import type { LegRole, RecordingPauseReason, SupervisionMode } from '../../core/call.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { AgentId, CallId, Millis, OfferId } from '../../core/ids.ts'
import { upcastCall, upcastCallEvent } from '../../core/versions.ts'
import type { Database } from '../database.ts'
import type { CallWithoutCaller } from './tables.ts'

export interface CallRecordEvent {
  readonly seq: number
  readonly at: Millis
  readonly type: string
  /** The event's own fields; `phase`: the call's stage after it; `serving`: the offer that serves the caller then, or null. */
  readonly detail: Record<string, unknown>
  /** Whether it is a supervisor's coming, going or changing, which agents are not shown. */
  readonly ofSupervision: boolean
  /** A colleague or a supervisor whom it names. */
  readonly names: AgentId | null
}

/** While it lasted, the recorders of the call kept silence. */
export interface RecordingPauseStretch {
  readonly reason: RecordingPauseReason
  readonly startedAt: Millis
  /** Null while it lasts. */
  readonly endedAt: Millis | null
}

export interface CallStory {
  readonly events: CallRecordEvent[]
  /** The legs of colleagues who talked with the caller, all three together. */
  readonly withCaller: ReadonlySet<string>
  /** How each supervisor's leg took part, in order. */
  readonly modes: ReadonlyMap<string, readonly SupervisionMode[]>
  readonly pauses: readonly RecordingPauseStretch[]
}

interface Told {
  readonly at: Millis
  readonly event: CallEvent
  readonly after: CallWithoutCaller
}

export async function callStory(db: Database, call: CallId): Promise<CallStory> {
  const rows = await db
    .selectFrom('call_events')
    .select(['seq', 'at', 'event', 'after'])
    .where('call', '=', call)
    .orderBy('seq')
    .execute()
  const told = rows.map(({ seq, at, event, after }) => ({
    seq,
    at,
    event: upcastCallEvent(event),
    after: upcastCall<CallWithoutCaller>(after),
  }))
  const events = told.map(({ seq, at, event, after }, index) => {
    const { type, ...own } = event
    const ofSupervision = isOfSupervision(event, told[index - 1]?.after, after)
    const serving = 'offer' in after ? after.offer.id : null
    const detail = { ...own, phase: after.phase, serving }
    return { seq, at, type, detail, ofSupervision, names: namedBy(event) }
  })
  return { events, withCaller: withCallerIn(told), modes: modesIn(told), pauses: pausesIn(told) }
}

/** A supervisor who takes the call over, or with whom it ends, is no longer unseen. */
function isOfSupervision(
  event: CallEvent,
  before: CallWithoutCaller | undefined,
  after: CallWithoutCaller,
): boolean {
  if (before === undefined || event.type === 'CallTakenOver' || before.phase !== after.phase) return false
  return JSON.stringify(before.supervisions) !== JSON.stringify(after.supervisions)
}

function namedBy(event: CallEvent): AgentId | null {
  if (event.type === 'ConsultRequested') return event.consult.agent
  if (event.type === 'SupervisorRung') return event.supervision.agent
  return 'by' in event && event.type !== 'HoldRequested' ? event.by : null
}

const withCallerIn = (told: readonly Told[]): ReadonlySet<OfferId> =>
  new Set(told.flatMap(({ after: { consult } }) => (consult?.seat === 'room' ? [consult.offer.id] : [])))

function modesIn(told: readonly Told[]): ReadonlyMap<OfferId, readonly SupervisionMode[]> {
  const modes = new Map<OfferId, Set<SupervisionMode>>()
  for (const { offer, mode, isUp } of told.flatMap(({ after }) => after.supervisions)) {
    if (isUp) modes.set(offer.id, (modes.get(offer.id) ?? new Set()).add(mode))
  }
  return new Map(Array.from(modes, ([leg, seen]) => [leg, [...seen]]))
}

function pausesIn(told: readonly Told[]): RecordingPauseStretch[] {
  const pauses: RecordingPauseStretch[] = []
  let open: Omit<RecordingPauseStretch, 'endedAt'> | null = null
  for (const { at, after } of told) {
    if (open === null && after.recordingPause !== null)
      open = { reason: after.recordingPause.reason, startedAt: at }
    else if (open !== null && after.recordingPause === null) {
      pauses.push({ ...open, endedAt: at })
      open = null
    }
  }
  return open === null ? pauses : [...pauses, { ...open, endedAt: null }]
}

/** The role of a leg of somebody who did not serve the caller. */
export type OtherRole = Exclude<LegRole, 'agent'>
