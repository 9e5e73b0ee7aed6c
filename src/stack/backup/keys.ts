/**
 * `linia backup keys DIR`: the recordings' keys, apart from the backups of the rest. Each copy is thrown away after
 * a week, so that a key that retention has destroyed is gone from everywhere within that week.
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
/** A copy's own name, its moment: 2026-11-25T02-15-00Z */
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
      // Destroyed since it was listed: then no copy may be had either.
      if (!isMissing(error)) throw error
      await rm(join(half, path), { force: true })
    }
  }
  // Whole or not at all.
  await rename(half, join(folder, stamp))
  const gone = await throwAway(folder, now)
  say(`Copied ${copied} keys to ${join(folder, stamp)}; copies thrown away: ${gone}.`)
  return 0
}

/** Where the newest copy below this folder is. @throws {UserError} where there is none. */
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

/** Copies that are a week old, and what a copy that was cut short has left. */
async function throwAway(folder: string, now: number): Promise<number> {
  const old = (await readdir(folder)).filter((name) => {
    const [, day, hour, minute, second] = stampPattern.exec(name.replace(/\.half$/, '')) ?? []
    return day !== undefined && Date.parse(`${day}T${hour}:${minute}:${second}Z`) <= now - keptDays * dayMs
  })
  for (const name of old) await destroy(join(folder, name))
  return old.length
}

/** Overwritten first: a plain disk then holds them no more. */
async function destroy(folder: string): Promise<void> {
  for (const path of await filesOf({ name: '', folder, belongs: () => true })) {
    const file = join(folder, path)
    await writeFile(file, randomBytes((await stat(file)).size), { flag: 'r+', flush: true })
  }
  await rm(folder, { recursive: true, force: true })
}
