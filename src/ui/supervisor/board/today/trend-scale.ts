/** The time scale of the trend. */
import { startOfDay } from '../../../../core/local-time.ts'
import type { Today } from '../../../../http/live/wire.ts'

/** A shift of eight hours: the first half-hour of a day must not look like a whole one. */
const halfHoursMin = 16
const halfHourMs = 1_800_000
/** Longer than any day, and shorter than two. */
const nextDayMs = 26 * 3_600_000

export interface TrendScale {
  /** Half-hours from edge to edge. */
  readonly columns: number
  /** The column of the first half-hour. */
  readonly first: number
  /** The time of the left edge. */
  readonly beginsAt: string
  /** The time of the right edge; null: it is the present half-hour. */
  readonly endsAt: string | null
}

/** Wide enough for the half-hours of a shift, and for those of a longer day; of one day, up to its midnight. Null without any. */
export function trendScale(slots: Today['slots']): TrendScale | null {
  const [slot] = slots
  if (slot === undefined) return null
  const columns = Math.max(halfHoursMin, slots.length)
  if (columns === slots.length) return { columns, first: 0, beginsAt: slot.from, endsAt: null }
  const from = Date.parse(slot.from)
  const endsAt = Math.min(from + columns * halfHourMs, startOfDay(startOfDay(from) + nextDayMs))
  const beginsAt = endsAt - columns * halfHourMs
  return {
    columns,
    first: (from - beginsAt) / halfHourMs,
    beginsAt: new Date(beginsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
  }
}
