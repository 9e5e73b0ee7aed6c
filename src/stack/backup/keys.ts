/**
 * `linia backup keys DIR`: the recordings' keys, separate from the other backups. Each copy ends after a week, so that a
 * key destroyed by retention is gone from every copy within that week; but the last copy of a key that is still due is
 * kept, however old it is.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Settings } from '../../config.ts'
import type { Database } from '../../ledger/database.ts'
import { keyNameOf } from '../../ledger/recordings/keys.ts'
import { sealKeyBytes } from '../../ledger/recordings/sealed-file.ts'
import { dueRecordings } from '../../ledger/volumes/due.ts'
import { marksOf } from '../../ledger/volumes/volume.ts'
import { isMissing, unlessMissing } from '../../missing-file.ts'
import { withDatabase } from '../commands/running-database.ts'
import { onDisk, writePrivate } from '../files.ts'
import { upkeepFile, type Upkeep } from '../../upkeep.ts'
import { say, UserError } from '../terminal.ts'
import {
  checkFiles,
  copyFile,
  manifestName,
  readKeysManifest,
  writeManifest,
  type KeptFile,
  type KeysManifest,
} from './manifest.ts'
import { filesOf, folderIn, type Part } from './parts.ts'
import { requireVolumes } from './volumes.ts'

const keptDays = 7
const dayMs = 86_400_000
/**
 * Name of a copy, its time: `2026-11-25T02-15-00Z`. Behind it stands what else it is: `half` was interrupted,
 * `incomplete` lacks keys that the ledger names, `rest` is what an old copy holds and no newer one does.
 */
const copyPattern = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z(\.half|\.incomplete|\.rest)?$/

export async function backUpKeys(
  settings: Settings,
  args: readonly string[],
  now = Date.now(),
): Promise<number> {
  const folder = folderIn(settings, args, 'linia backup keys <folder>')
  return withDatabase(settings, async (db) => {
    await requireVolumes(db, settings, ['keys'])
    return onDisk(folder, () => copyKeys(settings, db, folder, now))
  })
}

async function copyKeys(settings: Settings, db: Database, folder: string, now: number): Promise<number> {
  const marks = await marksOf(db, 'keys')
  const before = await newestComplete(folder)
  if (before !== null && !marks.includes(before.manifest.mark))
    throw new UserError(`${folder} holds copies of another system’s keys. Choose a folder of its own.`)
  // Before the copy: a key is made before the ledger names its recording.
  const due = new Set((await dueRecordings(db)).flatMap(({ file }) => keyNameOf(file) ?? []))
  const stamp = `${new Date(now).toISOString().slice(0, 19).replaceAll(':', '-')}Z`
  const half = join(folder, `${stamp}.half`)
  await makeHalf(folder, half)
  const files = await copyInto(half, settings)
  const held = heldIn(files, before?.manifest.files ?? [])
  const missing = [...due].filter((path) => !held.has(path)).sort()
  if (due.size > 0 && missing.length === due.size) {
    await destroy(half)
    throw new UserError(
      `${settings.paths.recordingKeys} holds none of the ${due.size} keys that the ledger names. Nothing was copied, and no earlier copy was thrown away.`,
    )
  }
  const mark = marks.at(-1) ?? ''
  const madeAt = new Date(now).toISOString()
  await writeManifest(half, { format: 1, madeAt, mark, missing, files })
  // The copy appears complete or not at all.
  const copy = join(folder, missing.length === 0 ? stamp : `${stamp}.incomplete`)
  await rename(half, copy)
  await toDisk(folder)
  const { gone, kept } = await throwAway(folder, { copy, held, due, now })
  say(`Copied ${files.length} keys to ${copy}; copies thrown away: ${gone}.`)
  if (kept > 0) say(`! ${kept} keys that are still due are in old copies alone (*.rest); they are kept.`)
  if (missing.length > 0) {
    say(
      `! INCOMPLETE: ${missing.length} of the ${due.size} keys that the ledger names are missing, cut off or altered, such as ${missing[0]}. It does not count as a good copy.`,
    )
    return 1
  }
  const done: Upkeep['keys'] = { at: madeAt, folder: copy, keys: files.length }
  await writePrivate(upkeepFile(settings.paths.upkeep, 'keys'), `${JSON.stringify(done)}\n`)
  return 0
}

