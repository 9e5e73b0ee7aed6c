/**
 * Provides Asterisk 22: the system's where it is recent enough, otherwise Debian forky's packages, fetched by a private
 * apt and unpacked, because Debian 13 has none. It needs no root and changes nothing on the machine: the tree runs
 * through its own loader (see `asterisk/config/layout.ts`).
 */
import { existsSync, statSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findProgram, must, runCommand, type CommandOptions } from '../command.ts'
import { writableFolder } from '../files.ts'
import { step, UserError } from '../terminal.ts'
import type { Say } from '../terminal.ts'

/** 22.9.0 deadlocks under ARI load; versions below 22.10.1 are untested. */
const versionMin = [22, 10, 1] as const
const suite = 'forky'
const packages = ['asterisk', 'asterisk-modules'] as const
/** Version of the unpacking steps, part of the cache's key. */
const recipe = 1

export interface AsteriskProgram {
  /** Root of the unpacked tree, or null for the system's Asterisk. */
  readonly tree: string | null
  /** As `asterisk -V` prints it. */
  readonly version: string
}

/** Finds or makes a usable Asterisk; the result is kept for all checkouts of this user, root's for every user. */
export async function provideAsterisk(tell: Say, given?: string): Promise<AsteriskProgram> {
  const cache = given ?? cacheFolder()
  await forgetBroken(cache)
  const found = await findAsterisk(given)
  if (found !== null) return found
  const tree = treeIn(cache)
  await step(`Fetching Asterisk from Debian ${suite}`, tell, () => makeTree(cache, tree, tell))
  const version = await versionOf(tree)
  if (version === null || !isUsable(version)) {
    await rm(tree, { recursive: true, force: true })
    throw new UserError(
      `Debian ${suite} gave ${version ?? 'an Asterisk that does not start'}; Linia needs Asterisk ${versionMin.join('.')} or a later 22.`,
    )
  }
  return { tree, version }
}

