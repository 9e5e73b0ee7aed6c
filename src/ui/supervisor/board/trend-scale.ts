/** The time scale of the trend. */
import type { Today } from '../../../http/live/wire.ts'

/** A shift of eight hours: the first half-hour of a day must not look like a whole one. */
const halfHoursMin = 16
const halfHourMs = 1_800_000

export interface TrendScale {
  /** Half-hours from edge to edge. */
  readonly columns: number
  /** The time of the right edge; null: it is the present half-hour. */
  readonly endsAt: string | null
}

/** Wide enough for the half-hours of a shift, and for those of a longer day. */
export function trendScale(slots: Today['slots']): TrendScale {
  const [first] = slots
  const columns = Math.max(halfHoursMin, slots.length)
  if (first === undefined || columns === slots.length) return { columns, endsAt: null }
  return { columns, endsAt: new Date(Date.parse(first.from) + columns * halfHourMs).toISOString() }
}
