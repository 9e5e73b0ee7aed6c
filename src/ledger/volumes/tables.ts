/** The table of volume marks. */
import type { GeneratedAlways } from 'kysely'
import type { Fixed, RecordedAt } from '../columns.ts'

/** A folder that may be a mount of its own, and whose absence must not look like emptiness. */
export const volumes = ['keys', 'recordings', 'anchor', 'cel'] as const
export type Volume = (typeof volumes)[number]

export interface VolumeTables {
  volume_marks: {
    readonly id: GeneratedAlways<number>
    readonly volume: Fixed<Volume>
    readonly mark: Fixed<string>
    readonly why: Fixed<string>
    readonly recorded_at: RecordedAt
  }
}
