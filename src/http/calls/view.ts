/** Calls as the wire has them. */
import type { Stretch } from '../../city/identity/silence.ts'
import type { Millis } from '../../core/ids.ts'
import type { BlockReason } from '../../people/blocked-callers/caller-blocks.ts'
import type { CallRecord, CallRow } from '../../ledger/calls/calls.ts'
import type { OpenableSegments } from '../recordings/open-segments.ts'
import { recordingView } from '../recordings/view.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import type {
  AbandonedCall as AbandonedRow,
  ReturnCall as ReturnRow,
} from '../../ledger/calls/abandoned-calls.ts'
import type { UnansweredOffer as UnansweredRow } from '../../ledger/calls/unanswered-offers.ts'
import type { WrapUp } from '../../ledger/calls/wrap-ups.ts'
import type { VoicemailItem } from '../voicemails/wire.ts'
import type {
  AbandonedCall,
  CallDetail,
  CallItem,
  ReturnCall,
  UnansweredOffer,
  WrapUpVersion,
} from './wire.ts'

export function callItem(row: CallRow): CallItem {
  return {
    id: row.id,
    caller: row.caller,
    line: row.line,
    queue: row.queue,
    direction: row.direction,
    arrivedAt: iso(row.arrivedAt),
    queuedAt: isoOrNull(row.queuedAt),
    offeredAt: isoOrNull(row.offeredAt),
    answeredAt: isoOrNull(row.answeredAt),
    endedAt: isoOrNull(row.endedAt),
    waitMs: row.waitMs,
    talkMs: row.talkMs,
    agent: row.agent,
    earlierAgents: [...row.earlierAgents],
    outcome: row.outcome,
    recording: row.recording,
  }
}

/** Fewer digits are a short number: its ending would be most of it. */
const fullNumberMin = 9
const endingDigits = 3

export function unansweredItem({
  call,
  queue,
  caller,
  offeredAt,
  endedAt,
  reason,
  isLost,
}: UnansweredRow): UnansweredOffer {
  return {
    call,
    queue,
    callerEnding: endingOf(caller),
    offeredAt: iso(offeredAt),
    ringMs: Math.max(0, endedAt - offeredAt),
    reason,
    isLost,
  }
}

export function abandonedItem({
  call,
  queue,
  caller,
  reason,
  abandonedAt,
  waitMs,
  lastTry,
}: AbandonedRow): AbandonedCall {
  return {
    call,
    queue,
    callerEnding: endingOf(caller),
    reason,
    abandonedAt: iso(abandonedAt),
    waitMs,
    lastTry: lastTry === null ? null : returnCall(lastTry),
  }
}

const returnCall = (one: ReturnRow): ReturnCall => ({ ...one, at: iso(one.at) })

function endingOf(number: string | null): string | null {
  const digits = number?.replaceAll(/\D/g, '') ?? ''
  return digits.length < fullNumberMin ? null : digits.slice(-endingDigits)
}

/** Facts that depend on the reader of a call. */
interface ForReader {
  readonly segments: OpenableSegments
  /** The stretches of identity checks. */
  readonly checks: readonly Stretch[]
  readonly correctableUntil: Millis | null
  readonly seesSupervision: boolean
  readonly block: BlockReason | null
  readonly voicemail: VoicemailItem | null
}

export function callDetail(
  record: CallRecord,
  { segments, checks, correctableUntil, seesSupervision, block, voicemail }: ForReader,
): CallDetail {
  const events = record.events.filter((event) => seesSupervision || !event.isForSupervisors)
  const others = record.others.filter(({ role }) => seesSupervision || role === 'consulted')
  const recording = segments.open.length === 0 ? null : recordingView(record, segments, checks)
  const wrapUps = record.wrapUps.map(({ agent, versions: [current, ...earlier] }) => ({
    agent,
    current: wrapUpVersion(current),
    earlier: earlier.map(wrapUpVersion),
  }))
  return {
    ...callItem(record),
    legs: record.legs.map((leg) => ({ ...leg, from: iso(leg.from), until: isoOrNull(leg.until) })),
    endedBy: record.endedBy,
    block: block === null ? null : { ...block, until: iso(block.until) },
    others: others.map(({ modes, ...leg }) => ({
      ...leg,
      modes: [...modes],
      from: iso(leg.from),
      until: isoOrNull(leg.until),
    })),
    externals: record.externals.map((one) => ({
      ...one,
      from: iso(one.from),
      until: isoOrNull(one.until),
    })),
    // Numbered anew: a number that is missing would tell of an event that is not shown.
    events: events.map(({ at, type, detail }, index) => ({ seq: index + 1, at: iso(at), type, detail })),
    people: record.people.filter(({ id }) => events.some(({ names }) => names === id)),
    notes: record.notes.map((note) => ({ ...note, at: iso(note.at) })),
    wrapUp: wrapUps[0]?.current ?? null,
    wrapUps,
    correctableUntil: isoOrNull(correctableUntil),
    manifest: recording?.manifest ?? null,
    waveform: recording?.waveform ?? null,
    returnedBy: record.returnedBy.map(returnCall),
    voicemail,
    survey: seesSupervision ? surveyView(record.survey) : null,
  }
}

const surveyView = (survey: CallRecord['survey']): CallDetail['survey'] =>
  survey && { ...survey, askedAt: iso(survey.askedAt) }

const wrapUpVersion = (version: WrapUp): WrapUpVersion => ({
  ...version,
  at: iso(version.at),
  agent: version.agent.name,
})
