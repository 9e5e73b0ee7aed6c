/**
 * A second computer on the city's network: a network namespace connected to this machine by a veth pair. Its Chromium
 * shares no loopback with Linia, so it can use only what Linia offers on the network.
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readlink, rm, writeFile } from 'node:fs/promises'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { findProgram } from '../../../src/stack/command.ts'
import { chromiumProgram } from './browser.ts'
import { until } from '../until.ts'

const run = promisify(execFile)

export interface AgentsComputer {
  /** This machine's address on the common network. */
  readonly lan: string
  /** The second computer's address; null when this machine plays it. */
  readonly address: string | null
  /** A program that runs Chromium on the second computer, with `home` as its home folder. */
  readonly chromium: string
  readonly home: string
  /** Changes the second computer's address, as from Wi-Fi to a cable; null when `address` is null. */
  readonly move: (() => Promise<void>) | null
}

/**
 * Without the rights for a network namespace this machine plays the second computer, under its address on the network:
 * browsers neither offer loopback addresses as ICE candidates nor reach them from other addresses.
 */
export async function agentsComputer(t: Pick<Test, 'teardown'>): Promise<AgentsComputer> {
  const cable = await layCable(t)
  const home = await mkdtemp(join(tmpdir(), 'linia-agent-'))
  t.teardown(() => rm(home, { recursive: true, force: true }))
  const chromium = join(home, 'chromium')
  const command = `exec ${cable?.enter.join(' ') ?? ''} ${chromiumProgram} "$@"`
  await writeFile(chromium, `#!/bin/sh\nexport HOME=${home}\n${command}\n`, { mode: 0o755 })
  const { lan = ownAddress(), address = null, move = null } = cable ?? {}
  return { lan, address, chromium, home, move }
}

/** Makes the second computer trust the certificate, as its administrator does once. */
export async function trust({ home }: AgentsComputer, certificate: string): Promise<void> {
  const database = join(home, '.pki', 'nssdb')
  await mkdir(database, { recursive: true })
  await run('certutil', ['-d', `sql:${database}`, '-N', '--empty-password'])
  await run('certutil', ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'Linia 969', '-i', certificate])
}

function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const own = addresses.find(({ family, internal }) => family === 'IPv4' && !internal)
  if (own === undefined) throw new Error('this machine has no address that a browser would use')
  return own.address
}

interface Cable {
  readonly lan: string
  readonly address: string
  /** Prefix of a command that runs on the second computer. */
  readonly enter: readonly string[]
  readonly move: () => Promise<void>
}

async function layCable(t: Pick<Test, 'teardown'>): Promise<Cable | null> {
  const programs = ['ip', 'nsenter', 'unshare', 'setpriv'].map(findProgram)
  if (process.getuid?.() !== 0 || programs.includes(null)) return null
  // It ends with this process, even a killed one; the namespace and the veth pair go with it.
  const other = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', 'sleep', 'infinity'], {
    stdio: 'ignore',
  })
  const gone = once(other, 'exit')
  t.teardown(async () => {
    other.kill('SIGKILL')
    await gone
  })
  const ours = await readlink('/proc/self/ns/net')
  const apart = async () => (await readlink(`/proc/${other.pid}/ns/net`)) !== ours
  await until(async () => other.exitCode !== null || apart())
  // A container without the right to create network namespaces.
  if (other.exitCode !== null) return null

  // A /29 of the benchmarking range (RFC 2544) for each test process.
  const place = process.pid % 0x4000
  const at = (host: number) => `198.${18 + (place >> 13)}.${(place >> 5) & 255}.${((place & 31) << 3) + host}`
  const [here, there] = [`linia${process.pid}a`, `linia${process.pid}b`]
  const enter = ['nsenter', '-t', `${other.pid}`, '-n']
  const root = ([program = '', ...args]: readonly string[]) => run(program, args)
  await root(['ip', 'link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', `${other.pid}`])
  await root(['ip', 'addr', 'add', `${at(1)}/29`, 'dev', here])
  await root(['ip', 'link', 'set', here, 'up'])
  await root([...enter, 'ip', 'addr', 'add', `${at(2)}/29`, 'dev', there])
  await root([...enter, 'ip', 'link', 'set', there, 'up'])
  const move = async () => {
    await root([...enter, 'ip', 'addr', 'del', `${at(2)}/29`, 'dev', there])
    await root([...enter, 'ip', 'addr', 'add', `${at(3)}/29`, 'dev', there])
  }
  return { lan: at(1), address: at(2), enter, move }
}
