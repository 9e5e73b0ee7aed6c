/** Facts that only a call's events hold: how colleagues and supervisors took part, and when the recording was paused. */
import { isExternal } from '../../core/contact.ts'
import type { OwnRole, SupervisionMode } from '../../core/call.ts'
import type { RecordingPauseReason } from '../../core/media/recording-pause.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { AgentId, CallId, ContactId, Millis, OfferId } from '../../core/ids.ts'
import { upcastCall, upcastCallEvent } from '../../core/versions.ts'
import type { Database } from '../database.ts'
import type { CallWithoutCaller } from './tables.ts'

export interface CallRecordEvent {
  readonly seq: number
  readonly at: Millis
  readonly type: string
  /** The event's own fields; `phase`: the call's stage after it; `serving`: the offer that serves the caller then, or null. */
  readonly detail: Record<string, unknown>
  /** Whether it is a supervisor's coming, going or changing, or an answer to the survey: agents are shown neither. */
  readonly isForSupervisors: boolean
  /** A colleague or a supervisor whom it names. */
  readonly names: AgentId | null
}

export interface CallStretch {
  readonly startedAt: Millis
  /** Null while it lasts. */
  readonly endedAt: Millis | null
}

/** While it lasted, the recorders of the call kept silence. */
export interface RecordingPauseStretch extends CallStretch {
  readonly reason: RecordingPauseReason
}

/** The caller talked with a party outside and no agent: the recorder is an agent's leg's, so there was none. */
export interface UnrecordedStretch extends CallStretch {
  /** The name is the one of then. */
  readonly contact: { readonly id: ContactId; readonly name: string }
}

/** The caller heard music, while an agent asked a colleague or a party outside. */
export interface AsideStretch extends CallStretch {
  readonly party: { readonly id: AgentId } | { readonly id: ContactId; readonly name: string }
}

export interface CallStory {
  readonly events: CallRecordEvent[]
  /** The legs of colleagues who talked with the caller, all three together. */
  readonly withCaller: ReadonlySet<string>
  /** How each supervisor's leg took part, in order. */
  readonly modes: ReadonlyMap<string, readonly SupervisionMode[]>
  readonly pauses: readonly RecordingPauseStretch[]
  readonly unrecorded: readonly UnrecordedStretch[]
  readonly asides: readonly AsideStretch[]
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
    const before = told[index - 1]?.after
    const isForSupervisors = isOfSupervision(event, before, after) || isOfSurvey(before, after)
    const serving = 'offer' in after ? after.offer.id : null
    const detail = { ...own, phase: after.phase, serving }
    return { seq, at, type, detail, isForSupervisors, names: namedBy(event) }
  })
  return {
    events,
    withCaller: withCallerIn(told),
    modes: modesIn(told),
    pauses: pausesIn(told),
    unrecorded: unrecordedIn(told),
    asides: asidesIn(told),
  }
}

const isOfSurvey = (before: CallWithoutCaller | undefined, after: CallWithoutCaller): boolean =>
  before?.phase === 'survey' && after.phase === 'survey'

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
  if (event.type === 'ConsultRequested') return isExternal(event.consult) ? null : event.consult.agent
  if (event.type === 'SupervisorRung') return event.supervision.agent
  if (event.type === 'HoldRequested' || event.type === 'ResumeRequested') return null
  return 'by' in event ? event.by : null
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

const pausesIn = (told: readonly Told[]): RecordingPauseStretch[] =>
  stretchesIn(told, ({ recordingPause }) => recordingPause && { reason: recordingPause.reason })

const unrecordedIn = (told: readonly Told[]): UnrecordedStretch[] =>
  stretchesIn(told, (call) => {
    if (call.phase !== 'transferred') return null
    const { id, name } = call.external.contact
    return { contact: { id, name } }
  })

const asidesIn = (told: readonly Told[]): AsideStretch[] =>
  stretchesIn(told, ({ phase, consult }): Pick<AsideStretch, 'party'> | null => {
    if (phase !== 'held' || consult?.seat !== 'side') return null
    if (!isExternal(consult.offer)) return { party: { id: consult.offer.agent } }
    const { id, name } = consult.offer.contact
    return { party: { id, name } }
  })

/** The stretches during which a call has what `found` reads of it, as it is at their beginning. */
function stretchesIn<Found>(
  told: readonly Told[],
  found: (call: CallWithoutCaller) => Found | null,
): (Found & CallStretch)[] {
  const stretches: (Found & CallStretch)[] = []
  let open: (Found & CallStretch) | null = null
  for (const { at, after } of told) {
    const now = found(after)
    if (open === null && now !== null) open = { ...now, startedAt: at, endedAt: null }
    else if (open !== null && now === null) {
      stretches.push({ ...open, endedAt: at })
      open = null
    }
  }
  return open === null ? stretches : [...stretches, open]
}

/** The role of a leg of somebody who did not serve the caller. */
export type OtherRole = Exclude<OwnRole, 'agent'>
