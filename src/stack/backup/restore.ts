/** `linia restore DIR`: restores a backup into a system that can take calls again. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Settings } from '../../config.ts'
import { sealedEnd } from '../../ledger/recordings/sealed-file.ts'
import { migrate, migrationNames } from '../../ledger/migrate.ts'
import { markFile, markIn } from '../../ledger/volumes/volume.ts'
import { unlessMissing } from '../../missing-file.ts'
import { onDisk, writableFolder, writePrivate } from '../files.ts'
import { loginOf, whyNoDatabase } from '../services/external-services.ts'
import { lockHolder, releaseLock, takeLock } from '../lock.ts'
import { postgresqlVersions } from '../install/packages.ts'
import { handEach, handToAccount, isRoot } from '../privileges/unprivileged.ts'
import { choosePorts } from '../services/ports.ts'
import { ensureDatabase, postgresService, superuser } from '../services/postgres.ts'
import { say, step, UserError } from '../terminal.ts'
import { loadSecrets, type Secrets } from '../secrets.ts'
import { isEmpty } from './dump.ts'
import { encryptedEnd, readPlain, requireAge, writeFrom } from './encryption.ts'
import { copyWithoutManifest } from './keys-without-manifest.ts'
import { copyToRestore, restsBeside, type Copy } from './keys.ts'
import { loadRows } from './load.ts'
import { checkFiles, copyFile, dumpName, readManifest, type Manifest } from './manifest.ts'
import { filesOf, inTheWay, restoredParts, staysInVolume } from './parts.ts'
import { newAside, putAside } from './put-aside.ts'
import { orderOf, type Order } from './restore-order.ts'
import { journalRestore, markRestored, verifyRestored } from './restored.ts'
import { beginRestore, endRestore } from './unfinished-restore.ts'
import { folderOf, markedVolumes } from './volumes.ts'

export async function restore(settings: Settings, args: readonly string[]): Promise<number> {
  const order = orderOf(args)
  const { paths } = settings
  const manifest = await onDisk(order.folder, () => readManifest(order.folder, order.digest))
  await step('Checking the backup', say, () => onDisk(order.folder, () => checkFiles(order.folder, manifest)))
  if ((await lockHolder(paths.var)) !== null)
    throw new UserError('Linia is running here. Stop it first: make stop')
  await writableFolder(paths.var)
  if ((await takeLock(paths.var, { url: 'a restore', ledger: 'private' })) !== null)
    throw new UserError('Linia has just been started here. Stop it first: make stop')
  try {
    const keys = await checkTarget(settings, order, manifest)
    const aside = newAside()
    const before = await beginRestore(paths, order.folder, aside)
    await putAside(paths, await replacedBy(settings, order, manifest, keys), aside, say)
    for (const name of before)
      say(`What an unfinished restore found here, if anything, lies in the folders *${name}.`)
    await bringSecrets(settings, order)
    await bringFiles(settings, order, manifest)
    if (keys !== null) await bringKeys(settings, keys)
    await bringDatabase(settings, order, manifest, keys)
    if (isRoot()) await handOver(settings)
    await endRestore(paths)
  } finally {
    await releaseLock(paths.var)
  }
  tell(order, manifest)
  return 0
}

/** Checks everything before anything is changed. Returns the copy of keys to be restored. */
async function checkTarget(settings: Settings, order: Order, manifest: Manifest): Promise<Copy | null> {
  const { given } = settings
  const isPrivate = given.databaseUrl === null
  const found = await inTheWay(settings)
  if (found.length > 0 && !order.replace)
    throw new UserError(
      `There is another system's data here: ${found.join(', ')}.\n` +
        'To put it aside (nothing is deleted) and restore: linia restore <backup> … --replace',
    )
  for (const folder of volumesOf(settings)) await wouldBeWritable(folder)
  if (order.secrets !== null) await checkSecrets(order.secrets)
  checkIdentity(order, manifest)
  const keys = await checkKeys(settings, order, manifest)
  const known = await migrationNames()
  const newer = manifest.migrations.filter((name) => !known.has(name))
  if (newer.length > 0)
    throw new UserError(`The backup was made by a newer Linia, which has also: ${newer.join(', ')}.`)
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
    return keys
  }
  const why = await whyNoDatabase('DATABASE_ADMIN_URL', given.databaseAdminUrl, false)
  if (why !== null) throw new UserError(why)
  // The content of a given database is never put aside, not even with --replace.
  if (!(await isEmpty(given.databaseAdminUrl)))
    throw new UserError('The database of DATABASE_ADMIN_URL is not empty. Make a new one, and name that.')
  return keys
}

