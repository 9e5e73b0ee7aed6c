/** Maps file offsets to wall time. A file advances only while caller and agent are bridged. */
import type { Millis } from '../../core/ids.ts'
import type { RecordingGap, RecordingSpan } from '../../ledger/recordings/tables.ts'

export interface Stretch {
  readonly startedAt: Millis
  readonly endedAt: Millis
}

/** Bridging itself takes time at both ends; a shorter difference is no gap. */
export const toleranceMs = 1_000

/** The stretches during which two were bridged, from the call's events in order. */
export function bridgedStretches(
  events: readonly { readonly at: Millis; readonly isTalking: boolean }[],
  endedAt: Millis,
): Stretch[] {
  const stretches: Stretch[] = []
  let startedAt: Millis | null = null
  for (const { at, isTalking } of events) {
    if (isTalking) startedAt ??= at
    else if (startedAt !== null) {
      stretches.push({ startedAt, endedAt: Math.max(at, startedAt) })
      startedAt = null
    }
  }
  // No event of the end: the server was away. `endedAt` comes from the ledger.
  if (startedAt !== null) stretches.push({ startedAt, endedAt: Math.max(endedAt, startedAt) })
  return stretches.filter((stretch) => stretch.endedAt > stretch.startedAt)
}

/**
 * Assigns a file of `fileMs` to the stretches. A stretch beyond the end of the file is a gap; a file that is longer
 * than the conversation extends the last span.
 */
export function layOut(
  stretches: readonly Stretch[],
  fileMs: number,
): { readonly spans: RecordingSpan[]; readonly gaps: RecordingGap[] } {
  const spans: RecordingSpan[] = []
  const gaps: RecordingGap[] = []
  let offsetMs = 0
  for (const [index, { startedAt, endedAt }] of stretches.entries()) {
    const lasted = endedAt - startedAt
    const left = fileMs - offsetMs
    const isLast = index === stretches.length - 1
    const durationMs = isLast ? left : Math.min(lasted, left)
    if (durationMs > 0) spans.push({ offsetMs, startedAt, durationMs })
    const missing = lasted - Math.max(0, durationMs)
    if (missing > toleranceMs) {
      gaps.push({ startedAt: endedAt - missing, endedAt, why: 'the file is shorter than the conversation' })
    }
    offsetMs += Math.max(0, durationMs)
  }
  return { spans, gaps }
}
