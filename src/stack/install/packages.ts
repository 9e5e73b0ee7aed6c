/** Debian packages that Linia needs: finds the missing ones and installs them without starting their services. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Settings } from '../../config.ts'
import { findProgram, isExecutable, must, runCommand, withoutBeingKilled } from '../command.ts'
import type { CommandOptions } from '../command.ts'
import { step, UserError } from '../terminal.ts'
import type { Say } from '../terminal.ts'
import { finishLeft, keepServicesOff, leftOn, unattended } from './services-off.ts'
import type { AsRoot } from './services-off.ts'

export type Purpose = 'run' | 'test'

interface Needed {
  readonly package: string
  /** A program, or a path with wildcards, that the installed package has. */
  readonly sign: string
  /** Whether the package is installed. */
  readonly present: () => boolean
  readonly what: string
  /** `fresh`: for tests that only root runs. */
  readonly purpose: Purpose | 'fresh'
  /** System services of the package, which must stay off. */
  readonly services: readonly string[]
  /** With this setting an external service is used instead. */
  readonly unless: keyof Given | null
}

/** External services, which need no package here. */
type Given = Pick<Settings['given'], 'databaseUrl' | 'redisUrl'>
const nothingGiven: Given = { databaseUrl: null, redisUrl: null }
const settings: Readonly<Record<string, keyof Given>> = { DATABASE_URL: 'databaseUrl', REDIS_URL: 'redisUrl' }

const clockLibraryPattern = '/usr/lib/*/faketime/libfaketime.so.1'

/** Path of libfaketime, which shifts one process's clock; null when not installed. */
export const clockLibrary = (): string | null => globSync(clockLibraryPattern)[0] ?? null

/** packages.sh reads the same list; its first lines name the columns. */
const needed: readonly Needed[] = readFileSync(join(import.meta.dirname, 'debian-packages.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map(neededIn)

function neededIn(line: string): Needed {
  const [name = '', purpose = '', sign = '', services = '', setting = '', what = ''] = line.split('|')
  if (purpose !== 'run' && purpose !== 'test' && purpose !== 'fresh')
    throw new Error(`debian-packages.txt: ${line}`)
  return {
    package: name,
    sign,
    present: () => (sign.startsWith('/') ? globSync(sign).length > 0 : findProgram(sign) !== null),
    what,
    purpose,
    services: services === '' ? [] : services.split(' '),
    unless: settings[setting] ?? null,
  }
}

export interface Missing {
  readonly package: string
  readonly what: string
}

export function missingPackages(
  purpose: Purpose,
  given: Given = nothingGiven,
  isPresent = (one: Needed) => one.present(),
): readonly Missing[] {
  return needed.filter(
    (one) =>
      (one.purpose === 'run' || purpose === 'test') &&
      (one.purpose !== 'fresh' || process.getuid?.() === 0) &&
      (one.unless === null || given[one.unless] === null) &&
      !isPresent(one),
  )
}

/** Installs missing packages. @throws {UserError} with the command to run when this user may not install. */
export async function installMissing(purpose: Purpose, tell: Say, given?: Given): Promise<void> {
  await mendLeft(tell)
  const missing = missingPackages(purpose, given)
  if (missing.length === 0) return
  const names = missing.map((one) => one.package)
  const asRoot = await rootPrefix()
  if (asRoot === null || findProgram('apt-get') === null) {
    throw new UserError(
      `These packages are missing and this user may not install them: ${names.join(' ')}.\n` +
        `  Ask an administrator to run, in this folder: sudo make packages${purpose === 'run' ? '' : ` FOR=${purpose}`}`,
    )
  }
  await step(`Installing from Debian: ${names.join(', ')}`, tell, () =>
    withoutBeingKilled(() => aptInstall(asRoot, names)),
  )
  const still = missingPackages(purpose, given)
  if (still.length > 0)
    throw new UserError(
      `After installing, these are still missing: ${still.map((one) => one.package).join(', ')}.`,
    )
}

/**
 * Upgrades the packages that Linia runs by, where this user may; otherwise says the command. Services of the machine
 * are restarted by Debian as at every upgrade; Linia's own parts go on with the old programs until their restart.
 */
export async function upgradePackages(tell: Say, given: Given): Promise<void> {
  const names = await installedNames(given)
  const upgrade = [
    'apt-get',
    '-q',
    '-y',
    '-o',
    'DPkg::Lock::Timeout=120',
    'install',
    '--only-upgrade',
    ...names,
  ]
  const asRoot = await rootPrefix()
  if (asRoot === null) {
    tell(
      `Debian packages need an administrator: sudo apt-get update && sudo apt-get install --only-upgrade ${names.join(' ')}`,
    )
    return
  }
  await step(`Upgrading from Debian: ${names.join(', ')}`, tell, () =>
    withoutBeingKilled(async () => {
      const root = rootWith(asRoot)
      await root('Refreshing the list of packages', ...unattended, 'apt-get', '-q', 'update')
      await root('Upgrading packages', ...unattended, ...upgrade)
    }),
  )
}

/** Packages that hold the programs themselves: `postgresql-17`, not the empty `postgresql`. */
async function installedNames(given: Given): Promise<readonly string[]> {
  const files = needed
    .filter((one) => one.purpose === 'run' && (one.unless === null || given[one.unless] === null))
    .flatMap(({ sign }) => (sign.startsWith('/') ? globSync(sign) : [findProgram(sign) ?? []].flat()))
  const names = new Set<string>()
  for (const file of files) {
    // A program that is no package's (built by hand) is left to whoever made it.
    const { code, stdout } = await runCommand('dpkg-query', ['--search', file])
    if (code === 0) names.add(stdout.slice(0, stdout.indexOf(':')))
  }
  return [...names].sort()
}

/** Prefix to become root without a prompt: empty under root, `sudo -n`, or null. */
async function rootPrefix(): Promise<readonly string[] | null> {
  if (process.getuid?.() === 0) return []
  const sudo = findProgram('sudo')
  if (sudo === null) return null
  const allowed = await runCommand(sudo, ['-n', 'true'])
  return allowed.code === 0 ? [sudo, '-n'] : null
}

async function aptInstall(asRoot: readonly string[], names: readonly string[]): Promise<void> {
  const services = needed.filter((one) => names.includes(one.package)).flatMap((one) => one.services)
  const keepOff = await keepServicesOff(rootWith(asRoot, { tidying: true }), services)
  try {
    const root = rootWith(asRoot)
    const apt = [...unattended, 'apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=120']
    await root('Refreshing the list of packages', ...apt, 'update')
    await root('Installing packages', ...apt, 'install', '--no-install-recommends', ...names)
  } finally {
    await keepOff.release()
  }
}

function rootWith(asRoot: readonly string[], options: CommandOptions = {}): AsRoot {
  return (what, ...args) => {
    const [command = '', ...rest] = [...asRoot, ...args]
    return must(what, command, rest, options)
  }
}

/** Undoes the changes of an earlier, killed installation. */
async function mendLeft(tell: Say): Promise<void> {
  const left = await leftOn()
  if (left.paths.length === 0) return
  const asRoot = await rootPrefix()
  if (asRoot === null)
    tell(
      `An installation that was cut short keeps this machine’s services from starting; an administrator may run: sudo rm ${left.paths.join(' ')}`,
    )
  else
    await step('Putting back what an installation that was cut short has left', tell, () =>
      withoutBeingKilled(() => finishLeft(rootWith(asRoot, { tidying: true }), left)),
    )
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
