/** `linia restore DIR`: restores a backup into a system that can take calls again. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { headSigner } from '../../city/journal/checkpoint.ts'
import type { Settings } from '../../config.ts'
import { openDatabase } from '../../ledger/database.ts'
import { acceptRollback } from '../../ledger/journal/rollback.ts'
import { makeRoles, migrate } from '../../ledger/migrate.ts'
import { must } from '../command.ts'
import { writableFolder, writePrivate } from '../files.ts'
import { loginOf, whyNoDatabase } from '../services/external-services.ts'
import { lockHolder, releaseLock, takeLock } from '../lock.ts'
import { postgresqlVersions } from '../install/packages.ts'
import { choosePorts } from '../services/ports.ts'
import { ensureDatabase, postgresService, superuser } from '../services/postgres.ts'
import { say, step, UserError, userName } from '../terminal.ts'
import { loadSecrets, type Secrets } from '../secrets.ts'
import { isEmpty, restoreDatabase } from './dump.ts'
import { keysOf, newestKeys } from './keys.ts'
import { checkFiles, copyFile, dumpName, readManifest, type Manifest } from './manifest.ts'
import { filesOf, inTheWay, partsOf } from './parts.ts'

interface Order {
  readonly folder: string
  /** Data of another system at the target is put aside. */
  readonly replace: boolean
  /** The secrets of the system that was backed up; null: those at the target, or new ones. */
  readonly secrets: string | null
  /** The copy of the recordings' keys made by `linia backup keys`; null: the keys at the target. */
  readonly keys: string | null
}

export async function restore(settings: Settings, args: readonly string[]): Promise<number> {
  const order = orderOf(args)
  const { paths } = settings
  const manifest = await readManifest(order.folder)
  await step('Checking the backup', say, () => checkFiles(order.folder, manifest))
  if ((await lockHolder(paths.var)) !== null)
    throw new UserError('Linia is running here. Stop it first: make stop')
  await writableFolder(paths.var)
  if ((await takeLock(paths.var, { url: 'a restore', ledger: 'private' })) !== null)
    throw new UserError('Linia has just been started here. Stop it first: make stop')
  try {
    await checkTarget(settings, order, manifest)
    await putAside(settings, order)
    await bringSecrets(settings, order)
    await bringDatabase(settings, order, manifest)
    await bringFiles(settings, order, manifest)
    await bringKeys(settings, order)
    await handBack(settings)
  } finally {
    await releaseLock(paths.var)
  }
  tell(order, manifest)
  return 0
}

function orderOf(args: readonly string[]): Order {
  const rest = [...args]
  const replace = rest.includes('--replace')
  if (replace) rest.splice(rest.indexOf('--replace'), 1)
  const secrets = fileAfter(rest, '--secrets')
  const keys = fileAfter(rest, '--keys')
  const [folder = '', ...more] = rest
  if (folder === '' || more.length > 0)
    throw new UserError(
      'Say from where: linia restore <backup> [--secrets <file>] [--keys <folder>] [--replace]',
    )
  return { folder: resolve(folder), replace, secrets, keys }
}

function fileAfter(rest: string[], option: string): string | null {
  const at = rest.indexOf(option)
  if (at === -1) return null
  const [, file = ''] = rest.splice(at, 2)
  if (file === '') throw new UserError(`Say what comes after ${option}.`)
  return resolve(file)
}

/** Checks everything before anything is changed. */
async function checkTarget(settings: Settings, order: Order, manifest: Manifest): Promise<void> {
  const { given, paths } = settings
  const isPrivate = given.databaseUrl === null
  const found = await inTheWay(paths, isPrivate)
  if (found.length > 0 && !order.replace)
    throw new UserError(
      `There is another system's data here: ${found.join(', ')}.\n` +
        'To put it aside (nothing is deleted) and restore: linia restore <backup> --replace',
    )
  if (order.secrets !== null)
    checkSecrets(await readFile(order.secrets, 'utf8').catch(() => ''), order.secrets)
  const [newest = 0] = postgresqlVersions()
  if (isPrivate && newest < manifest.postgresql)
    throw new UserError(
      `The backup was made by PostgreSQL ${manifest.postgresql}. Run: sudo apt-get install postgresql-${manifest.postgresql}`,
    )
  const prefix = isPrivate ? 'linia' : (loginOf(given.databaseUrl ?? '')?.rolePrefix ?? '')
  if (prefix !== manifest.rolePrefix)
    throw new UserError(
      `The backup's database belongs to ${manifest.rolePrefix}_owner: set DATABASE_URL with the login ${manifest.rolePrefix}_app.`,
    )
  if (given.databaseAdminUrl === null) {
    if (!isPrivate) throw new UserError('Set DATABASE_ADMIN_URL too: its login makes the tables.')
    return
  }
  const why = await whyNoDatabase('DATABASE_ADMIN_URL', given.databaseAdminUrl, false)
  if (why !== null) throw new UserError(why)
  // The content of a given database is never put aside, not even with --replace.
  if (!(await isEmpty(given.databaseAdminUrl)))
    throw new UserError('The database of DATABASE_ADMIN_URL is not empty. Make a new one, and name that.')
}

function checkSecrets(text: string, file: string): void {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'phones' in value) return
  } catch {
    // Reported below.
  }
  throw new UserError(`${file} is no secrets.json of Linia.`)
}

