/**
 * An older release of Linia beside this one, from the checkout's history, and the update from it to this one: as
 * docs/guides/update.md, but the telephone exchange keeps running, so that calls are up while the servers are replaced.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import { readSettings } from '../../src/config.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { adminUrlOf } from '../../src/stack/commands/running-database.ts'
import { findAsterisk } from '../../src/stack/install/asterisk-tree.ts'
import { builtUi } from '../../src/stack/install/ui-build.ts'
import { privateExchange } from '../../src/stack/services/private-exchange.ts'
import type { Stack } from '../../src/stack/stack.ts'
import type { startLinia } from '../../test/support/stack.ts'
import { asteriskCli } from '../bench/comparison/systems.ts'
import { rtp, type SystemUnderTest } from './testbed.ts'

/**
 * The last commit whose state in Redis is of version 3: before a call had legs. Since then names in Asterisk, state,
 * dialplan, recordings and schema have changed.
 */
export const olderCommit = '2ee40dbc07af0597870ac0114a55841e0621ce84'

const root = fileURLToPath(new URL('../../', import.meta.url))
const files = ['src', 'test', 'tools', 'migrations', 'asterisk-conf', 'dialplan', 'package.json']

const git = (...args: readonly string[]): boolean => spawnSync('git', ['-C', root, ...args]).status === 0

/** Null: the history holds the older release. */
export const whyNoOlderRelease = (): string | null =>
  git('cat-file', '-e', `${olderCommit}^{commit}`)
    ? null
    : `the older release (${olderCommit.slice(0, 8)}) is not in this checkout's history`

/** Starts Linia as the older release does, with its dialplan and schema. @throws without the history. */
export async function olderStart(t: Pick<Test, 'teardown'>): Promise<typeof startLinia> {
  mkdirSync(join(root, 'var'), { recursive: true })
  // Short: the path of Asterisk's socket below it may have 107 characters.
  const release = mkdtempSync(join(root, 'var/o-'))
  t.teardown(() => {
    if (process.env['KEEP'] === undefined) rmSync(release, { recursive: true, force: true })
  })
  unpackInto(release)
  const { startLinia: start } = (await import(join(release, 'test/support/stack.ts'))) as {
    startLinia: typeof startLinia
  }
  // The screens are this release's.
  return (test, options = {}) =>
    start(test, { ...options, overrides: { UI_DIR: builtUi, ...options.overrides } })
}

/** The older release that started a Linia in this folder (`test/support/stack.ts` there). */
const releaseOf = (dir: string): string => join(dir, '../../..')

function unpackInto(release: string): void {
  const archive = join(release, 'release.tar')
  const isUnpacked =
    git('archive', '--output', archive, olderCommit, ...files) &&
    spawnSync('tar', ['-xf', archive, '-C', release]).status === 0
  if (!isUnpacked) throw new Error(whyNoOlderRelease() ?? `${release} could not be filled`)
  rmSync(archive)
  symlinkSync(join(root, 'node_modules'), join(release, 'node_modules'))
}

/**
 * The files of this release take the place of the older one's, as after `git pull`. Then the database is migrated, the
 * dialplan reloaded, and each node restarted by its supervisor, the standby nodes first. Resolves when the owner has been
 * told to end; the returned function waits for its successor.
 */
export async function update(
  { linia: { stack, dir } }: SystemUnderTest,
  owner: number,
): Promise<() => Promise<void>> {
  const release = releaseOf(dir)
  for (const name of files) {
    const place = join(release, name)
    // A folder stays itself: what a process may read is bound to it.
    for (const old of statSync(place).isDirectory() ? readdirSync(place) : [])
      rmSync(join(place, old), { recursive: true })
    cpSync(join(root, name), place, { recursive: true })
  }
  const { databaseApp: appPassword, databaseRetention: retentionPassword } = stack.secrets
  await migrate({ adminUrl: await adminUrlOf(stack.settings), appPassword, retentionPassword })
  await newDialplan(stack, release)
  const nodes = [...stack.parts].filter(([part]) => part.startsWith('server'))
  const own = `server${owner}`
  for (const [, node] of nodes.filter(([part]) => part !== own)) {
    await node.stop()
    await node.start()
  }
  const [, last] = nodes.find(([part]) => part === own) ?? []
  const ended = last?.stop()
  return async () => {
    await ended
    await last?.start()
  }
}

/** Asterisk's files as this release writes them. What is not the dialplan is read at Asterisk's next start. */
async function newDialplan(stack: Stack, release: string): Promise<void> {
  const { exchange } = await privateExchange({
    // A setting that the older release did not know has its default.
    settings: { ...readSettings({}), ...stack.settings },
    secrets: stack.secrets,
    tree: (await findAsterisk())?.tree ?? null,
    rtp,
    portOf: (name) => stack.ports.get(name) ?? 0,
    common: (log) => ({ logFile: join(stack.settings.paths.log, `${log}.log`), onSpawn: () => undefined }),
  })
  const file = join(exchange.layout.etcDir, 'extensions.conf')
  const text = await readFile(file, 'utf8')
  // The files were written from here, not from the folder that was updated.
  await writeFile(file, text.replaceAll(join(root, 'dialplan'), join(release, 'dialplan')))
  const said = await asteriskCli(stack, 'dialplan reload')
  if (!said.includes('Dialplan reloaded')) throw new Error(`the dialplan was not reloaded: ${said}`)
}
