/** A caller's number that is turned away at the arrival, before any queue. */
import type { Millis } from '../ids.ts'

/** Nobody is blocked for longer; then a supervisor decides anew. */
export const blockDaysMax = 365

export interface CallerBlock {
  readonly id: number
  /** As `callerFrom` has it. */
  readonly number: string
  readonly from: Millis
  readonly until: Millis
}

/** The block that holds for a caller who arrived at that moment; null: none. A withheld number has none. */
export function blockAt(blocks: readonly CallerBlock[], number: string | null, at: Millis): number | null {
  return blocks.find((one) => one.number === number && one.from <= at && at < one.until)?.id ?? null
}

/** How many numbers are blocked at that moment; one may be blocked twice. */
export function blockedNumbersAt(blocks: readonly CallerBlock[], at: Millis): number {
  return new Set(blocks.filter(({ from, until }) => from <= at && at < until).map(({ number }) => number))
    .size
}
