/**
 * `linia update`: newer Debian packages and a newer Asterisk, put to work without cutting off a call. Each Asterisk is
 * asked to end once it has no call; its supervisor starts the new one, and a standby takes over meanwhile.
 */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { dialplanDigest } from '../../asterisk/config/dialplan-digest.ts'
import type { Settings } from '../../config.ts'
import { pendingMigrations } from '../../ledger/migrate.ts'
import { readUpkeep, upkeepFile, type Upkeep } from '../../upkeep.ts'
import { askConsole } from '../asterisk-console.ts'
import { onDisk, writePrivate } from '../files.ts'
import {
  findAsterisk,
  lookForNewer,
  originOf,
  updateTree,
  type AsteriskProgram,
} from '../install/asterisk-tree.ts'
import { upgradePackages } from '../install/packages.ts'
import { servingLast } from '../services/exchange.ts'
import { lockHolder } from '../lock.ts'
import { runAsOwner } from '../privileges/unprivileged.ts'
import { say, step, UserError } from '../terminal.ts'
import { adminUrlOf } from './running-database.ts'

interface Order {
  /** Only says what is newer. */
  readonly checks: boolean
  /** How long calls may hold up the restart of an Asterisk. */
  readonly withinMs: number
}

const defaultMinutes = 60
const pollMs = 1_000
/** A supervised Asterisk is up again within seconds. */
const backWithinMs = 60_000

/** The part of the command that another user than root runs: `refuse` before root has fetched, `rest` afterwards. */
const part = 'LINIA_UPDATE_PART'

/**
 * Root's part of an update, before this command goes on as the user that Linia runs as: packages and root's cache. No file
 * of that user is read or run: that user looks first whether the update is refused. Resolves with the exit code if it is.
 */
export async function fetchAsRoot({ given, paths }: Settings, args: readonly string[]): Promise<number> {
  if (process.getuid?.() !== 0 || orderOf(args).checks) return 0
  const refused = await runAsOwner(paths.var, { [part]: 'refuse' })
  if (refused === null) await refuseMixedReleases(paths.var)
  else if (refused !== 0) return refused
  await fetchNewer(given)
  process.env[part] = 'rest'
  return 0
}

/** `cache`: where the unpacked Asterisk is, if not in its usual place. */
export async function update(settings: Settings, args: readonly string[], cache?: string): Promise<number> {
  const order = orderOf(args)
  if (order.checks) return check(settings, cache)
  await refuseMixedReleases(settings.paths.var)
  if (process.env[part] === 'refuse') return 0
  if (process.env[part] !== 'rest') await fetchNewer(settings.given)
  const asterisk = await ownTree(settings.given)
  if (asterisk !== null) await note(settings, asterisk, (await originOf(asterisk.tree))?.package ?? null)
  if ((await lockHolder(settings.paths.var)) === null) {
    say('Linia is not running here: the next start uses the new versions and migrates the database.')
    return 0
  }
  await tellSchema(settings)
  return settings.given.ari === null ? restartOutdated(settings, order) : 0
}

/** An Asterisk that is restarted reads the dialplan of the checkout: beside a server of another release it loses recordings. */
async function refuseMixedReleases(varDir: string): Promise<void> {
  const started = (await lockHolder(varDir))?.dialplan
  if (started === undefined || started === (await dialplanDigest())) return
  throw new UserError(
    'This checkout has another release than the Linia that runs from it. Stop it first (systemctl stop linia, or make stop), ' +
      'start it again, and then run: linia update',
  )
}

async function fetchNewer(given: Settings['given']): Promise<void> {
  await upgradePackages(say, given)
  const before = await ownTree(given)
  if (before === null) return
  const updated = await updateTree(say, before.tree)
  const origin = await originOf(before.tree)
  say(
    updated === null
      ? `Asterisk is the newest: ${origin?.package ?? before.version}.`
      : `Asterisk is now ${updated.fetched}, before ${updated.before.package ?? before.version}.`,
  )
}

function orderOf(args: readonly string[]): Order {
  const rest = [...args]
  const checks = rest[0] === '--check'
  if (checks) rest.shift()
  const within = rest[0] === '--within' ? Number(rest.splice(0, 2)[1]) : defaultMinutes
  if (rest.length > 0 || !Number.isInteger(within) || within < 1 || within > 1_440)
    throw new UserError('Use: linia update [--check] [--within <minutes, 1 to 1440>]')
  return { checks, withinMs: within * 60_000 }
}

/** 0: nothing newer is known; 3: something is, for a timer that mails. */
async function check(settings: Settings, cache?: string): Promise<number> {
  const asterisk = await ownTree(settings.given, cache)
  if (asterisk === null) return 0
  const newest = await step('Looking for a newer Asterisk', say, () => lookForNewer(say))
  await note(settings, asterisk, newest)
  const origin = await originOf(asterisk.tree)
  if (origin?.package === newest) {
    say(`Asterisk is the newest: ${newest}.`)
    return 0
  }
  say(`Asterisk ${newest} is there; in use is ${origin?.package ?? asterisk.version}. Run: linia update`)
  return 3
}

type Unpacked = AsteriskProgram & { readonly tree: string }

