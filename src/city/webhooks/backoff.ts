/** When a message that a receiver did not take is sent again (docs/guides/webhooks.md). */
import type { Millis } from '../../core/ids.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A message of this age is given up after its next failed try. */
export const givenUpAfterMs = 7 * 24 * hourMs
/** An unsent message of this age needs attention: a program that follows the line no longer does. */
export const lateAfterMs = 10 * minuteMs

const firstPausesMs = [2_000, 10_000, 30_000] as const
const refusedPausesMs = [2 * minuteMs, 10 * minuteMs, 30 * minuteMs] as const

/**
 * The pause after so many failed tries (1 or more) of one message. `refused`: the receiver works and does not want this
 * one, so that it is asked less and less often.
 */
export function pauseAfter(failedTries: number, refused: boolean): Millis {
  const first = firstPausesMs[failedTries - 1]
  if (first !== undefined) return first
  return refused ? (refusedPausesMs[failedTries - 1 - firstPausesMs.length] ?? hourMs) : minuteMs
}

/** A fault of this message, not of the receiver. 408 and 429 are about the moment. */
export const isRefusal = (status: number): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 429

/** Pause between two tries of a receiver that is away: 1, 2, 4 … 60 s. */
export const awayMs = (probes: number): Millis => Math.min(1_000 * 2 ** Math.min(probes, 10), minuteMs)
