/**
 * The bare Debian 13 root of every machine of `make fresh`, with git, make, Node.js and npm only. Created once by
 * mmdebstrap from the host's own Debian mirror, then cached.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { must, runCommand } from '../../src/stack/command.ts'
import { step, UserError, type Say } from '../../src/stack/terminal.ts'

/** Version of the recipe; part of the folder's name. */
const recipe = 1
const suite = 'trixie'
const included = ['git', 'make', 'nodejs', 'npm', 'ca-certificates']
/** Older ones lack Debian's newer packages, and apt would upgrade instead of installing. */
const keptForDays = 30

/** @throws {UserError} where this machine has no mmdebstrap or no Debian mirror. */
export async function baseRoot(cache: string, tell: Say): Promise<string> {
  const root = join(cache, `debian-${suite}-${process.arch}-${recipe}`)
  const mark = join(root, 'etc/debian_version')
  const fresh = await runCommand('find', [mark, '-ctime', `-${keptForDays}`])
  if (fresh.code === 0 && fresh.stdout !== '') return root
  await mkdir(cache, { recursive: true })
  const making = `${root}.making`
  for (const left of [making, root]) await rm(left, { recursive: true, force: true })
  const options = await aptOptions()
  await step(`Making a bare Debian ${suite}`, tell, async () => {
    await must('Making a bare Debian', 'mmdebstrap', [
      '--variant=minbase',
      `--include=${included.join(',')}`,
      ...options.map((line) => `--aptopt=${line}`),
      suite,
      making,
      ...(await debianSources()),
    ])
  })
  await rename(making, root)
  return root
}

/** The host's own sources, so that no mirror is named here. */
async function debianSources(): Promise<readonly string[]> {
  const parts = '/etc/apt/sources.list.d'
  const names = existsSync(parts) ? (await readdir(parts)).map((name) => join(parts, name)) : []
  const found: string[] = []
  for (const path of ['/etc/apt/sources.list', ...names].filter((one) => /\.(list|sources)$/.test(one))) {
    const text = existsSync(path) ? await readFile(path, 'utf8') : ''
    if (new RegExp(`^(deb |Suites:).*\\b${suite}\\b`, 'm').test(text)) found.push(path)
  }
  if (found.length === 0)
    throw new UserError(
      `This machine’s apt has no source of Debian ${suite}, from which a bare one could be made.`,
    )
  return found
}

/** What this host's mirror needs to be accepted (a mirror that is behind), as lines of apt.conf. */
async function aptOptions(): Promise<readonly string[]> {
  const dump = await must('Asking apt for its settings', 'apt-config', ['dump'])
  return dump.split('\n').filter((line) => /^Acquire::(Check-Valid-Until|Check-Date) /.test(line))
}
