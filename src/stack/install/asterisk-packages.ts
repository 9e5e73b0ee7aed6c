/**
 * Asterisk's packages from Debian forky, by an apt with state of its own. Nothing is installed: the packages are
 * unpacked into a folder.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, must, runCommand, type CommandOptions } from '../command.ts'
import { UserError } from '../terminal.ts'
import type { Say } from '../terminal.ts'

export const suite = 'forky'
const packages = ['asterisk', 'asterisk-modules'] as const
/** An environment variable with which a release file that has expired is accepted. */
export const expiredFlag = 'ACCEPT_EXPIRED_RELEASE'

/** @throws {UserError} on a machine without Debian's tools. */
export function needsDebian(): void {
  for (const tool of ['apt-get', 'dpkg-deb'])
    if (findProgram(tool) === null)
      throw new UserError(`${tool} is missing: this is no Debian. Install Asterisk 22 yourself.`)
}

/** Version of the package that apt would download. */
export async function candidateOf(apt: readonly string[]): Promise<string> {
  const told = await must(
    'Asking for the version of Asterisk',
    'apt-cache',
    [...apt, 'policy', packages[0]],
    inEnglish(),
  )
  const candidate = /^\s*Candidate: (\S+)$/m.exec(told)?.[1]
  if (candidate === undefined || candidate === '(none)')
    throw new UserError(`Debian ${suite} has no package ${packages[0]}.`)
  return candidate
}

/** Downloads and unpacks into a folder inside `work`, readable by all; returns it. */
export async function fetchPackages(apt: readonly string[], work: string, tell: Say): Promise<string> {
  tell('  downloading')
  const download = [...apt, '--download-only', 'install', ...packages]
  await must('Downloading Asterisk', 'apt-get', download, inEnglish())
  const unpacked = join(work, 'tree')
  await unpack(join(work, 'cache/archives'), unpacked, tell)
  // Independent of root's umask, the user that Linia runs as can read it.
  await must('Opening Asterisk to its user', 'chmod', ['-R', 'a+rX', unpacked])
  return unpacked
}

export function loaderOf(): { readonly loader: string; readonly triple: string; readonly debian: string } {
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

/** Options of an apt with separate state, in which no package is installed. */
export async function privateApt(work: string): Promise<string[]> {
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
        'Add one, or install Asterisk 22 yourself.',
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

/**
 * An expired release file has a valid signature and may hide a newer version, so it is used only where the operator
 * accepts it.
 */
export async function updateLists(
  apt: readonly string[],
  tell: Say,
  acceptsExpired = process.env[expiredFlag] === '1',
): Promise<void> {
  const update = [...apt, 'update', '--error-on=any']
  const first = await runCommand('apt-get', update, inEnglish())
  if (first.code === 0) return
  if (!/expired|not valid (yet|until)/i.test(first.output)) {
    await must('Refreshing the list of packages', 'apt-get', update, inEnglish())
    return
  }
  if (!acceptsExpired)
    throw new UserError(
      'The mirror’s release file has expired: the mirror is out of date, or somebody holds back newer versions.\n' +
        `Choose another mirror (/etc/apt/sources.list.d), correct this machine’s clock, or accept it once: ${expiredFlag}=1`,
    )
  tell(`  the mirror’s release file has expired; going on with it (${expiredFlag}=1)`)
  const dated = ['-o', 'Acquire::Check-Valid-Until=false', '-o', 'Acquire::Check-Date=false']
  await must('Refreshing the list of packages', 'apt-get', [...dated, ...update], inEnglish())
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
