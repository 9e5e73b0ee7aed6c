/** How long a caller will probably wait: from how fast the queue is served now, in steps that promise no precision. */
import type { Millis } from '../ids.ts'

/** Minutes that are said; a longer wait is `more` than the last of them. */
export const saidMinutes = [1, 2, 3, 5, 10, 15, 20, 30] as const
export type Estimate = (typeof saidMinutes)[number] | 'more'
export const estimates: readonly Estimate[] = [...saidMinutes, 'more']

export interface ServiceRate {
  /** Those who serve the queue and are not paused, free or not. */
  readonly agents: number
  /** The mean of the latest calls: conversation, hold and wrap-up. */
  readonly handlingMs: Millis
}

/** Every agent is done with a call each `handlingMs`, and takes the next caller: the one at `position` is the position-th. */
export function estimateFor(position: number, { agents, handlingMs }: ServiceRate): Estimate | null {
  if (agents === 0) return null
  const minutes = (position * handlingMs) / agents / 60_000
  return saidMinutes.find((said) => said >= minutes) ?? 'more'
}

export const isLonger = (one: Estimate, other: Estimate): boolean =>
  estimates.indexOf(one) > estimates.indexOf(other)
