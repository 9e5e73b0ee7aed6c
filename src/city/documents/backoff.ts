/**
 * Retry schedule of messages to the document system (docs/rules/documents.md, rule 2). Tries continue for a week, so
 * that a request of a Friday survives a week-end without anybody at the other end.
 */
import type { Millis } from '../../core/ids.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** Without success for this long a message is given up. It stays undelivered until somebody asks for another try. */
export const givenUpAfterMs = 7 * 24 * hourMs
/** An undelivered message of this age needs attention. */
export const lateAfterMs = 2 * hourMs

const firstPausesMs = [30_000, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 8 * hourMs] as const
const laterPauseMs = 12 * hourMs

/** Times of the tries of one message, relative to the first one. The last one is exactly a week later. */
export const triesAtMs: readonly Millis[] = schedule()

/** The pause after this number of failed tries (1 or more); null after the last one. */
export function pauseAfter(failedTries: number): Millis | null {
  const next = triesAtMs[failedTries]
  const last = triesAtMs[failedTries - 1]
  return next === undefined || last === undefined ? null : next - last
}

function schedule(): Millis[] {
  const tries = [0]
  for (let at = 0; at < givenUpAfterMs;) {
    at = Math.min(at + (firstPausesMs[tries.length - 1] ?? laterPauseMs), givenUpAfterMs)
    tries.push(at)
  }
  return tries
}
