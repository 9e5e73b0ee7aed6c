/**
 * Asterisk's raw audio that was never sealed. The recording jobs retry it (`jobs/recordings/`); retention ends it with the
 * term of recordings, or earlier when the ledger has no call that it belongs to. That it is missing, and why, is recorded.
 */
import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { CallId, type Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { recordingLost } from '../../ledger/recordings/recordings.ts'
import { unlessMissing, unlessNoFolder } from '../../missing-file.ts'
import { doneFolder, isFolderName } from '../recordings/folder-name.ts'

export interface RawAudio {
  /** Name of its folder: the id of the call. */
  readonly call: CallId
  readonly why: string
}

const callsAtOnce = 500
/** A folder that is written to belongs to a call in progress. */
const why = {
  past: 'it could not be sealed before the end of its retention',
  unclaimed: 'it belongs to no call in the ledger',
} as const

export async function pastRawAudio(
  db: Database,
  recordings: string,
  limits: {
    /** Calls that arrived before this day are past the term of recordings. */
    readonly lastDay: string
    /** Audio without a call that was last written before this moment is past its term. */
    readonly unclaimedBefore: Millis
  },
): Promise<readonly RawAudio[]> {
  const names = (await readdir(recordings)).filter((name) => name !== doneFolder && isFolderName(name))
  const past: RawAudio[] = []
  for (let from = 0; from < names.length; from += callsAtOnce) {
    const calls = names.slice(from, from + callsAtOnce).map(CallId)
    const rows = await db.selectFrom('calls').select(['id', 'arrived_at']).where('id', 'in', calls).execute()
    const arrived = new Map(rows.map(({ id, arrived_at }) => [id, arrived_at]))
    for (const call of calls) {
      const at = arrived.get(call)
      const writtenAt = await lastWritten(path.join(recordings, call))
      if (writtenAt === null) continue
      if (at === undefined && writtenAt < limits.unclaimedBefore) past.push({ call, why: why.unclaimed })
      if (at !== undefined && new Date(at).toISOString().slice(0, 10) < limits.lastDay)
        past.push({ call, why: why.past })
    }
  }
  return past
}

/** Null: no folder, or gone meanwhile. */
async function lastWritten(folder: string): Promise<Millis | null> {
  const names = await readdir(folder, { recursive: true }).catch(unlessNoFolder)
  if (names === undefined) return null
  const files = [folder, ...names.map((name) => path.join(folder, name))]
  const facts = await Promise.all(files.map((file) => stat(file).catch(unlessMissing)))
  return Math.max(...facts.map((found) => found?.mtimeMs ?? 0))
}

/** The record comes first: audio never ends without it. */
export async function endRawAudio(db: Database, recordings: string, { call, why }: RawAudio): Promise<void> {
  const kept = await db.selectFrom('recordings').select('call').where('call', '=', call).executeTakeFirst()
  if (kept === undefined) await recordingLost(db, call, why)
  await rm(path.join(recordings, call), { recursive: true, force: true })
}