/** Finds an installed or cached Asterisk without fetching anything. */
export async function findAsterisk(cache?: string): Promise<AsteriskProgram | null> {
  if (cache !== undefined) return findIn(cache)
  return (await findIn(cacheFolder())) ?? findIn(sharedCache)
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

const isRoot = (): boolean => process.getuid?.() === 0

/** Root runs no program that another user could have written. */
function mayRun(cache: string, tree: string): boolean {
  return !isRoot() || [cache, tree].every((path) => statSync(path).uid === 0)
}

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

function loaderOf(): { readonly loader: string; readonly triple: string; readonly debian: string } {
  if (process.arch === 'arm64')
    return { loader: 'lib/ld-linux-aarch64.so.1', triple: 'aarch64-linux-gnu', debian: 'arm64' }
  if (process.arch === 'x64')
    return { loader: 'lib64/ld-linux-x86-64.so.2', triple: 'x86_64-linux-gnu', debian: 'amd64' }
  throw new UserError(
    `Asterisk cannot be unpacked for a ${process.arch} processor; install Asterisk 22 yourself.`,
  )
}

/** apt's messages are read, and a locale that the terminal names need not exist here. */
const inEnglish = (): CommandOptions => ({ env: { ...process.env, LC_ALL: 'C' } })

async function makeTree(cache: string, tree: string, tell: Say): Promise<void> {
  for (const tool of ['apt-get', 'dpkg-deb'])
    if (findProgram(tool) === null)
      throw new UserError(
        `${tool} is missing: this is no Debian. Install Asterisk ${versionMin.join('.')} yourself.`,
      )
  if (isRoot()) await removeForeign(cache)
  await writableFolder(cache, 'where Asterisk is unpacked. Set XDG_CACHE_HOME to a folder where it may')
  if (isRoot()) await chmod(cache, 0o755)
  // In the same folder as the result, so that the finished tree appears by one rename.
  const work = await mkdtemp(join(cache, 'making-'))
  try {
    const apt = await privateApt(work)
    await updateLists(apt, tell)
    tell('  downloading')
    const download = [...apt, '--download-only', 'install', ...packages]
    await must('Downloading Asterisk', 'apt-get', download, inEnglish())
    const unpacked = join(work, 'tree')
    await unpack(join(work, 'cache/archives'), unpacked, tell)
    // Independent of root's umask, the user that Linia runs as can read it.
    await must('Opening Asterisk to its user', 'chmod', ['-R', 'a+rX', unpacked])
    // Another checkout may have finished first; its tree is equivalent.
    await rename(unpacked, tree).catch(async (error: unknown) => {
      if (!existsSync(tree)) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** An earlier Linia gave this folder to its own user, who could have changed the programs in it. */
async function removeForeign(cache: string): Promise<void> {
  const found = statSync(cache, { throwIfNoEntry: false })
  if (found !== undefined && found.uid !== 0) await rm(cache, { recursive: true, force: true })
}

/** Removes remains of interrupted attempts; an attempt older than an hour is not running any more. */
async function forgetBroken(cache: string): Promise<void> {
  // The folder may be absent, or another user's and closed.
  const names = await readdir(cache).catch((): string[] => [])
  for (const name of names.filter((one) => one.startsWith('making-'))) {
    const path = join(cache, name)
    // Gone meanwhile, because its owner has finished.
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined || Date.now() - found.mtimeMs < 3_600_000) continue
    // Another user's leftovers are left to that user.
    if (found.uid === process.getuid?.() || isRoot()) await rm(path, { recursive: true, force: true })
  }
}

/** Options of an apt with separate state, in which no package is installed. */
async function privateApt(work: string): Promise<string[]> {
  const source = await debianSource()
  await mkdir(join(work, 'state/lists/partial'), { recursive: true })
  await mkdir(join(work, 'cache/archives/partial'), { recursive: true })
  await writeFile(join(work, 'status'), '')
  await writeFile(
    join(work, 'sources.list'),
    `deb [signed-by=${source.signedBy}] ${source.uri} ${suite} main\n`,
  )
  const options = {
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'Dir::Log': work,
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Architecture': loaderOf().debian,
    'APT::Install-Recommends': 'false',
    'APT::Get::Assume-Yes': 'true',
    // Container images clean the archives after each run, which would delete these too.
    'APT::Keep-Downloaded-Packages': 'true',
    'DPkg::Post-Invoke::': '',
    // Under root apt would download as `_apt`, which may not enter this folder.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
    'Acquire::http::Timeout': '60',
  }
  return ['-q', ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])]
}

/** Mirror and keyring of this machine's own Debian. */
async function debianSource(): Promise<{ uri: string; signedBy: string }> {
  const keyrings = [
    '/usr/share/keyrings/debian-archive-keyring.pgp',
    '/usr/share/keyrings/debian-archive-keyring.gpg',
  ]
  const keyring = keyrings.find((path) => existsSync(path))
  const format = '$(REPO_URI)|$(ORIGIN)|$(LABEL)|$(COMPONENT)'
  const asked = ['indextargets', '--format', format, 'Created-By: Packages']
  const listed = await runCommand('apt-get', asked, inEnglish())
  const uris = [...listed.stdout.split('\n').map(uriOfDebian), ...(await urisInSourceFiles())]
  const uri = uris.find((one) => one !== null)
  if (uri === undefined || uri === null || keyring === undefined)
    throw new UserError(
      'No Debian mirror is configured on this machine (/etc/apt/sources.list.d), so Asterisk cannot be fetched. ' +
        `Add one, or install Asterisk ${versionMin.join('.')} or a later 22 yourself.`,
    )
  return { uri, signedBy: keyring }
}

/** Before the first `apt-get update` origin and label are unknown, so the sources' files are read as well. */
function uriOfDebian(line: string): string | null {
  const [uri = '', origin, label, component] = line.split('|')
  return origin === 'Debian' && label === 'Debian' && component === 'main' ? uri : null
}

async function urisInSourceFiles(): Promise<readonly (string | null)[]> {
  const parts = '/etc/apt/sources.list.d'
  const names = existsSync(parts) ? (await readdir(parts)).map((name) => join(parts, name)) : []
  const files = ['/etc/apt/sources.list', ...names].filter(
    (path) => /\.(list|sources)$/.test(path) && existsSync(path),
  )
  const texts = await Promise.all(files.map((path) => readFile(path, 'utf8')))
  return texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => /^(deb |URIs:)/.test(line))
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => /^[a-z+]+:\/\/\S+\/debian\/?$/.test(word))
}

/** A stale mirror has an expired release file; its signature is still valid, so continue with a warning. */
async function updateLists(apt: readonly string[], tell: Say): Promise<void> {
  const update = [...apt, 'update', '--error-on=any']
  const first = await runCommand('apt-get', update, inEnglish())
  if (first.code === 0) return
  if (/expired|not valid (yet|until)/i.test(first.output)) {
    tell('  the mirror’s release file is out of date (its signature holds): going on with it')
    const dated = ['-o', 'Acquire::Check-Valid-Until=false', '-o', 'Acquire::Check-Date=false']
    await must('Refreshing the list of packages', 'apt-get', [...dated, ...update], inEnglish())
    return
  }
  await must('Refreshing the list of packages', 'apt-get', update, inEnglish())
}

async function unpack(archives: string, tree: string, tell: Say): Promise<void> {
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await mkdir(join(tree, 'usr', name), { recursive: true })
    await symlink(join('usr', name), join(tree, name))
  }
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'))
  tell(`  unpacking ${files.length} packages`)
  for (const file of files) await must(`Unpacking ${file}`, 'dpkg-deb', ['-x', join(archives, file), tree])
  // Documentation and locales are a fifth of the size.
  for (const unused of ['doc', 'man', 'locale', 'info', 'lintian', 'bug'])
    await rm(join(tree, 'usr/share', unused), { recursive: true, force: true })
}
