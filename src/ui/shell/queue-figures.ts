import type { LiveState } from '../live/live-state.ts'
import { duration } from '../shared/time/time.ts'

export interface QueueFigures {
  readonly waiting: string
  readonly longest: string
  /** Somebody waits beyond T of their queue. */
  readonly tooLong: boolean
  /** The figures are not known now: an old number would mislead. */
  readonly stale: boolean
}

const unknown = { waiting: '–', longest: '–', tooLong: false, stale: true }

export function queueFigures({
  status,
  superseded,
  lineUp,
  today,
}: Pick<LiveState, 'status' | 'superseded' | 'lineUp' | 'today'>): QueueFigures {
  if (status !== 'live' || superseded || !lineUp || today === null) return unknown
  const { waiting, longestWaitMs, tooLong } = today
  return {
    waiting: String(waiting),
    longest: longestWaitMs === null ? '–' : duration(longestWaitMs),
    tooLong,
    stale: false,
  }
}
