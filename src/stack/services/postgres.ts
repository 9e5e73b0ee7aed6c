/** The private PostgreSQL: on a loopback port, data under `var/`, never as root. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import { findProgram, must, runCommand } from '../command.ts'
import { writePrivate } from '../files.ts'
import { postgresqlBin, postgresqlVersions } from '../install/packages.ts'
import { answersText } from './probes.ts'
import { UserError } from '../terminal.ts'
import { Service } from './service.ts'

export interface PostgresOptions {
  /** Holds data and log. */
  readonly dir: string
  readonly port: number
  readonly logFile: string
  /** Password of the superuser `linia`. */
  readonly password: string
  /** For tests: faster, without durability. */
  readonly careless?: boolean
  readonly onSpawn?: (pid: number) => void
  readonly onChange?: (line: string) => void
}

export const superuser = 'linia'

export async function postgresService(options: PostgresOptions): Promise<Service> {
  const data = join(options.dir, 'data')
  const identity = await identityFor(options.dir)
  const version = await versionFor(data)
  const bin = postgresqlBin(version)
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(options, data, bin, identity)
  await configure(options, data, identity)
  return new Service({
    name: `the ledger (PostgreSQL ${version})`,
    command: join(bin, 'postgres'),
    args: ['-D', data],
    logFile: options.logFile,
    identity,
    reach: { reads: [], writes: [options.dir] },
    // Fast shutdown; SIGTERM would wait for every client to disconnect.
    stopSignal: 'SIGINT',
    stopWithinMs: 20_000,
    readyWithinMs: 60_000,
    probe: () => answersText({ host: '127.0.0.1', port: options.port }, startup(), /^R/),
    ...(options.onSpawn === undefined ? {} : { onSpawn: options.onSpawn }),
    ...(options.onChange === undefined ? {} : { onChange: options.onChange }),
  })
}

/**
 * Start of a session up to the request for a password (`R`), which PostgreSQL sends only when it accepts connections.
 * Disconnecting at this point is not logged as an error.
 */
function startup(): Buffer {
  const parameters = Buffer.from(`user\0${superuser}\0database\0postgres\0\0`)
  const head = Buffer.alloc(8)
  head.writeInt32BE(head.length + parameters.length, 0)
  // Protocol 3.0.
  head.writeInt32BE(3 << 16, 4)
  return Buffer.concat([head, parameters])
}

/** A data directory can be served only by the major version that created it. */
async function versionFor(data: string): Promise<number> {
  const installed = postgresqlVersions()
  const highest = installed[0]
  if (highest === undefined)
    throw new UserError('PostgreSQL is missing. Run: sudo apt-get install postgresql')
  const mark = join(data, 'PG_VERSION')
  if (!existsSync(mark)) return highest
  const made = Number((await readFile(mark, 'utf8')).trim())
  if (installed.includes(made)) return made
  throw new UserError(
    `The data in ${data} were made by PostgreSQL ${made}, and installed is ${installed.join(', ')}. ` +
      `Run: sudo apt-get install postgresql-${made} — or remove all data with: make clean`,
  )
}

