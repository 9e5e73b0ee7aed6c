/** `linia backup DIR`: a consistent copy of ledger, recordings and evidence, taken while calls go on. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { externalSettings } from '../../config.ts'
import type { Settings } from '../../config.ts'
import { isMissing } from '../../missing-file.ts'
import { adminUrlOf } from '../commands/running-database.ts'
import { say, step, UserError } from '../terminal.ts'
import { dumpDatabase, type Snapshot } from './dump.ts'
import { copyFile, digestOf, dumpName, writeManifest, type KeptFile } from './manifest.ts'
import { filesOf, folderIn, partsOf, type Part } from './parts.ts'

const dayMs = 86_400_000

export async function backUp(
  settings: Settings,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const folder = folderIn(settings, args, 'linia backup <new folder>')
  const adminUrl = await adminUrlOf(settings)
  await newFolder(folder)
  try {
    await fill(folder, settings, adminUrl, env)
  } catch (error) {
    await empty(folder)
    throw error
  }
  return 0
}

async function fill(
  folder: string,
  settings: Settings,
  adminUrl: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const madeAt = new Date().toISOString()
  const parts = partsOf(settings.paths)
  const files: KeptFile[] = []
  for (const part of parts) if (part.early === true) files.push(...(await copyPart(part, folder)))
  const dump = join(folder, dumpName)
  const snapshot = await step('Copying the database', say, () => dumpDatabase(adminUrl, dump))
  files.push({ path: dumpName, bytes: (await stat(dump)).size, sha256: await digestOf(dump) })
  for (const part of parts) if (part.early !== true) files.push(...(await copyPart(part, folder)))
  const missing = missingIn(files, snapshot, settings.retention.audioDays)
  const { postgresql, rolePrefix, migrations, calls } = snapshot
  const digest = await writeManifest(folder, {
    format: 1,
    madeAt,
    postgresql,
    rolePrefix,
    migrations: [...migrations],
    calls,
    recordings: snapshot.recordings.length,
    missing,
    settings: externalSettings(env, true),
    files,
  })
  for (const file of missing) say(`! The ledger names a recording that is not there: ${file}`)
  const megabytes = (files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)
  say(
    `Backed up to ${folder}: ${calls} calls, ${snapshot.recordings.length - missing.length} recordings, ${files.length} files, ${megabytes} MB.`,
  )
  say(`Note this elsewhere, SHA-256 of its manifest: ${digest}`)
  say(
    `Not in it, to be kept apart: ${settings.paths.secrets} and, by \`linia backup keys\`, the recordings' keys.`,
  )
}

async function copyPart(part: Part, folder: string): Promise<readonly KeptFile[]> {
  return step(`Copying ${part.name}`, say, () => copyFiles(part, folder))
}

async function copyFiles(part: Part, folder: string): Promise<readonly KeptFile[]> {
  const copied: KeptFile[] = []
  for (const path of await filesOf(part)) {
    const name = `${part.name}/${path}`
    try {
      copied.push({ path: name, ...(await copyFile(join(part.folder, path), join(folder, name))) })
    } catch (error) {
      // Asterisk's raw audio of a call is deleted once its recording is finished.
      if (!isMissing(error)) throw error
      await rm(join(folder, name), { force: true })
    }
  }
  return copied
}

/** Recordings past their retention are not missing. Recordings are stored by the day of their call. */
function missingIn(files: readonly KeptFile[], { recordings }: Snapshot, audioDays: number): string[] {
  const there = new Set(files.map(({ path }) => path))
  const kept = new Date(Date.now() - audioDays * dayMs).toISOString().slice(0, 10)
  return recordings.filter((file) => !there.has(`recordings/${file}`) && basename(dirname(file)) >= kept)
}

async function newFolder(folder: string): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new UserError(`${folder} is not empty. A backup needs a folder of its own.`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** Removes an incomplete backup, which could be mistaken for a complete one. */
async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true })
}
