/** A call's recording as the wire has it. */
import { silencesOf, type Stretch } from '../../city/identity/silence.ts'
import type { CallRecord } from '../../ledger/calls/calls.ts'
import type { KeptRecording, RecordingManifest as Manifest } from '../../ledger/recordings/recordings.ts'
import type { Waveform } from '../../ledger/recordings/tables.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { heardOnce, type HeardPart } from './heard-once.ts'
import type { OpenableSegments } from './open-segments.ts'
import { within, type Within } from './within.ts'
import type { RecordingManifest } from './wire.ts'

/** Where each segment is when one is played after the other. */
interface Placed extends HeardPart {
  readonly offsetMs: number
}

function placed(segments: readonly KeptRecording[]): readonly Placed[] {
  let offsetMs = 0
  return heardOnce(segments).map((part) => {
    const at = offsetMs
    offsetMs += part.durationMs
    return { ...part, offsetMs: at }
  })
}

/** As a loss of the ledger; the file may come back, so it is none. */
const unreadable = 'the file cannot be read'

/**
 * `open`: those that the reader hears, at least one; `broken`: those that they would hear. `checks`: the stretches of identity checks, which are silenced for
 * most listeners.
 */
export function recordingView(
  record: CallRecord,
  { open: segments, broken }: OpenableSegments,
  checks: readonly Stretch[],
): { readonly manifest: RecordingManifest; readonly waveform: Waveform } {
  const places = placed(segments)
  const durationMs = places.reduce((sum, one) => sum + one.durationMs, 0)
  const manifest: RecordingManifest = {
    durationMs,
    bytes: segments.reduce((sum, one) => sum + one.manifest.bytes, 0),
    tracks: (['caller', 'agent'] as const).filter((track) =>
      segments.every(({ manifest: { tracks } }) => tracks.includes(track)),
    ),
    segments: places.map((place) => segmentView(record, place)),
    spans: places.flatMap(({ spans, offsetMs }) =>
      spans.map((span) => ({
        ...span,
        offsetMs: offsetMs + span.offsetMs,
        startedAt: iso(span.startedAt),
      })),
    ),
    gaps: segments.flatMap(({ manifest: { gaps } }) =>
      gaps.map((gap) => ({ ...gap, startedAt: iso(gap.startedAt), endedAt: iso(gap.endedAt) })),
    ),
    unrecorded: record.unrecorded.map((one) => ({
      ...one,
      startedAt: iso(one.startedAt),
      endedAt: isoOrNull(one.endedAt),
    })),
    lost: [
      ...record.losses.map(({ leg, agent, why }) => ({ leg, agent, why })),
      ...broken.map((segment) => ({ leg: segment.leg, agent: agentOf(record, segment), why: unreadable })),
    ],
    silenced: places.flatMap(({ spans, offsetMs }) =>
      silencesOf(spans, checks).map((silence) => ({
        offsetMs: Math.round(offsetMs + silence.offsetMs),
        durationMs: Math.round(silence.durationMs),
      })),
    ),
    paused: places.flatMap(({ spans, offsetMs }) =>
      within(spans, record.pauses).map(({ reason, ...pause }) => ({ reason, ...moved(pause, offsetMs) })),
    ),
    asides: places.flatMap(({ spans, offsetMs }) =>
      within(spans, record.asides)
        // The last second of one may begin the next segment.
        .filter(({ durationMs: lasts }) => lasts >= asideMsMin)
        .map(({ party, ...aside }) => ({ with: party, ...moved(aside, offsetMs) })),
    ),
  }
  return { manifest, waveform: joinedWaveform(places, durationMs) }
}

const moved = (place: Within, byMs: number) => ({
  offsetMs: Math.round(byMs + place.offsetMs),
  durationMs: Math.round(place.durationMs),
})

function segmentView(record: CallRecord, { segment, offsetMs, durationMs, skipMs }: Placed) {
  const { leg, manifest } = segment
  const first = manifest.spans[0]?.startedAt ?? record.answeredAt ?? record.arrivedAt
  const last = manifest.spans.at(-1)
  return {
    leg,
    agent: agentOf(record, segment),
    role: segment.role,
    offsetMs,
    durationMs,
    skippedMs: skipMs,
    startedAt: iso(first),
    endedAt: iso(last === undefined ? first : last.startedAt + last.durationMs),
    heldMs: heldMs(manifest),
    bytes: manifest.bytes,
    sha256: manifest.sha256,
    tracks: manifest.tracks,
  }
}

const agentOf = (record: CallRecord, { agent: id, agentName }: KeptRecording) =>
  id === null ? record.agent : { id, name: agentName ?? id }

/** The times between the spans of a segment. */
const heldMs = ({ spans }: Manifest): number =>
  spans.slice(1).reduce((sum, { startedAt }, index) => {
    const before = spans[index]
    return before === undefined ? sum : sum + Math.max(0, startedAt - before.startedAt - before.durationMs)
  }, 0)

const asideMsMin = 1_500

const slicesMax = 600
const sliceMsMin = 100

/** Slices of equal length over all segments: each the loudest of those that it covers. */
function joinedWaveform(places: readonly Placed[], durationMs: number): Waveform {
  const [only] = places
  if (only !== undefined && places.length === 1) return only.segment.waveform
  const slices = Math.min(slicesMax, Math.ceil(durationMs / sliceMsMin))
  const of = (track: keyof Waveform): number[] =>
    places.flatMap(({ segment, skipMs, durationMs: lasts }) => {
      if (lasts === 0) return []
      const levels = segment.waveform[track]
      const known = levels.slice(Math.floor((levels.length * skipMs) / (skipMs + lasts)))
      return stretched(known, Math.max(1, Math.round((slices * lasts) / durationMs)))
    })
  return { caller: of('caller'), agent: of('agent') }
}

const stretched = (levels: readonly number[], count: number): number[] =>
  Array.from({ length: count }, (_, at) => {
    const from = Math.floor((at * levels.length) / count)
    const to = Math.max(from + 1, Math.floor(((at + 1) * levels.length) / count))
    return Math.max(0, ...levels.slice(from, to))
  })
