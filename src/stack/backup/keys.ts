/**
 * `linia backup keys DIR`: the recordings' keys, separate from the other backups. Each copy is deleted after a week, so
 * that a key destroyed by retention is gone from every copy within that week.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Settings } from '../../config.ts'
import { isMissing } from '../../missing-file.ts'
import { say, UserError } from '../terminal.ts'
import { copyFile } from './manifest.ts'
import { filesOf, folderIn, type Part } from './parts.ts'

const keptDays = 7
const dayMs = 86_400_000
/** Name of a copy, its time: 2026-11-25T02-15-00Z */
const stampPattern = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z$/

export async function backUpKeys(
  settings: Settings,
  args: readonly string[],
  now = Date.now(),
): Promise<number> {
  const folder = folderIn(settings, args, 'linia backup keys <folder>')
  const stamp = `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
  const half = join(folder, `${stamp}.half`)
  await mkdir(half, { recursive: true, mode: 0o700 })
  const files = await filesOf(keysOf(settings))
  let copied = 0
  for (const path of files) {
    try {
      await copyFile(join(settings.paths.recordingKeys, path), join(half, path))
      copied += 1
    } catch (error) {
      // The key was destroyed after it was listed, so it must not be copied either.
      if (!isMissing(error)) throw error
      await rm(join(half, path), { force: true })
    }
  }
  // The copy appears complete or not at all.
  await rename(half, join(folder, stamp))
  const gone = await throwAway(folder, now)
  say(`Copied ${copied} keys to ${join(folder, stamp)}; copies thrown away: ${gone}.`)
  return 0
}

/** Path of the newest copy. @throws {UserError} when there is none. */
export async function newestKeys(folder: string): Promise<string> {
  const names = existsSync(folder) ? await readdir(folder) : []
  const newest = names
    .filter((name) => stampPattern.test(name))
    .sort()
    .at(-1)
  if (newest === undefined)
    throw new UserError(`${folder} holds no copy of keys, as \`linia backup keys\` makes them.`)
  return join(folder, newest)
}

export function keysOf({ paths }: Settings): Part {
  return { name: 'keys', folder: paths.recordingKeys, belongs: () => true }
}

/** Deletes copies older than a week and remains of interrupted copies. */
async function throwAway(folder: string, now: number): Promise<number> {
  const old = (await readdir(folder)).filter((name) => {
    const [, day, hour, minute, second] = stampPattern.exec(name.replace(/\.half$/, '')) ?? []
    return day !== undefined && Date.parse(`${day}T${hour}:${minute}:${second}Z`) <= now - keptDays * dayMs
  })
  for (const name of old) await destroy(join(folder, name))
  return old.length
}

/** Overwrites the files first, so that a plain disk no longer holds their content. */
async function destroy(folder: string): Promise<void> {
  for (const path of await filesOf({ name: '', folder, belongs: () => true })) {
    const file = join(folder, path)
    await writeFile(file, randomBytes((await stat(file)).size), { flag: 'r+', flush: true })
  }
  await rm(folder, { recursive: true, force: true })
}
