/**
 * `use <pid>-<n>` starts the test cluster if it does not run and prints its superuser's URL; `leave <pid>-<n>`
 * stops it when no living process uses it any more; `keep <pid>-<n>` keeps the databases that it has now for its next
 * start. Run under a file lock by `postgres.ts`.
 *
 * It runs on a copy in memory, if there is room: a database has a thousand files, and some disks take a second of
 * processor to make so many.
 */
import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '../../src/stack/services/ports.ts'
import { identityFor } from '../../src/stack/services/postgres.ts'
import { hasRoomInMemory, sharedMemory } from './memory-folder.ts'
import { until } from './until.ts'

const home = path.join(import.meta.dirname, '../../var/test/postgres')
const keptData = path.join(home, 'data')
/** Of this tree. */
const digest = createHash('sha256').update(home).digest('hex').slice(0, 12)
const dataInMemory = path.join(sharedMemory, `linia-test-postgres-${digest}`)
/** There when the copy in memory has a database that is to be kept. */
const keepFile = path.join(home, 'keep')
const users = path.join(home, 'users')
const urlFile = path.join(home, 'url')

const [command, user] = process.argv.slice(2)
if (user === undefined) throw new Error('usage: postgres-cluster.ts use|leave PID-N')
mkdirSync(users, { recursive: true })
removeDeadUsers()
if (command === 'use') {
  writeFileSync(path.join(users, user), '', { flag: 'a' })
  if (!isRunning()) await start()
  process.stdout.write(readFileSync(urlFile, 'utf8'))
} else if (command === 'keep') {
  writeFileSync(keepFile, '')
} else {
  rmSync(path.join(users, user), { force: true })
  if (readdirSync(users).length === 0) await stop()
}

function removeDeadUsers(): void {
  for (const user of readdirSync(users)) {
    const pid = user.split('-')[0]
    if (!existsSync(`/proc/${pid}`)) rmSync(path.join(users, user), { force: true })
  }
}

function isRunning(): boolean {
  return [dataInMemory, keptData].some((folder) => serverPid(folder) !== null)
}

/** The process of the server that has this data, or null when none runs. */
function serverPid(dataFolder: string): number | null {
  try {
    const [pid] = readFileSync(path.join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')
    return readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('postgres') ? Number(pid) : null
  } catch {
    // No pid file, or a stale one.
    return null
  }
}

async function stop(): Promise<void> {
  for (const folder of [dataInMemory, keptData]) {
    const pid = serverPid(folder)
    if (pid === null) continue
    // PostgreSQL's fast shutdown.
    process.kill(pid, 'SIGINT')
    await until(() => serverPid(folder) === null)
  }
  if (existsSync(keepFile) && existsSync(dataInMemory)) {
    const making = `${keptData}.making`
    copyData(dataInMemory, making)
    rmSync(keptData, { recursive: true, force: true })
    renameSync(making, keptData)
  }
  rmSync(keepFile, { force: true })
  rmSync(dataInMemory, { recursive: true, force: true })
}

/** With owners and modes, which PostgreSQL checks. */
function copyData(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  execFileSync('cp', ['-a', from, to])
}

async function start(): Promise<void> {
  // PostgreSQL refuses to run as root. `identityFor` may give the folder to another user, so it must not be called
  // while a server runs there.
  const identity = await identityFor(home)
  const port = await freePort('127.0.0.1')
  if (!existsSync(path.join(keptData, 'PG_VERSION'))) create(identity)
  const dataFolder = hasRoomInMemory() ? dataInMemory : keptData
  if (dataFolder !== keptData) copyData(keptData, dataFolder)
  const password = readFileSync(path.join(home, 'password'), 'utf8').trim()
  const settings = [
    `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=`,
    // Durability is not needed for tests.
    '-c fsync=off -c synchronous_commit=off -c full_page_writes=off',
    '-c max_connections=200 -c shared_buffers=64MB -c log_min_messages=fatal',
  ].join(' ')
  const serverLog = path.join(dataFolder, 'server.log')
  runAs(identity, 'pg_ctl', '-D', dataFolder, 'start', '-w', '-t', '30', '-l', serverLog, '-o', settings)
  writeFileSync(urlFile, `postgresql://admin:${password}@127.0.0.1:${port}/postgres\n`, { mode: 0o600 })
}

function create(identity: readonly string[]): void {
  // Renamed when complete: initdb writes PG_VERSION first.
  const making = `${keptData}.making`
  for (const left of [making, keptData]) rmSync(left, { recursive: true, force: true })
  mkdirSync(making, { recursive: true, mode: 0o700 })
  const passwordFile = path.join(home, 'password')
  writeFileSync(passwordFile, randomBytes(18).toString('hex'), { mode: 0o600 })
  const user = identity[1]
  if (user !== undefined) execFileSync('chown', [`${user}:`, making, passwordFile])
  runAs(
    identity,
    'initdb',
    '-D',
    making,
    '-U',
    'admin',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  )
  renameSync(making, keptData)
}

/** `identity`: options of `setpriv`. */
function runAs(identity: readonly string[], program: string, ...args: string[]): void {
  execFileSync('setpriv', [...identity, '--', path.join(newestBin(), program), ...args], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function newestBin(): string {
  const versions = readdirSync('/usr/lib/postgresql').map(Number).filter(Number.isInteger)
  if (versions.length === 0) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  return `/usr/lib/postgresql/${Math.max(...versions)}/bin`
}
