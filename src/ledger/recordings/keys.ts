/**
 * The keys of recordings, one file each, in a folder that the other backups leave out. Destroying a key makes every
 * copy of its recording unreadable. Keys are grouped by the call's day, as recordings are.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { isMissing, unlessMissing } from '../../missing-file.ts'
import { requireMark } from '../volumes/volume.ts'
import { sealedEnd, sealKeyBytes } from './sealed-file.ts'

const keyEnd = '.key'
const dayName = /^\d{4}-\d\d-\d\d$/

/**
 * Makes the key of a recording that is about to be written; `file` as the ledger names it.
 * @throws {VolumeAbsent} when the folder is not the volume of the keys: a key made there would be lost with its mount.
 */
export async function makeKey(folder: string, file: string): Promise<Buffer> {
  const target = keyPath(folder, file)
  await requireMark(folder, 'keys')
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
  const key = randomBytes(sealKeyBytes)
  await using handle = await open(target, 'wx', 0o600)
  await handle.writeFile(key)
  // A key lost in a power cut would lose its recording.
  await handle.sync()
  // The directory entries too: of the key in its day, and of the day.
  for (const place of [path.dirname(target), folder]) {
    await using entries = await open(place, 'r')
    await entries.sync()
  }
  return key
}

/** Null when the key was destroyed. */
export async function keyOf(folder: string, file: string): Promise<Buffer | null> {
  const key = await readFile(keyPath(folder, file)).catch(unlessMissing)
  return key?.length === sealKeyBytes ? key : null
}

export async function destroyKey(folder: string, file: string): Promise<void> {
  await destroy(keyPath(folder, file))
}

/** Days before `day` (2026-05-25) that still have a folder, oldest first, with their number of keys. */
export async function keysBefore(
  folder: string,
  day: string,
): Promise<{ readonly day: string; readonly keys: number }[]> {
  const days = await daysBefore(folder, day)
  return Promise.all(
    days.map(async (one) => ({
      day: one,
      keys: (await namesIn(path.join(folder, one))).filter((name) => name.endsWith(keyEnd)).length,
    })),
  )
}

export async function destroyKeysOf(folder: string, day: string): Promise<void> {
  const names = await namesIn(path.join(folder, day))
  for (const name of names) await destroy(path.join(folder, day, name))
  await rm(path.join(folder, day), { recursive: true, force: true })
}

/** Overwrites the key before it removes the file. An SSD or a copy-on-write volume may keep the old block: encrypt it. */
async function destroy(file: string): Promise<void> {
  try {
    await using handle = await open(file, 'r+')
    await handle.write(randomBytes(sealKeyBytes), 0, sealKeyBytes, 0)
    await handle.sync()
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  await rm(file, { force: true })
}

function keyPath(folder: string, file: string): string {
  const name = keyNameOf(file)
  if (name === null) throw new RangeError('no sealed recording has this name')
  return path.join(folder, name)
}

/** `done/2026-11-25/<name>.mp3.sealed` → `2026-11-25/<name>.mp3.key`; null: no sealed recording has this name. */
export function keyNameOf(file: string): string | null {
  const day = path.basename(path.dirname(file))
  if (!dayName.test(day) || !file.endsWith(sealedEnd)) return null
  return path.join(day, `${path.basename(file, sealedEnd)}${keyEnd}`)
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(unlessMissing)) ?? []
}

/** Folders named by a day before `day`, oldest first. */
export async function daysBefore(folder: string, day: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => dayName.test(name) && name < day).sort()
}