async function checkSecrets(file: string): Promise<void> {
  const text = await onDisk(file, () => readFile(file, 'utf8').catch(unlessMissing))
  try {
    const value: unknown = JSON.parse(text ?? '')
    if (typeof value === 'object' && value !== null && 'phones' in value) return
  } catch {
    // Reported below.
  }
  throw new UserError(`${file} is no secrets.json of Linia.`)
}

function checkIdentity({ identity }: Order, { encrypted }: Manifest): void {
  if (encrypted !== true) return
  requireAge()
  if (identity === null)
    throw new UserError('The backup is encrypted. Say where its private key is: --identity <file>')
  if (!existsSync(identity)) throw new UserError(`There is no file ${identity}.`)
}

/** The keys come from a copy, or are at the target already, or are given up expressly. */
async function checkKeys(settings: Settings, order: Order, manifest: Manifest): Promise<Copy | null> {
  const folder = settings.paths.recordingKeys
  const there = (await markIn(folder, 'keys'))?.mark ?? null
  const refuseOthers = async (copy: Copy | null) => {
    if (!order.replace && (await holdsOthersKeys(settings, manifest, copy)))
      throw new UserError(
        `${folder} holds another system’s keys, or the mark of its volume alone. Name another folder with RECORDING_KEYS.\n` +
          '  To put it aside (nothing is deleted) and restore: linia restore <backup> … --replace',
      )
  }
  const wanted = manifest.volumes?.['keys'] ?? null
  if (order.keys === null) {
    const sealed = manifest.files.filter(({ path }) => path.endsWith(sealedEnd)).length
    if (sealed > 0 && (there === null || there !== wanted) && !order.withoutKeys)
      throw new UserError(
        `${folder} does not hold the keys of the ${sealed} recordings of this backup. Say where their copies are: --keys <folder>\n` +
          '  Where there is no copy any more, so that nobody will hear them again: --without-keys',
      )
    await refuseOthers(null)
    return null
  }
  const copy =
    (await copyWithoutManifest(order.keys, { folder: order.folder, manifest })) ??
    (await copyToRestore(order.keys))
  if (wanted !== null && copy.manifest.mark !== wanted)
    throw new UserError(`${copy.folder} holds the keys of another system than this backup.`)
  await refuseOthers(copy)
  return copy
}

/**
 * Whether the folder of the keys is the volume of another system than the backup's: a first start has marked it, even
 * where no key was made. A volume that a person has declared new is nobody's until keys are brought.
 */
async function holdsOthersKeys({ paths }: Settings, manifest: Manifest, copy: Copy | null): Promise<boolean> {
  const there = await markIn(paths.recordingKeys, 'keys')
  if (there === null || (copy === null && there.declared !== null)) return false
  return there.mark !== (copy?.manifest.mark ?? manifest.volumes?.['keys'])
}

/** Paths of another system’s data, and of the secrets that `--secrets` replaces. */
async function replacedBy(
  settings: Settings,
  { secrets }: Order,
  manifest: Manifest,
  keys: Copy | null,
): Promise<readonly string[]> {
  const { paths } = settings
  return [
    ...(await inTheWay(settings)),
    ...((await holdsOthersKeys(settings, manifest, keys)) ? [paths.recordingKeys] : []),
    ...(secrets !== null && existsSync(paths.secrets) ? [paths.secrets] : []),
  ]
}

/** Folders to be restored that may be mounts of their own, which lie anywhere. */
function volumesOf(settings: Settings): readonly string[] {
  return markedVolumes(settings).map((volume) => folderOf(volume, settings))
}

/** Makes no folder: nothing may have changed when the restore is refused. @throws {UserError} */
async function wouldBeWritable(folder: string): Promise<void> {
  let there = folder
  while (!existsSync(there)) there = dirname(there)
  const purpose = there === folder ? 'a folder to be restored' : `where ${folder} is to be restored`
  await writableFolder(there, purpose)
}

/** To the user that Linia runs as. CEL outside VAR_DIR may share its folder with the logs of other programs. */
async function handOver(settings: Settings): Promise<void> {
  const { paths } = settings
  const cel = dirname(paths.cel)
  const isOurs = (folder: string) => folder !== cel || cel.startsWith(paths.var + sep)
  const folders = volumesOf(settings).filter((folder) => existsSync(folder))
  await handToAccount(paths.var, folders.filter(isOurs))
  if (folders.every(isOurs)) return
  const part = restoredParts(settings).find(({ name }) => name === 'cel')
  const restored = part === undefined ? [] : await filesOf(part)
  const own = [...restored, markFile].filter((name) => existsSync(join(cel, name)))
  const isAlone = (await readdir(cel)).every((name) => own.includes(name) || staysInVolume(name))
  await handEach([...(isAlone ? [cel] : []), ...own.map((name) => join(cel, name))])
}

async function bringSecrets({ paths }: Settings, { secrets }: Order): Promise<void> {
  if (secrets !== null) await writePrivate(paths.secrets, await readFile(secrets, 'utf8'))
}

