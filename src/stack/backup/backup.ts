/** `linia backup DIR`: a consistent copy of ledger, recordings and evidence, taken while calls go on. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { externalSettings } from '../../config.ts'
import type { Settings } from '../../config.ts'
import type { Database } from '../../ledger/database.ts'
import { sealedBytesOf, sealedEnd } from '../../ledger/recordings/sealed-file.ts'
import { expectsHeads } from '../../ledger/journal/anchor.ts'
import { dueRecordings, expectsCel } from '../../ledger/volumes/due.ts'
import { volumes } from '../../ledger/volumes/tables.ts'
import { marksOf } from '../../ledger/volumes/volume.ts'
import { isMissing } from '../../missing-file.ts'
import { adminUrlOf, withDatabase } from '../commands/running-database.ts'
import { onDisk, writePrivate } from '../files.ts'
import { upkeepFile, type Upkeep } from '../../upkeep.ts'
import { say, step, UserError } from '../terminal.ts'
import { dumpDatabase } from './dump.ts'
import { encryptedEnd, requireAge } from './encryption.ts'
import { copyFile, dumpName, writeManifest, type KeptFile, type Manifest } from './manifest.ts'
import { filesOf, folderIn, holdsHeads, partsOf, type Part } from './parts.ts'
import { requireVolumes } from './volumes.ts'

const namedMax = 10

export async function backUp(
  settings: Settings,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const folder = folderIn(settings, args, 'linia backup <new folder>')
  if (settings.backupRecipient !== null) requireAge()
  const adminUrl = await adminUrlOf(settings)
  return withDatabase(settings, async (db) => {
    await requireVolumes(db, settings, ['recordings', 'anchor', 'cel'])
    return onDisk(folder, async () => {
      await newFolder(folder)
      try {
        return await fill(folder, { settings, adminUrl, db, env })
      } catch (error) {
        await empty(folder)
        throw error
      }
    })
  })
}

interface Source {
  readonly settings: Settings
  readonly adminUrl: string
  readonly db: Database
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Exit code: 1 when the ledger names files that the backup lacks. */
async function fill(folder: string, { settings, adminUrl, db, env }: Source): Promise<number> {
  const { backupRecipient: recipient } = settings
  const end = recipient === null ? '' : encryptedEnd
  const madeAt = new Date().toISOString()
  const parts = partsOf(settings.paths)
  const files: KeptFile[] = []
  for (const part of parts) if (part.early === true) files.push(...(await copyPart(part, folder, recipient)))
  const dump = `${dumpName}${end}`
  const { bytes, sha256, postgresql, rolePrefix, migrations, calls } = await step(
    'Copying the database',
    say,
    () => dumpDatabase(adminUrl, join(folder, dump), recipient),
  )
  files.push({ path: dump, bytes, sha256 })
  // After the dump and before the recordings are copied: every recording of the dump is among them.
  const due = await dueRecordings(db)
  for (const part of parts) if (part.early !== true) files.push(...(await copyPart(part, folder, recipient)))
  const marks = await Promise.all(
    volumes.map(async (volume) => [volume, (await marksOf(db, volume)).at(-1)] as const),
  )
  const sealed = due.filter(({ file }) => file.endsWith(sealedEnd))
  const missing = [...missingIn(files, sealed), ...(await missingEvidence(files, settings, db))]
  const manifest: Manifest = {
    format: 2,
    madeAt,
    postgresql,
    rolePrefix,
    migrations: [...migrations],
    calls,
    recordings: files.filter(({ path }) => path.startsWith('recordings/')).length,
    missing,
    volumes: Object.fromEntries(marks.filter(([, mark]) => mark !== undefined)) as Record<string, string>,
    encrypted: recipient !== null,
    settings: externalSettings(env, true),
    files,
  }
  const digest = await writeManifest(folder, manifest)
  tell(folder, manifest, digest, due.length - sealed.length, settings)
  if (missing.length > 0) return 1
  const done: Upkeep['backup'] = { at: madeAt, folder, digest, encrypted: recipient !== null }
  await writePrivate(upkeepFile(settings.paths.upkeep, 'backup'), `${JSON.stringify(done)}\n`)
  return 0
}

function tell(
  folder: string,
  { calls, recordings, files, missing, encrypted }: Manifest,
  digest: string,
  plain: number,
  { paths }: Settings,
): void {
  for (const file of missing.slice(0, namedMax))
    say(`! The ledger names what is not there, or is cut off: ${file}`)
  if (missing.length > namedMax) say(`! … and ${missing.length - namedMax} more, named in the manifest.`)
  if (plain > 0) say(`! ${plain} recordings of an early version are not sealed; they are left out.`)
  const megabytes = (files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)
  const what = `${calls} calls, ${recordings} recordings, ${files.length} files, ${megabytes} MB`
  say(
    missing.length === 0
      ? `Backed up to ${folder}: ${what}.`
      : `INCOMPLETE backup in ${folder}: ${what}; missing: ${missing.length}. It does not count as a good copy.`,
  )
  if (encrypted !== true)
    say(
      '! The database and the CEL are in it in plain, with names and numbers of citizens: set BACKUP_RECIPIENT (docs/guides/backup.md).',
    )
  say(`Note this elsewhere, SHA-256 of its manifest: ${digest}`)
  say(`Not in it, to be kept apart: ${paths.secrets} and, by \`linia backup keys\`, the recordings' keys.`)
}

async function copyPart(part: Part, folder: string, recipient: string | null): Promise<readonly KeptFile[]> {
  return step(`Copying ${part.name}`, say, () => copyFiles(part, folder, recipient))
}

async function copyFiles(part: Part, folder: string, recipient: string | null): Promise<readonly KeptFile[]> {
  const copied: KeptFile[] = []
  const isEncrypted = part.personal === true && recipient !== null
  for (const path of await filesOf(part)) {
    const name = `${part.name}/${path}${isEncrypted ? encryptedEnd : ''}`
    try {
      const from = join(part.folder, path)
      const written = await copyFile(from, join(folder, name), isEncrypted ? recipient : null)
      copied.push({ path: name, ...written })
    } catch (error) {
      // Retention deletes recordings, and CEL is rotated, while they are copied.
      if (!isMissing(error)) throw error
      await rm(join(folder, name), { force: true })
    }
  }
  return copied
}

/** A recording that is shorter than the ledger says is as good as missing. */
function missingIn(
  files: readonly KeptFile[],
  due: readonly { readonly file: string; readonly bytes: number }[],
): string[] {
  const bytesOf = new Map(files.map(({ path, bytes }) => [path, bytes]))
  return due
    .filter(({ file, bytes }) => (bytesOf.get(`recordings/${file}`) ?? 0) < sealedBytesOf(bytes))
    .map(({ file }) => file)
}

async function missingEvidence(
  files: readonly KeptFile[],
  { given }: Settings,
  db: Database,
): Promise<string[]> {
  const now = Date.now()
  const has = (part: string) => files.some(({ path }) => path.startsWith(`${part}/`))
  const missing: string[] = []
  if (!holdsHeads(files) && (await expectsHeads(db, now))) missing.push('the journal’s signed heads')
  if (given.ari === null && !has('cel') && (await expectsCel(db, now))) missing.push('Asterisk’s CEL')
  return missing
}

async function newFolder(folder: string): Promise<void> {
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new UserError(`${folder} is not empty. A backup needs a folder of its own.`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
}

/** Removes an interrupted backup, which could be mistaken for a complete one. */
async function empty(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true })
}