async function initialise(
  options: PostgresOptions,
  data: string,
  bin: string,
  identity: readonly string[],
): Promise<void> {
  // Created beside and then renamed, because initdb writes PG_VERSION long before the cluster is complete.
  const making = `${data}.making`
  for (const left of [making, data]) await rm(left, { recursive: true, force: true })
  const passwordFile = join(options.dir, 'password')
  await writePrivate(passwordFile, `${options.password}\n`)
  await own(passwordFile, identity)
  try {
    const args = ['-D', making, '-U', superuser, '--pwfile', passwordFile, '--auth', 'scram-sha-256']
    const as = [...identity, '--', join(bin, 'initdb'), ...args, '--encoding', 'UTF8', '--locale', 'C.UTF-8']
    await must('Making the database', 'setpriv', options.careless === true ? [...as, '--no-sync'] : as, {
      cwd: options.dir,
    })
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(making, data)
}

async function configure(options: PostgresOptions, data: string, identity: readonly string[]): Promise<void> {
  const settings = {
    listen_addresses: "'127.0.0.1'",
    port: String(options.port),
    // The path of a Unix socket is limited to 107 bytes, which a deep checkout exceeds.
    unix_socket_directories: "''",
    max_connections: '200',
    shared_buffers: "'64MB'",
    timezone: "'UTC'",
    log_timezone: "'UTC'",
    log_line_prefix: "'%m [%p] '",
    ...(options.careless === true
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: "'256MB'" }
      : {}),
  }
  const file = join(data, 'postgresql.auto.conf')
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`)
  await writeFile(file, lines.join(''), { mode: 0o600 })
  await own(file, identity)
}

/**
 * While the private PostgreSQL is stopped, in its single-user mode, which needs no password: a repetition succeeds also
 * where the old password is lost. Without a database yet there is nothing to do.
 */
export async function setSuperuserPassword(dir: string, password: string): Promise<void> {
  const data = join(dir, 'data')
  if (!existsSync(join(data, 'PG_VERSION'))) return
  const identity = await identityFor(dir)
  const postgres = join(postgresqlBin(await versionFor(data)), 'postgres')
  const single = [...identity, '--', postgres, '--single', '-D', data, 'postgres']
  const statement = `alter role ${superuser} password '${password}'\n`
  const { status, stderr } = spawnSync('setpriv', single, { input: statement, encoding: 'utf8', cwd: dir })
  if (status !== 0 || /ERROR|FATAL/.test(stderr))
    throw new UserError(`PostgreSQL did not take the new password. ${stderr.replaceAll(password, '…')}`)
}

/** Creates the database if missing; returns its URL. */
export async function ensureDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new Client({ connectionString: `${serverUrl}postgres` })
  await client.connect()
  try {
    const found = await client.query('select from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  } finally {
    await client.end()
  }
  return `${serverUrl}${name}`
}

/**
 * PostgreSQL refuses to run as root. Under root it runs as `postgres`; where that user may not enter the checkout's
 * folder (such as root's home), it gets the one capability needed to traverse it. Returns options of `setpriv`; creates
 * the folder, owned by that user.
 */
export async function identityFor(dir: string): Promise<readonly string[]> {
  await mkdir(dir, { recursive: true })
  if (process.getuid?.() !== 0) {
    await chmod(dir, 0o700)
    return []
  }
  const user = await unprivilegedUser()
  const as = ['--reuid', user, '--regid', user, '--clear-groups']
  await must('Handing the database’s folder over', 'chown', ['-R', `${user}:`, dir])
  await chmod(dir, 0o700)
  for (const capability of [null, 'dac_read_search', 'dac_override']) {
    const identity =
      capability === null ? as : [...as, '--inh-caps', `+${capability}`, '--ambient-caps', `+${capability}`]
    const enters = await runCommand('setpriv', [...identity, '--', 'sh', '-c', tryFolder, 'sh', dir])
    if (enters.code === 0) return identity
  }
  throw new UserError(
    `PostgreSQL does not run as root, and the user "${user}" may not enter ${dirname(dir)}. ` +
      'Put the checkout into a folder that everybody may enter, or run as an ordinary user.',
  )
}

// access(2), and so `test -w`, ignores capabilities; only an actual write shows the result.
const tryFolder = 'cd "$1" && : > .tried && rm .tried'

async function unprivilegedUser(): Promise<string> {
  for (const user of ['postgres', 'nobody']) {
    const known = await runCommand('id', ['-u', user])
    if (known.code === 0) return user
  }
  throw new UserError('PostgreSQL does not run as root, and there is no user "postgres" on this machine.')
}

async function own(file: string, identity: readonly string[]): Promise<void> {
  const user = identity[1]
  if (user !== undefined && findProgram('chown') !== null)
    await must('Handing a file over', 'chown', [`${user}:`, file])
}
