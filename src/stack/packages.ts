/** Debian packages that Linia runs on: which are missing, and installing them without starting their services. */
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findProgram, isExecutable, must, runCommand } from './command.ts'
import { step, Trouble } from './screen.ts'
import type { Say } from './screen.ts'

export type Purpose = 'run' | 'test'

interface Needed {
  readonly package: string
  /** Present when this holds. */
  readonly present: () => boolean
  readonly what: string
  readonly purpose: Purpose
  /** System services that the package brings and that must stay off. */
  readonly services?: readonly string[]
}

const program = (name: string) => () => findProgram(name) !== null

const needed: readonly Needed[] = [
  {
    package: 'redis-server',
    present: program('redis-server'),
    what: 'the line',
    purpose: 'run',
    services: ['redis-server'],
  },
  {
    package: 'postgresql',
    present: () => postgresqlVersions().length > 0,
    what: 'the ledger',
    purpose: 'run',
    services: ['postgresql'],
  },
  { package: 'caddy', present: program('caddy'), what: 'the front', purpose: 'run', services: ['caddy'] },
  { package: 'espeak-ng', present: program('espeak-ng'), what: 'the prompts', purpose: 'run' },
  { package: 'sox', present: program('sox'), what: 'the prompts and recordings', purpose: 'run' },
  { package: 'lame', present: program('lame'), what: 'the recordings', purpose: 'run' },
  { package: 'sip-tester', present: program('sipp'), what: 'citizens who call', purpose: 'run' },
  { package: 'chromium', present: program('chromium'), what: 'the browser tests', purpose: 'test' },
  { package: 'libnss3-tools', present: program('certutil'), what: 'the browser tests', purpose: 'test' },
  { package: 'sipvicious', present: program('svcrack'), what: 'the tests of scans', purpose: 'test' },
  { package: 'sipsak', present: program('sipsak'), what: 'the tests of scans', purpose: 'test' },
  { package: 'openssl', present: program('openssl'), what: 'the tests of HTTPS', purpose: 'test' },
]

export interface Missing {
  readonly package: string
  readonly what: string
}

export function missingPackages(purpose: Purpose): readonly Missing[] {
  return needed.filter((one) => (one.purpose === 'run' || purpose === 'test') && !one.present())
}

/** Installs what is missing. @throws {Trouble} with the line to run where this user may not install. */
export async function installMissing(purpose: Purpose, tell: Say): Promise<void> {
  const missing = missingPackages(purpose)
  if (missing.length === 0) return
  const names = missing.map((one) => one.package)
  const asRoot = await rootPrefix()
  if (asRoot === null || findProgram('apt-get') === null) {
    throw new Trouble(
      `These packages are missing and this user may not install them: ${names.join(', ')}.\n` +
        `  Ask an administrator to run: sudo apt-get install --no-install-recommends ${names.join(' ')}`,
    )
  }
  await step(`Installing from Debian: ${names.join(', ')}`, tell, () => aptInstall(asRoot, names))
  const still = missingPackages(purpose)
  if (still.length > 0)
    throw new Trouble(
      `After installing, these are still missing: ${still.map((one) => one.package).join(', ')}.`,
    )
}

/** How to become root without a question: nothing to add, `sudo -n`, or not at all. */
async function rootPrefix(): Promise<readonly string[] | null> {
  if (process.getuid?.() === 0) return []
  const sudo = findProgram('sudo')
  if (sudo === null) return null
  const allowed = await runCommand(sudo, ['-n', 'true'])
  return allowed.code === 0 ? [sudo, '-n'] : null
}

async function aptInstall(asRoot: readonly string[], names: readonly string[]): Promise<void> {
  const root = (what: string, ...args: string[]) => {
    const [command = '', ...rest] = [...asRoot, ...args]
    return must(what, command, rest)
  }
  const keepOff = await keepServicesOff(root)
  try {
    const apt = [
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-q',
      '-y',
      '-o',
      'DPkg::Lock::Timeout=120',
    ]
    await root('Refreshing the list of packages', ...apt, 'update')
    await root('Installing packages', ...apt, 'install', '--no-install-recommends', ...names)
  } finally {
    await keepOff.release()
  }
  const services = needed.filter((one) => names.includes(one.package)).flatMap((one) => one.services ?? [])
  // Also at the next boot: we run services of our own.
  if (services.length > 0 && findProgram('systemctl') !== null)
    await root('Leaving the packages’ own services off', 'systemctl', 'disable', '--quiet', ...services)
}

type AsRoot = (what: string, ...args: string[]) => Promise<string>

/**
 * While packages are installed, `policy-rc.d` forbids the start of their services, and PostgreSQL is
 * told to create no cluster of its own. What the machine had is left as it was.
 */
async function keepServicesOff(root: AsRoot): Promise<{ release: () => Promise<void> }> {
  const files: readonly [path: string, text: string, mode: string][] = [
    ['/usr/sbin/policy-rc.d', '#!/bin/sh\nexit 101\n', '755'],
    ['/etc/postgresql-common/createcluster.d/linia969.conf', 'create_main_cluster = false\n', '644'],
  ]
  const made: string[] = []
  for (const [path, text, mode] of files) {
    if (existsSync(path)) continue
    const own = `/tmp/linia969-${process.pid}-${made.length}`
    await mkdir(dirname(own), { recursive: true })
    await writeFile(own, text, { flag: 'wx' })
    try {
      await root('Keeping services off', 'install', '-D', '-m', mode, own, path)
    } finally {
      await rm(own)
    }
    made.push(path)
  }
  return {
    release: async () => {
      for (const path of made) await root('Cleaning up', 'rm', '-f', path)
    },
  }
}

// ---- PostgreSQL's programs, which are not in PATH ---------------------------------------------

const postgresqlRoot = '/usr/lib/postgresql'

/** Major versions whose server is installed, highest first. */
export function postgresqlVersions(): readonly number[] {
  if (!existsSync(postgresqlRoot)) return []
  return readdirSync(postgresqlRoot)
    .filter((name) => /^\d+$/.test(name) && isExecutable(join(postgresqlBin(Number(name)), 'postgres')))
    .map(Number)
    .sort((a, b) => b - a)
}

export function postgresqlBin(version: number): string {
  return join(postgresqlRoot, String(version), 'bin')
}
