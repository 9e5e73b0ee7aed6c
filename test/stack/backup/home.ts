/** A system for the tests of backup and restore: its folders, its ledger, and recordings with their keys. */
import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sql } from 'kysely'
import type { Test } from 'tap'
import { readSettings } from '../../../src/config.ts'
import { openDatabase, type Database } from '../../../src/ledger/database.ts'
import { migrate, urlWithLogin } from '../../../src/ledger/migrate.ts'
import { makeKey } from '../../../src/ledger/recordings/keys.ts'
import { sealFile } from '../../../src/ledger/recordings/sealed-file.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { settleVolumes } from '../../../src/stack/backup/volumes.ts'
import { quiet } from '../../../src/stack/terminal.ts'
import { emptyDatabase, openTestDatabase } from '../../support/postgres.ts'
import { fileScope } from '../../support/run/scope.ts'
import { command, isRoot, type Ended, type Environment } from '../programs.ts'

const passwords = { appPassword: 'of-the-application', retentionPassword: 'of-retention' }
/** A past day, so that a run of retention may have ended its recordings. */
export const dayOfCalls = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)
export const fileOf = (name: string): string => `done/${dayOfCalls}/${name}.mp3.sealed`

export interface Home {
  readonly env: Environment
  readonly dir: string
  readonly adminUrl: string
  /** With which the names of the database's roles begin. */
  readonly name: string
  readonly keys: string
  readonly recordings: string
  readonly db: Database
}

const databaseAt = (url: string, database: string): string => {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

interface Migrated {
  readonly adminUrl: string
  readonly name: string
}

const migrated = new WeakMap<object, Promise<Migrated>>()

/** The database of which all homes of a file are copies. Its roles are the file's own: a restore changes their passwords. */
function template(): Promise<Migrated> {
  const file = fileScope()
  const known = migrated.get(file) ?? migratedFor(file)
  migrated.set(file, known)
  return known
}

async function migratedFor(file: ReturnType<typeof fileScope>): Promise<Migrated> {
  const empty = await emptyDatabase(file)
  await migrate({ adminUrl: empty.adminUrl, ...passwords })
  return empty
}

/** The superuser's URL of a copy, which is dropped with the test. */
async function copyOf(t: Test, { adminUrl, name }: Migrated): Promise<string> {
  const copy = `t${randomBytes(6).toString('hex')}`
  const asAdmin = async (work: (admin: Database) => Promise<unknown>): Promise<void> => {
    const url = databaseAt(adminUrl, 'postgres')
    const admin = openDatabase({
      url,
      connectionsMax: 1,
      connectTimeoutMs: 20_000,
      statementTimeoutMs: 60_000,
    })
    await work(admin)
    await admin.destroy()
  }
  await asAdmin((admin) =>
    sql`create database ${sql.id(copy)} template ${sql.id(name)} strategy file_copy`.execute(admin),
  )
  t.teardown(() =>
    asAdmin((admin) => sql`drop database if exists ${sql.id(copy)} with (force)`.execute(admin)),
  )
  return databaseAt(adminUrl, copy)
}

/** A system that has started once: an account, marked volumes, CEL; keys and recordings on places of their own. */
export async function home(t: Test): Promise<Home> {
  const dir = mkdtempSync(join(tmpdir(), 'linia-home-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const made = await template()
  const { name } = made
  const adminUrl = await copyOf(t, made)
  const appUrl = urlWithLogin(adminUrl, `${name}_app`, passwords.appPassword)
  const [folder, keys, recordings] = [join(dir, 'var'), join(dir, 'keys'), join(dir, 'recordings')]
  const env = {
    VAR_DIR: folder,
    RECORDING_KEYS: keys,
    RECORDINGS_DIR: recordings,
    DATABASE_URL: appUrl,
    DATABASE_ADMIN_URL: adminUrl,
  }
  const db = openTestDatabase(appUrl)
  t.teardown(() => db.destroy())
  const person = { username: 'ana', name: 'Ana Pop', employer: 'Primăria', roles: ['agent' as const] }
  await addAccount(db, { ...person, password: 'o parolă lungă' })
  await settleVolumes(db, readSettings(env), 'first start', quiet)
  writeFileSync(join(folder, 'asterisk/log/cel.csv'), 'a call of 0722000961\n')
  writeFileSync(join(folder, 'asterisk/log/full'), 'no evidence')
  return { env, dir, adminUrl, name, keys, recordings, db }
}

/** A recording with its key, file and row. */
export async function record(from: Home, name: string): Promise<void> {
  const key = await makeKey(from.keys, fileOf(name))
  const file = join(from.recordings, fileOf(name))
  mkdirSync(dirname(file), { recursive: true })
  const audio = join(from.dir, 'audio.mp3')
  writeFileSync(audio, 'mp3')
  await sealFile(audio, file, key)
  rmSync(audio)
  await nameRecording(from, name)
}

/** The ledger's row alone. */
export async function nameRecording({ db }: Home, name: string): Promise<void> {
  await sql`insert into recordings (call, file, bytes, sha256, duration_ms, tracks, spans, gaps, waveform)
    values (${`pbx1-${name}`}, ${fileOf(name)}, 3, ${'0'.repeat(64)}, 1, '{caller}', '[]', '[]', '{}')`.execute(
    db,
  )
}

export const linia = (env: Environment, ...args: string[]): Promise<Ended> =>
  command(env, ['commands/cli.ts', ...args])

/** A good backup, and the digest that it printed. */
export async function backedUp(t: Test, from: Home, env: Environment = from.env) {
  const backup = join(from.dir, 'copy')
  const result = await linia(env, 'backup', backup)
  t.match(result, { code: 0, output: /^Backed up to /m })
  return { backup, output: result.output, digest: digestIn(result.output) }
}

export const digestIn = (output: string): string =>
  /^Note this elsewhere, SHA-256 of its manifest: ([0-9a-f]{64})$/m.exec(output)?.[1] ?? ''

/** Another machine: other folders, and an empty database with the same names of roles. */
export async function elsewhere(
  t: Test,
  from: Home,
): Promise<Pick<Home, 'env' | 'dir' | 'adminUrl' | 'name'>> {
  const { adminUrl, name } = await emptyDatabase(t)
  const url = new URL(from.env['DATABASE_URL'] ?? '')
  url.pathname = `/${name}`
  const dir = mkdtempSync(join(tmpdir(), 'linia-elsewhere-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  const env = { VAR_DIR: join(dir, 'var'), DATABASE_URL: url.href, DATABASE_ADMIN_URL: adminUrl }
  return { env, dir, adminUrl, name }
}

/** A restore by root hands the folder to the user `linia`; the commands of a test go on as root. */
export function stayRoot({ VAR_DIR: folder = '' }: Environment): void {
  if (isRoot) chownSync(folder, 0, 0)
}
