/**
 * `use <pid>-<n>` starts the test cluster if it does not run and prints its superuser's URL; `leave <pid>-<n>`
 * stops it when no living process uses it any more. Run under a file lock by `postgres.ts`.
 */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import path from 'node:path'
import { identityFor } from '../../src/stack/postgres.ts'

const home = path.join(import.meta.dirname, '../../var/test/postgres')
const dataFolder = path.join(home, 'data')
const users = path.join(home, 'users')
const urlFile = path.join(home, 'url')

/** PostgreSQL refuses to run as root: how to be somebody who may also enter this folder. */
const identity = await identityFor(home)

const [command, user] = process.argv.slice(2)
if (user === undefined) throw new Error('usage: postgres-cluster.ts use|leave PID-N')
mkdirSync(users, { recursive: true })
forgetTheDead()
if (command === 'use') {
  writeFileSync(path.join(users, user), '', { flag: 'a' })
  if (!isRunning()) await start()
  process.stdout.write(readFileSync(urlFile, 'utf8'))
} else {
  rmSync(path.join(users, user), { force: true })
  if (readdirSync(users).length === 0 && isRunning()) control('stop', '-m', 'fast')
}

function forgetTheDead(): void {
  for (const user of readdirSync(users)) {
    const pid = user.split('-')[0]
    if (!existsSync(`/proc/${pid}`)) rmSync(path.join(users, user), { force: true })
  }
}

function isRunning(): boolean {
  if (!existsSync(path.join(dataFolder, 'postmaster.pid'))) return false
  try {
    control('status')
    return true
  } catch {
    // Status 3 or 4: not running, or a pid file left behind.
    return false
  }
}

async function start(): Promise<void> {
  const port = await freePort()
  if (!existsSync(path.join(dataFolder, 'PG_VERSION'))) create()
  const password = readFileSync(path.join(home, 'password'), 'utf8').trim()
  const settings = [
    `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=`,
    // Tests may lose their data in a power cut.
    '-c fsync=off -c synchronous_commit=off -c full_page_writes=off',
    '-c max_connections=200 -c shared_buffers=64MB -c log_min_messages=fatal',
  ].join(' ')
  control('start', '-w', '-t', '30', '-l', path.join(dataFolder, 'server.log'), '-o', settings)
  writeFileSync(urlFile, `postgresql://admin:${password}@127.0.0.1:${port}/postgres\n`, { mode: 0o600 })
}

function create(): void {
  rmSync(dataFolder, { recursive: true, force: true })
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const passwordFile = path.join(home, 'password')
  writeFileSync(passwordFile, randomBytes(18).toString('hex'), { mode: 0o600 })
  const user = identity[1]
  if (user !== undefined) execFileSync('chown', [`${user}:`, dataFolder, passwordFile])
  runAs(
    'initdb',
    '-D',
    dataFolder,
    '-U',
    'admin',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  )
}

function control(...args: string[]): void {
  runAs('pg_ctl', '-D', dataFolder, ...args)
}

function runAs(program: string, ...args: string[]): void {
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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port to listen on')
  return address.port
}