/** Renames within the same file system: nothing is copied, nothing is lost. */
async function putAside({ paths, given }: Settings, { secrets }: Order): Promise<void> {
  const mark = `replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  const found = [
    ...(await inTheWay(paths, given.databaseUrl === null)),
    ...(secrets !== null && existsSync(paths.secrets) ? [paths.secrets] : []),
  ]
  for (const path of found) {
    const isOurs = path.startsWith(paths.var + sep)
    const aside = isOurs
      ? join(paths.var, mark, relative(paths.var, path))
      : join(dirname(path), `${basename(path)}.${mark}`)
    await mkdir(dirname(aside), { recursive: true, mode: 0o700 })
    await rename(path, aside)
    say(`Put aside: ${path} → ${aside}`)
  }
}

async function bringSecrets({ paths }: Settings, { secrets }: Order): Promise<void> {
  if (secrets !== null) await writePrivate(paths.secrets, await readFile(secrets, 'utf8'))
}

async function bringDatabase(settings: Settings, order: Order, manifest: Manifest): Promise<void> {
  const secrets = await loadSecrets(settings.paths.secrets)
  const { databaseAdminUrl } = settings.given
  const fill = (adminUrl: string) =>
    step('Restoring the database', say, () => fillDatabase(settings, adminUrl, secrets, order, manifest))
  if (databaseAdminUrl !== null) return fill(databaseAdminUrl)
  const ports = await choosePorts(join(settings.paths.var, 'ports.json'), settings.nodes)
  const port = ports.get('postgres') ?? 0
  const service = await postgresService({
    dir: join(settings.paths.var, 'postgres'),
    port,
    password: secrets.databaseAdmin,
    logFile: join(settings.paths.log, 'postgres.log'),
  })
  await service.start()
  try {
    const server = `postgres://${superuser}:${secrets.databaseAdmin}@127.0.0.1:${port}/`
    await fill(await ensureDatabase(server, 'linia'))
  } finally {
    await service.stop()
  }
}

async function fillDatabase(
  settings: Settings,
  adminUrl: string,
  secrets: Secrets,
  { folder }: Order,
  manifest: Manifest,
): Promise<void> {
  const login = settings.given.databaseUrl === null ? null : loginOf(settings.given.databaseUrl)
  const roles = {
    adminUrl,
    appPassword: login?.password ?? secrets.databaseApp,
    retentionPassword: secrets.databaseRetention,
    rolePrefix: manifest.rolePrefix,
  }
  // The dump refers to roles as owners and grantees, so these must exist before.
  await makeRoles(roles)
  await restoreDatabase(adminUrl, join(folder, dumpName))
  // Migrations added since the version that made the backup.
  const { applied } = await migrate(roles)
  if (applied.length > 0) say(`Migrated the database: ${applied.join(', ')}`)
  await journalRestore(settings, adminUrl, secrets, manifest)
}

/** The restored journal is older than what was anchored: this is on record, and the journal is signed again. */
async function journalRestore(
  { paths }: Settings,
  adminUrl: string,
  secrets: Secrets,
  { madeAt }: Manifest,
): Promise<void> {
  const { verifierKey } = headSigner(secrets.journal)
  const place = { folder: paths.anchor, own: paths.journal, verifierKey }
  const acceptance = { reason: `restored from the backup of ${madeAt}`, by: userName() }
  const db = openDatabase({ url: adminUrl, connectionsMax: 1 })
  try {
    await acceptRollback(db, place, { ...acceptance, always: true }, Date.now())
  } finally {
    await db.destroy()
  }
}

async function bringFiles({ paths }: Settings, { folder }: Order, { files }: Manifest): Promise<void> {
  for (const part of partsOf(paths)) {
    const own = files.filter(({ path }) => path.startsWith(`${part.name}/`))
    for (const { path, sha256 } of own) {
      const to = join(part.folder, path.slice(part.name.length + 1))
      const copied = await copyFile(join(folder, path), to)
      if (copied.sha256 !== sha256) throw new UserError(`${path} was changed while it was restored.`)
    }
    if (own.length > 0) say(`Restored ${part.name}: ${own.length} files.`)
  }
}

async function bringKeys(settings: Settings, { keys }: Order): Promise<void> {
  if (keys === null) return
  const from = await newestKeys(keys)
  const files = await filesOf({ ...keysOf(settings), folder: from })
  for (const path of files) await copyFile(join(from, path), join(settings.paths.recordingKeys, path))
  say(`Restored ${files.length} keys of recordings from ${from}.`)
}

/** After a restore by root the folder belongs to the user that Linia runs as. */
async function handBack({ paths }: Settings): Promise<void> {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = await stat(paths.var)
  if (uid === 0) return
  const parts = partsOf(paths).map(({ folder }) => folder)
  const restored = [join(paths.var, 'postgres'), paths.log, paths.recordingKeys, paths.journal, ...parts]
  for (const folder of restored.filter((one) => existsSync(one)))
    await must('Handing the restored files over', 'chown', ['-R', `${uid}:${gid}`, folder])
}

function tell({ secrets, keys }: Order, manifest: Manifest): void {
  say(
    `Restored: ${manifest.calls} calls, ${manifest.recordings - manifest.missing.length} recordings, as of ${manifest.madeAt}.`,
  )
  if (secrets === null)
    say(
      'Without --secrets: if these are not the secrets of that system, desk phones have new passwords, everybody signs in again, and the journal’s heads are signed by another key.',
    )
  if (keys === null) say('Without --keys: recordings whose keys are not here cannot be heard.')
  const given = Object.entries(manifest.settings).map(([name, value]) => `${name}=${value}`)
  if (given.length > 0) say(`It ran with these settings: ${given.join(' ')}`)
  say('Start it with: make run')
}
