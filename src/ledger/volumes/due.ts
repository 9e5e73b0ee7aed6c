/** The files that the ledger expects in the volumes. */
import { sql } from 'kysely'
import type { Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { runLimits } from '../retention/run-limits.ts'

export interface DueRecording {
  /** Path below the recordings' folder. */
  readonly file: string
  /** Of the audio before it was sealed. */
  readonly bytes: number
}

/**
 * Recordings whose key retention has not destroyed. The limit is the latest valid one on record, not the clock's: neither
 * a clock that has leapt nor the runs that it causes make anything superfluous.
 */
export async function dueRecordings(db: Database): Promise<DueRecording[]> {
  const { audioBefore } = await runLimits(db)
  const found = await db
    .selectFrom('recordings as r')
    .leftJoin('recording_compressions as c', (join) =>
      join.onRef('c.call', '=', 'r.call').on(sql<boolean>`c.leg is not distinct from r.leg`),
    )
    .select((eb) => [
      eb.fn.coalesce('c.file', 'r.file').as('file'),
      eb.fn.coalesce('c.bytes', 'r.bytes').as('bytes'),
    ])
    .orderBy('file')
    .execute()
  return found.filter(({ file }) => dayOf(file) >= (audioBefore ?? ''))
}

/** `done/2026-11-25/<name>.mp3.sealed` → `2026-11-25`. */
function dayOf(file: string): string {
  return file.split('/').at(-2) ?? ''
}

/** Whether Asterisk must have written CEL: a call ended within the last day. */
export async function expectsCel(db: Database, now: Millis): Promise<boolean> {
  const call = await db
    .selectFrom('calls')
    .select('id')
    .where('arrived_at', '>', time(now - dayMs))
    .limit(1)
    .executeTakeFirst()
  return call !== undefined
}

const dayMs = 86_400_000