/** Null where Asterisk is another machine's, or the system's package, which Debian updates. */
async function ownTree(given: Settings['given'], cache?: string): Promise<Unpacked | null> {
  if (given.ari !== null) {
    say('Asterisk is not of this system (ARI_URL): update it where it runs.')
    return null
  }
  const found = await findAsterisk(cache)
  if (found === null) throw new UserError('Asterisk is not here yet: make run fetches it.')
  if (found.tree !== null) return { ...found, tree: found.tree }
  say(`Asterisk is the package of this machine (${found.version}); Debian updates it.`)
  return null
}

async function note({ paths }: Settings, { tree, version }: Unpacked, newest: string | null): Promise<void> {
  const origin = await originOf(tree)
  const record: Upkeep['asterisk'] = {
    version,
    package: origin?.package ?? null,
    fetchedAt: origin?.fetchedAt ?? new Date().toISOString(),
    newest: newest ?? readUpkeep(paths.upkeep, 'asterisk')?.newest ?? null,
    checkedAt: new Date().toISOString(),
  }
  const text = `${JSON.stringify(record)}\n`
  await onDisk(paths.upkeep, () => writePrivate(upkeepFile(paths.upkeep, 'asterisk'), text))
}

/** Migrations run at a start, because they belong to the server of the same version. */
async function tellSchema(settings: Settings): Promise<void> {
  const { databaseUrl, databaseAdminUrl } = settings.given
  if (databaseUrl !== null && databaseAdminUrl === null) return
  const pending = await pendingMigrations(await adminUrlOf(settings))
  if (pending.length > 0)
    say(`The next start of Linia migrates the database: ${pending.join(', ')} (docs/guides/update.md).`)
}

// ---- the running Asterisks ---------------------------------------------------------------------

interface Running {
  readonly name: string
  readonly conf: string
}

async function restartOutdated(settings: Settings, { withinMs }: Order): Promise<number> {
  const asterisk = await findAsterisk()
  if (asterisk === null) throw new UserError('Asterisk is gone meanwhile; make run fetches it.')
  const origin = asterisk.tree === null ? null : await originOf(asterisk.tree)
  if (origin !== null) await restartOlderThan(Date.parse(origin.fetchedAt), settings, asterisk, withinMs)
  say('All running parts of the telephone exchange are of the newest version.')
  return 0
}

/**
 * Restarts each Asterisk that was started before `fetchedAt` (epoch ms), once it has no call. The standby comes first:
 * once it runs the new version, it takes over from the other. @throws {UserError} after `withinMs`; calls went on.
 */
export async function restartOlderThan(
  fetchedAt: number,
  settings: Settings,
  asterisk: AsteriskProgram,
  withinMs: number,
): Promise<void> {
  for (const running of await runningOnes(settings)) {
    const { paths } = settings
    const at = { tree: asterisk.tree, conf: running.conf, owned: paths.var }
    const ask: Ask = async (command, withinMs) => (await askConsole(at, command, withinMs)) ?? ''
    const since = await startedAt(ask)
    if (since === null) throw new UserError(`${running.name} does not answer. Is it starting? Try again.`)
    if (since > fetchedAt) continue
    await step(`Restarting ${running.name} once it has no call`, say, () =>
      restart(running, ask, since, withinMs),
    )
  }
}

/** `withinMs`: as of `askConsole`. */
type Ask = (command: string, withinMs?: number | null) => Promise<string>

const confIn = (folder: string): string => join(folder, 'etc', 'asterisk.conf')

async function runningOnes({ paths, standbyPbx }: Settings): Promise<readonly Running[]> {
  const first = { name: 'the telephone exchange', conf: confIn(paths.asterisk) }
  if (!standbyPbx) return [first]
  const second = { name: 'the second telephone exchange', conf: confIn(`${paths.asterisk}-second`) }
  const serving = await servingLast(join(paths.var, 'exchange.json'))
  return serving === 'first' ? [second, first] : [first, second]
}

/** Calls go on and new ones are taken until no call is up; then it ends and its supervisor starts the new version. */
async function restart({ name }: Running, ask: Ask, since: number, withinMs: number): Promise<void> {
  // The answer comes when Asterisk ends.
  const ended = ask('core stop when convenient', null).then(() => true)
  if (!(await Promise.race([ended, setTimeout(withinMs, false, { ref: false })]))) {
    await ask('core abort shutdown')
    throw new UserError(
      `There was always a call on ${name} for ${Math.ceil(withinMs / 60_000)} minutes; it goes on as it was. Try again at a quiet hour.`,
    )
  }
  const deadline = Date.now() + backWithinMs
  for (;;) {
    const now = await startedAt(ask)
    // Uptime is in whole seconds.
    if (now !== null && now > since + 1_500) return
    if (Date.now() > deadline)
      throw new UserError(`${name} has ended and is not back after ${backWithinMs / 1_000} s.`)
    await setTimeout(pollMs)
  }
}

/** Epoch ms, to a second; null when it does not answer. */
async function startedAt(ask: Ask): Promise<number | null> {
  const seconds = /System uptime: (\d+)/.exec(await ask('core show uptime seconds'))?.[1]
  return seconds === undefined ? null : Date.now() - Number(seconds) * 1_000
}
