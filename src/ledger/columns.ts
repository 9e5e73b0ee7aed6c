/**
 * Column types: times are read as epoch milliseconds and written as `Date`. Registers have no update type:
 * corrections are new rows.
 */
import type { ColumnType } from 'kysely'
import type { Millis } from '../core/ids.ts'

export type Time = ColumnType<Millis, Date, never>
export type MaybeTime = ColumnType<Millis | null, Date | null, never>
/** Set by a trigger; the application cannot write it. */
export type RecordedAt = ColumnType<Millis, never, never>
export type Fixed<T> = ColumnType<T, T, never>
/** Written as JSON text. */
export type Json<T> = ColumnType<T, string, never>
