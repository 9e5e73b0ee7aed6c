/** The tables of retention (migrations/0020). */
import type { ColumnType } from 'kysely'
import type { Millis } from '../../core/ids.ts'
import type { Fixed, RecordedAt } from '../columns.ts'

type Read<T> = ColumnType<T, never, never>

export interface RetentionTables {
  /** Texts beside registers, by their salted digest. */
  free_texts: {
    readonly digest: Fixed<Buffer>
    readonly salt: Fixed<Buffer>
    readonly text: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  /** Rows whose text migration 0020 moved, with their digests before and after. */
  rewritten_rows: {
    readonly register: Read<string>
    readonly row_key: Read<string>
    readonly field: Read<string>
    readonly before: Read<string>
    readonly after: Read<string>
    readonly recorded_at: Read<Millis>
  }
}
