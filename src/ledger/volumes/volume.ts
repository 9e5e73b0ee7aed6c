/**
 * Marks of volumes. Below an absent mount lies an ordinary empty folder; the mark, a file inside the volume whose id is
 * in the ledger too, tells the two apart.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { unlessNoFolder } from '../../missing-file.ts'
import type { Database } from '../database.ts'
import { writeWhole } from '../whole-file.ts'
import type { Volume } from './tables.ts'

export const markFile = 'linia-volume.json'

/** The folder lacks its mark: its disk is probably not mounted. */
export class VolumeAbsent extends Error {
  override name = 'VolumeAbsent'
}

export interface Mark {
  readonly volume: Volume
  readonly mark: string
  /** Set by a person who declares the volume new; the next start accepts it. Null: made by the system. */
  readonly declared: string | null
}

export const newMark = (): string => randomBytes(16).toString('hex')

/** Null: the folder is absent, or holds no readable mark of this volume. */
export async function markIn(folder: string, volume: Volume): Promise<Mark | null> {
  const text = await readFile(path.join(folder, markFile), 'utf8').catch(unlessNoFolder)
  if (text === undefined) return null
  const read = parsed(text)
  if (read === null || read.volume !== volume || typeof read.mark !== 'string') return null
  return { volume, mark: read.mark, declared: typeof read.declared === 'string' ? read.declared : null }
}

function parsed(text: string): Partial<Record<keyof Mark, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : null
  } catch {
    // A power cut left it half written: no mark.
    return null
  }
}

/**
 * Every job that writes into a volume, or deletes from it, calls this first.
 * @throws {VolumeAbsent}
 */
export async function requireMark(folder: string, volume: Volume): Promise<void> {
  if ((await markIn(folder, volume)) === null)
    throw new VolumeAbsent(`${folder} has no ${markFile}: is the volume of the ${volume} mounted?`)
}

/** Makes the folder where it is missing: only for a new volume. */
export async function writeMark(
  folder: string,
  volume: Volume,
  mark = newMark(),
  declared: string | null = null,
): Promise<string> {
  const text = `${JSON.stringify({ volume, mark, ...(declared === null ? {} : { declared }) })}\n`
  await writeWhole(path.join(folder, markFile), text, 0o640)
  return mark
}

/** All marks that a volume ever had here, the present one last. */
export async function marksOf(db: Database, volume: Volume): Promise<string[]> {
  const rows = await db
    .selectFrom('volume_marks')
    .select('mark')
    .where('volume', '=', volume)
    .orderBy('id')
    .execute()
  return rows.map(({ mark }) => mark)
}

export async function addMark(
  db: Database,
  { volume, mark, why }: { readonly volume: Volume; readonly mark: string; readonly why: string },
): Promise<void> {
  await db.insertInto('volume_marks').values({ volume, mark, why }).execute()
}
