/**
 * A call that is played whole has each talk once. A talk aside, and a conversation of three, are on the recordings of both
 * legs: a segment begins after that which an earlier one has.
 */
import type { KeptRecording } from '../../ledger/recordings/recordings.ts'
import type { RecordingSpan } from '../../ledger/recordings/tables.ts'
import { joinedMs } from './encoding.ts'

export interface HeardPart {
  readonly segment: KeptRecording
  /** Of its beginning, in which nothing is new. */
  readonly skipMs: number
  /** It plays so long; 0: nothing of it is new. */
  readonly durationMs: number
  /** As those of the segment, from where it is played. */
  readonly spans: readonly RecordingSpan[]
}

/** A frame of the encoder: in either encoding it is a whole number of bytes. */
const gridMs = 72
/** The end of a recording is known less exactly than this: within it the next one counts as new. */
const toleranceMs = 1_000

/** In their order; at least one of them plays. */
export function heardOnce(segments: readonly KeptRecording[]): readonly HeardPart[] {
  const skips = segments.map(({ manifest: { spans } }, index) =>
    knownMs(
      spans,
      segments.slice(0, index).flatMap(({ manifest }) => manifest.spans),
    ),
  )
  const isAlone =
    segments.filter(({ manifest }, index) => isNew(manifest.durationMs, skips[index] ?? 0)).length < 2
  return segments.map((segment, index) => {
    const { manifest, file } = segment
    const known = skips[index] ?? 0
    const lastsMs = isAlone ? manifest.durationMs : joinedMs(file, manifest.bytes, manifest.durationMs)
    const skipMs = isNew(manifest.durationMs, known) ? Math.floor(known / gridMs) * gridMs : lastsMs
    return {
      segment,
      skipMs,
      durationMs: Math.max(0, lastsMs - skipMs),
      spans: after(skipMs, manifest.spans),
    }
  })
}

const isNew = (durationMs: number, skipMs: number): boolean =>
  skipMs === 0 || durationMs - skipMs > toleranceMs

/** How much of the beginning of a file lies within `others`, in the time of the file. */
function knownMs(spans: readonly RecordingSpan[], others: readonly RecordingSpan[]): number {
  let knownMs = 0
  for (const { offsetMs, startedAt, durationMs } of spans) {
    const heardMs = heardUntil(startedAt, others) - startedAt
    if (heardMs <= toleranceMs) return knownMs
    if (durationMs - heardMs > toleranceMs) return offsetMs + heardMs - toleranceMs
    knownMs = offsetMs + durationMs
  }
  return knownMs
}

/** Until when the others go on without a gap, from a moment on. */
function heardUntil(from: number, others: readonly RecordingSpan[]): number {
  let until = from
  for (const { startedAt, durationMs } of others.toSorted((a, b) => a.startedAt - b.startedAt))
    if (startedAt <= until) until = Math.max(until, startedAt + durationMs)
  return until
}

const after = (skipMs: number, spans: readonly RecordingSpan[]): RecordingSpan[] =>
  spans.flatMap(({ offsetMs, startedAt, durationMs }) => {
    const cutMs = Math.max(0, skipMs - offsetMs)
    return cutMs < durationMs
      ? [
          {
            offsetMs: offsetMs + cutMs - skipMs,
            startedAt: startedAt + cutMs,
            durationMs: durationMs - cutMs,
          },
        ]
      : []
  })
