/**
 * Provides Asterisk 22: the system's where it is recent enough, otherwise Debian forky's packages, fetched by a private
 * apt and unpacked, because Debian 13 has none. It needs no root and changes nothing on the machine: the tree runs
 * through its own loader (see `asterisk/config/layout.ts`).
 *
 * A cache holds one folder for each version of the packages, and a link to the one in use. Asterisk is configured and
 * started by the link, so that an update is one new link, and a restart.
 */
import { existsSync, lstatSync, statSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { runCommand } from '../command.ts'
import { writableFolder } from '../files.ts'
import { unlessMissing } from '../../missing-file.ts'
import { isMapped } from '../privileges/process-state.ts'
import { step, UserError } from '../terminal.ts'
import type { Say } from '../terminal.ts'
import {
  candidateOf,
  fetchPackages,
  loaderOf,
  needsDebian,
  privateApt,
  suite,
  updateLists,
} from './asterisk-packages.ts'

/** 22.9.0 deadlocks under ARI load; versions below 22.10.1 are untested. */
export const versionMin = [22, 10, 1] as const
/** Version of the unpacking steps, part of the cache's key. */
const recipe = 1
/** In each version's folder; folders of earlier releases of Linia have none. */
const originFile = 'linia-origin.json'

export interface AsteriskProgram {
  /** Root of the unpacked tree (a link), or null for the system's Asterisk. */
  readonly tree: string | null
  /** As `asterisk -V` prints it. */
  readonly version: string
}

/** Where a tree came from. */
export interface Origin {
  /** Version of Debian's package; null: unknown, fetched by an earlier release of Linia. */
  readonly package: string | null
  /** ISO time. */
  readonly fetchedAt: string
}

/** Finds or makes a usable Asterisk; the result is kept for all checkouts of this user, root's for every user. */
export async function provideAsterisk(tell: Say, given?: string): Promise<AsteriskProgram> {
  const cache = given ?? cacheFolder()
  await forgetBroken(cache)
  const found = await findAsterisk(given)
  if (found !== null) return found
  await step(`Fetching Asterisk from Debian ${suite}`, tell, () => makeTree(cache, null, tell))
  const version = await versionOf(treeIn(cache))
  if (version === null) throw new UserError('The Asterisk that was fetched does not start.')
  return { tree: treeIn(cache), version }
}

/** Finds an installed or cached Asterisk without fetching anything. */
export async function findAsterisk(cache?: string): Promise<AsteriskProgram | null> {
  if (cache !== undefined) return findIn(cache)
  return (await findIn(cacheFolder())) ?? findIn(sharedCache)
}

/** Version of Debian's package that an update would fetch. */
export async function lookForNewer(tell: Say): Promise<string> {
  needsDebian()
  const work = await mkdtemp(join(tmpdir(), 'linia969-'))
  try {
    const apt = await privateApt(work)
    await updateLists(apt, tell)
    return await candidateOf(apt)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Fetches a newer version into the cache of `tree`, and links to it. `fetched`: the version of its package. Null:
 * nothing is newer. @throws {UserError}
 */
export async function updateTree(
  tell: Say,
  tree: string,
): Promise<{ readonly before: Origin; readonly fetched: string } | null> {
  const cache = dirname(tree)
  const before = await originOf(tree)
  if (before === null)
    throw new UserError(`There is no Asterisk in ${cache} to update; make run fetches one.`)
  if (!isRoot() && statSync(cache).uid === 0)
    throw new UserError(
      `Asterisk is in ${cache}, which only root may change: run linia update by root, in a checkout that root owns.`,
    )
  await forgetBroken(cache)
  const fetched = await step(`Looking for a newer Asterisk in Debian ${suite}`, tell, () =>
    makeTree(cache, before.package, tell),
  )
  return fetched === null ? null : { before, fetched }
}

async function findIn(cache: string): Promise<AsteriskProgram | null> {
  const system = existsSync('/usr/sbin/asterisk') ? await versionOf(null) : null
  if (system !== null && isUsable(system)) return { tree: null, version: system }
  const tree = treeIn(cache)
  const version = existsSync(tree) && mayRun(cache, tree) ? await versionOf(tree) : null
  return version !== null && isUsable(version) ? { tree, version } : null
}

/** 22.10.1 up to the last 22; release candidates are not releases. */
export function isUsable(version: string): boolean {
  const parts = /^Asterisk (\d+)\.(\d+)\.(\d+)(-rc\d+)?/.exec(version)
  if (parts === null || parts[4] !== undefined) return false
  const [major = 0, minor = 0, patch = 0] = parts.slice(1, 4).map(Number)
  if (major !== versionMin[0]) return false
  return minor > versionMin[1] || (minor === versionMin[1] && patch >= versionMin[2])
}

/** Root's, readable by every user of this machine and written by root alone. */
export const sharedCache = '/var/cache/linia969'

/** This user's cache, shared by all checkouts. */
export function cacheFolder(): string {
  if (isRoot()) return sharedCache
  const base = process.env['XDG_CACHE_HOME']
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'linia969')
}

/** Null where there is no tree. A tree of an earlier release is as old as its folder, whose mtime is the package’s. */
export async function originOf(tree: string): Promise<Origin | null> {
  const text = await readFile(join(tree, originFile), 'utf8').catch(unlessMissing)
  if (text !== undefined) return JSON.parse(text) as Origin
  const found = statSync(tree, { throwIfNoEntry: false })
  return found === undefined ? null : { package: null, fetchedAt: found.ctime.toISOString() }
}

const isRoot = (): boolean => process.getuid?.() === 0

/** Root runs no program that another user could have written. */
function mayRun(cache: string, tree: string): boolean {
  return !isRoot() || [cache, tree].every((path) => statSync(path).uid === 0)
}

/** The link to the version in use; in a cache of an earlier release, the only version itself. */
function treeIn(cache: string): string {
  return join(cache, `asterisk-22-${suite}-${process.arch}-${recipe}`)
}

async function versionOf(tree: string | null): Promise<string | null> {
  const result =
    tree === null
      ? await runCommand('/usr/sbin/asterisk', ['-V'])
      : await runCommand(join(tree, loaderOf().loader), [
          '--library-path',
          join(tree, 'usr/lib', loaderOf().triple),
          join(tree, 'usr/sbin/asterisk'),
          '-V',
        ])
  return result.code === 0 ? result.stdout.trim() : null
}

/**
 * Fetches the packages unless their version is `known`, and links to them. Returns their version, or null when it is
 * the known one. @throws {UserError} when they are no usable Asterisk; the link then stays.
 */
async function makeTree(cache: string, known: string | null, tell: Say): Promise<string | null> {
  needsDebian()
  if (!isRoot() || !isForeign(cache)) return makeTreeIn(cache, known, tell)
  const fresh = await mkdtemp(`${cache}${asideNew}`)
  try {
    const made = await makeTreeIn(fresh, null, tell)
    // Only now: systems may run from it.
    await rename(cache, await mkdtemp(`${cache}${asideBefore}`))
    await rename(fresh, cache)
    return made
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

async function makeTreeIn(cache: string, known: string | null, tell: Say): Promise<string | null> {
  await writableFolder(cache, 'where Asterisk is unpacked. Set XDG_CACHE_HOME to a folder where it may')
  if (isRoot()) await chmod(cache, 0o755)
  // In the same folder as the result, so that the finished tree appears by one rename.
  const work = await mkdtemp(join(cache, 'making-'))
  try {
    const apt = await privateApt(work)
    await updateLists(apt, tell)
    const candidate = await candidateOf(apt)
    if (candidate === known) return null
    const unpacked = await fetchPackages(apt, work, tell)
    const origin: Origin = { package: candidate, fetchedAt: new Date().toISOString() }
    await writeFile(join(unpacked, originFile), `${JSON.stringify(origin)}\n`)
    // Independent of the umask: the user that Linia runs as reads it.
    await chmod(join(unpacked, originFile), 0o644)
    const version = await versionOf(unpacked)
    if (version === null || !isUsable(version))
      throw new UserError(
        `Debian ${suite} gave ${version ?? 'an Asterisk that does not start'}; Linia needs Asterisk ${versionMin.join('.')} or a later 22.`,
      )
    await useTree(cache, unpacked, candidate)
    return candidate
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Moves the tree into the cache and links to it. The version before stays, and any other that processes run. */
async function useTree(cache: string, unpacked: string, version: string): Promise<void> {
  const link = treeIn(cache)
  const folder = `${link}.${version.replaceAll(/[^\w.+~-]/g, '_')}`
  const before = await folderOfLink(link)
  // Another checkout may have finished first; its tree is equivalent.
  await rename(unpacked, folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error
  })
  const fresh = `${unpacked}-link`
  await symlink(basename(folder), fresh)
  await rename(fresh, link)
  const kept = new Set([folder, before])
  for (const name of await readdir(cache)) {
    const path = join(cache, name)
    if (name.startsWith(`${basename(link)}.`) && !kept.has(path) && !(await isMapped(path)))
      await rm(path, { recursive: true, force: true })
  }
}

/** The folder that the link leads to; null without one. A folder of an earlier release makes way for the link. */
async function folderOfLink(link: string): Promise<string | null> {
  const found = lstatSync(link, { throwIfNoEntry: false })
  if (found === undefined) return null
  if (found.isSymbolicLink()) return join(dirname(link), await readlink(link))
  const aside = `${link}.before`
  await rename(link, aside)
  return aside
}

/** An earlier Linia gave this folder to its own user, who could have changed the programs in it. */
const isForeign = (cache: string): boolean => (statSync(cache, { throwIfNoEntry: false })?.uid ?? 0) !== 0

/** Beside root's cache: one that is being made, and the foreign one that has made way for it. */
const asideNew = '.new-'
const asideBefore = '.before-'

/** Removes what no process runs any more: of interrupted attempts, older than an hour, and foreign caches. */
async function forgetBroken(cache: string): Promise<void> {
  const attempts = await childrenOf(cache, 'making-')
  const asides = [asideNew, asideBefore].map((name) =>
    childrenOf(dirname(cache), `${basename(cache)}${name}`),
  )
  for (const path of [...attempts, ...(isRoot() ? (await Promise.all(asides)).flat() : [])]) {
    // Gone meanwhile, because its owner has finished.
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined || Date.now() - found.mtimeMs < 3_600_000) continue
    // Another user's leftovers are left to that user.
    if ((found.uid === process.getuid?.() || isRoot()) && !(await isMapped(path)))
      await rm(path, { recursive: true, force: true })
  }
}

/** The folder may be absent, or another user's and closed. */
async function childrenOf(folder: string, prefix: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => [])
  return names.filter((name) => name.startsWith(prefix)).map((name) => join(folder, name))
}
