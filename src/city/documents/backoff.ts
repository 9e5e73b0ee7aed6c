/**
 * When a message to the document system is tried again (cityhall.md 1, "Hand-over"): a week of tries, so that a
 * week-end without anybody at the other end does not kill a Friday's request.
 */
import type { Millis } from '../../core/ids.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** After so long without success a message is given up: it stands among the dead letters until somebody asks again. */
export const givenUpAfterMs = 7 * 24 * hourMs
/** A message that is not delivered after so long is somebody's to look at. */
export const lateAfterMs = 2 * hourMs

const firstPausesMs = [30_000, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 8 * hourMs] as const
const laterPauseMs = 12 * hourMs

/** The tries of one message, counted from the first: at once, and the last one after exactly a week. */
export const triesAtMs: readonly Millis[] = schedule()

/** The pause after so many failed tries (1 or more); null: that was the last one. */
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