async function makeHalf(folder: string, half: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  try {
    await mkdir(half, { mode: 0o700 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new UserError(`Another copy of the keys is being made in ${half}.`, { cause: error })
  }
}

async function copyInto(half: string, settings: Settings): Promise<KeptFile[]> {
  const copied: KeptFile[] = []
  for (const path of await filesOf(keysOf(settings))) {
    try {
      copied.push({ path, ...(await copyFile(join(settings.paths.recordingKeys, path), join(half, path))) })
    } catch (error) {
      // The key was destroyed after it was listed, so it must not be copied either.
      if (!isMissing(error)) throw error
      await rm(join(half, path), { force: true })
    }
  }
  return copied
}

/** Paths of the whole keys. A key never changes: one that differs from the last good copy's was damaged since. */
function heldIn(files: readonly KeptFile[], before: readonly KeptFile[]): ReadonlySet<string> {
  const was = new Map(before.map(({ path, sha256 }) => [path, sha256]))
  return new Set(
    files
      .filter(({ path, bytes, sha256 }) => bytes === sealKeyBytes && (was.get(path) ?? sha256) === sha256)
      .map(({ path }) => path),
  )
}

export function keysOf({ paths }: Pick<Settings, 'paths'>): Part {
  return { name: 'keys', folder: paths.recordingKeys, belongs: (path) => basename(path) !== manifestName }
}

// ---- which copy is the newest -------------------------------------------------------------

export interface Copy {
  readonly folder: string
  readonly manifest: KeysManifest
  /** It has no manifest of its own: each key was tried on its recording. */
  readonly tried?: true
}

/** The newest copy that holds every key that the ledger named; `folder` may be one copy itself. */
async function newestComplete(folder: string): Promise<Copy | null> {
  if (copyPattern.test(basename(folder))) {
    const manifest = await readKeysManifest(folder)
    return manifest === null ? null : { folder, manifest }
  }
  for (const name of (await copiesIn(folder)).reverse()) {
    if (name.includes('.')) continue
    const manifest = await readKeysManifest(join(folder, name))
    if (manifest !== null && manifest.missing.length === 0) return { folder: join(folder, name), manifest }
  }
  return null
}

/**
 * For a restore: the newest complete copy, its files checked.
 * @throws {UserError} when there is none, or the files differ from its manifest.
 */
export async function copyToRestore(folder: string): Promise<Copy> {
  const newest = await newestComplete(folder)
  if (newest === null)
    throw new UserError(
      `${folder} holds no complete copy of keys, as \`linia backup keys\` makes them. To take an incomplete one, or one that an earlier version made without a manifest, name it: --keys ${folder}/<copy>`,
    )
  await checkFiles(newest.folder, newest.manifest)
  return newest
}

/** Keys that only older remains of copies hold: what the newest complete copy did not have any more. */
export async function restsBeside({ folder }: Copy): Promise<readonly string[]> {
  const parent = dirname(folder)
  const rests = (await copiesIn(parent)).filter((name) => name.endsWith('.rest'))
  const files: string[] = []
  for (const name of rests)
    for (const path of await filesOf(plainPart(join(parent, name)))) files.push(join(name, path))
  return files
}

/** Names of all copies, oldest first. */
async function copiesIn(folder: string): Promise<string[]> {
  const names = existsSync(folder) ? await readdir(folder) : []
  return names.filter((name) => copyPattern.test(name)).sort()
}

// ---- throwing away ------------------------------------------------------------------------

interface Throwing {
  /** The copy that was just made, and the whole keys in it. */
  readonly copy: string
  readonly held: ReadonlySet<string>
  readonly due: ReadonlySet<string>
  readonly now: number
}

/**
 * Ends copies older than a week and copies from the future, which a wrong clock has made. Of each stays what is due and
 * no newer copy holds.
 */
async function throwAway(
  folder: string,
  { copy, held, due, now }: Throwing,
): Promise<{ readonly gone: number; readonly kept: number }> {
  const others = (await copiesIn(folder)).filter((name) => name !== basename(copy))
  let [gone, kept] = [0, 0]
  for (const [index, name] of others.entries()) {
    const age = now - timeOf(name)
    if (age < keptDays * dayMs && age >= -dayMs) continue
    const newer = others.slice(index + 1)
    const last: string[] = []
    for (const path of await filesOf(plainPart(join(folder, name))))
      if (due.has(path) && !held.has(path) && (await isLast(folder, name, path, newer))) last.push(path)
    if (last.length === 0) {
      await destroy(join(folder, name))
      gone += 1
    } else {
      await reduceTo(folder, name, last)
      kept += last.length
    }
  }
  return { gone, kept }
}

/** Whether this is a whole key that no newer copy holds. */
async function isLast(
  folder: string,
  name: string,
  path: string,
  newer: readonly string[],
): Promise<boolean> {
  const own = await readFile(join(folder, name, path))
  if (own.length !== sealKeyBytes) return false
  for (const other of newer) {
    const theirs = await readFile(join(folder, other, path)).catch(unlessMissing)
    if (theirs?.equals(own) === true) return false
  }
  return true
}

async function reduceTo(folder: string, name: string, last: readonly string[]): Promise<void> {
  const rest = join(folder, `${name.slice(0, 20)}.rest`)
  // Renamed first: an interrupted reduction must not look like a complete copy.
  if (join(folder, name) !== rest) await rename(join(folder, name), rest)
  for (const path of await filesOf(plainPart(rest)))
    if (!last.includes(path)) await overwriteAndRemove(join(rest, path))
  await rm(join(rest, manifestName), { force: true })
}

/** ISO time of a finished copy, from its name; null: not named as one. */
export function timeOfCopy(folder: string): string | null {
  const name = basename(folder)
  return copyPattern.test(name) && !name.includes('.') ? new Date(timeOf(name)).toISOString() : null
}

function timeOf(name: string): number {
  const [, day, hour, minute, second] = copyPattern.exec(name) ?? []
  return Date.parse(`${day}T${hour}:${minute}:${second}Z`)
}

const plainPart = (folder: string): Part => keysOf({ paths: { recordingKeys: folder } as Settings['paths'] })

/** Overwrites the files first, so that a plain disk no longer holds their content. */
async function destroy(folder: string): Promise<void> {
  for (const path of await filesOf(plainPart(folder))) await overwriteAndRemove(join(folder, path))
  await rm(folder, { recursive: true, force: true })
}

async function overwriteAndRemove(file: string): Promise<void> {
  await writeFile(file, randomBytes((await stat(file)).size), { flag: 'r+', flush: true })
  await rm(file)
}

async function toDisk(folder: string): Promise<void> {
  await using entries = await open(folder, 'r')
  await entries.sync()
}