async function bringDatabase(
  settings: Settings,
  order: Order,
  manifest: Manifest,
  keys: Copy | null,
): Promise<void> {
  const secrets = await loadSecrets(settings.paths.secrets)
  const { databaseAdminUrl } = settings.given
  const fill = async (adminUrl: string) => {
    const load = () => fillDatabase(settings, adminUrl, secrets, order, manifest)
    const appUrl = await step('Restoring the database', say, load)
    await markRestored(settings, appUrl, { manifest, keys })
    await step('Verifying the journal', say, () =>
      verifyRestored(settings, appUrl, { order, manifest, secrets }),
    )
    await journalRestore(settings, appUrl, { manifest, secrets })
  }
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

/** Returns the application's login. */
async function fillDatabase(
  settings: Settings,
  adminUrl: string,
  secrets: Secrets,
  { folder, identity }: Order,
  manifest: Manifest,
): Promise<string> {
  const login = settings.given.databaseUrl === null ? null : loginOf(settings.given.databaseUrl)
  const roles = {
    adminUrl,
    appPassword: login?.password ?? secrets.databaseApp,
    retentionPassword: secrets.databaseRetention,
    rolePrefix: manifest.rolePrefix,
  }
  const { owner } = await migrate({ ...roles, only: manifest.migrations })
  const isEncrypted = manifest.encrypted === true
  await loadRows(adminUrl, owner, {
    file: join(folder, isEncrypted ? `${dumpName}${encryptedEnd}` : dumpName),
    identity: isEncrypted ? identity : null,
  })
  // Migrations added since the version that made the backup.
  const { applied, appUrl } = await migrate(roles)
  if (applied.length > 0) say(`Migrated the database: ${applied.join(', ')}`)
  return appUrl
}

async function bringFiles(
  settings: Settings,
  { folder, identity }: Order,
  manifest: Manifest,
): Promise<void> {
  for (const part of restoredParts(settings)) {
    const own = manifest.files.filter(({ path }) => path.startsWith(`${part.name}/`))
    const isEncrypted = part.personal === true && manifest.encrypted === true
    for (const { path, sha256 } of own) {
      const from = join(folder, path)
      const to = join(part.folder, path.slice(part.name.length + 1))
      if (isEncrypted) await bringEncrypted(from, to.slice(0, -encryptedEnd.length), identity)
      else if ((await copyFile(from, to)).sha256 !== sha256)
        throw new UserError(`${path} was changed while it was restored.`)
    }
    if (own.length > 0) say(`Restored ${part.name}: ${own.length} files.`)
  }
  if (settings.given.ari !== null && manifest.files.some(({ path }) => path.startsWith('cel/')))
    say('The CEL of the backup is left out: the Asterisk here is the city’s own and writes its own.')
}

async function bringEncrypted(from: string, to: string, identity: string | null): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await readPlain(from, identity, async (plain) => void (await writeFrom(plain, to, null)))
}

async function bringKeys({ paths }: Settings, copy: Copy): Promise<void> {
  const { folder, manifest } = copy
  for (const { path } of manifest.files) await copyFile(join(folder, path), join(paths.recordingKeys, path))
  const complete =
    copy.tried === true ? 'a copy without a manifest, each key tried' : 'the newest complete copy'
  const incomplete = manifest.missing.length === 0 ? complete : 'an INCOMPLETE copy'
  say(
    `Restored ${manifest.files.length} keys of recordings from ${folder}, ${incomplete}, of ${manifest.madeAt}.`,
  )
  let more = 0
  for (const rest of await restsBeside(copy)) {
    const to = join(paths.recordingKeys, rest.split(sep).slice(1).join(sep))
    if (existsSync(to)) continue
    await copyFile(join(dirname(folder), rest), to)
    more += 1
  }
  if (more > 0) say(`Restored ${more} more from what older copies still hold.`)
}

function tell({ secrets, keys, withoutKeys }: Order, manifest: Manifest): void {
  say(`Restored: ${manifest.calls} calls, ${manifest.recordings} recordings, as of ${manifest.madeAt}.`)
  if (manifest.missing.length > 0)
    say(`! The backup was incomplete; it lacked: ${manifest.missing.slice(0, 10).join(', ')}`)
  if (secrets === null)
    say(
      'Without --secrets: if these are not the secrets of that system, desk phones have new passwords, everybody signs in again, and the journal’s heads are signed by another key.',
    )
  if (keys === null && withoutKeys) say('Without keys: the restored recordings cannot be heard.')
  const given = Object.entries(manifest.settings).map(([name, value]) => `${name}=${value}`)
  if (given.length > 0) say(`It ran with these settings: ${given.join(' ')}`)
  say('Start it with: make run')
}
