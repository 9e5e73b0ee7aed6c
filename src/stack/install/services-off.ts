/**
 * Keeps services off during the installation of packages: `policy-rc.d` forbids their start, and PostgreSQL creates no
 * cluster of its own. Existing files of the machine are kept. An interrupted installation leaves marked files, from which
 * the next one completes it.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../command.ts'
import { isAlive, markOf } from '../lock.ts'
import type { ProcessMark } from '../lock.ts'

/** Runs a command with root's rights. @throws {UserError} */
export type AsRoot = (what: string, ...args: string[]) => Promise<string>

/** Prefix of a package tool that makes it non-interactive. */
export const unattended = ['env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C.UTF-8'] as const

/** Root of the file system; another folder in tests. */
const machine = '/'
const units = 'usr/lib/systemd/system'

const files: readonly { readonly path: string; readonly text: string; readonly mode: string }[] = [
  { path: 'usr/sbin/policy-rc.d', text: 'exit 101', mode: '755' },
  {
    path: 'etc/postgresql-common/createcluster.d/linia969.conf',
    text: 'create_main_cluster = false',
    mode: '644',
  },
]

const marked = /^# linia969 (?<mark>\{.*\})$/m

interface Mark extends ProcessMark {
  readonly services: readonly string[]
}

/** Installs the blocking files; `release` disables the services permanently and removes the files. */
export async function keepServicesOff(
  root: AsRoot,
  services: readonly string[],
  top = machine,
): Promise<{ release: () => Promise<void> }> {
  const mark = JSON.stringify({ ...markOf(process.pid), services })
  const made: string[] = []
  const work = await mkdtemp(join(tmpdir(), 'linia969-'))
  try {
    for (const { path, text, mode } of files) {
      const target = join(top, path)
      if (existsSync(target)) continue
      const own = join(work, String(made.length))
      await writeFile(own, `#!/bin/sh\n# linia969 ${mark}\n${text}\n`)
      // Registered before it exists, so that an interrupted file is removed too.
      made.push(target)
      await root('Keeping services off', 'install', '-D', '-m', mode, own, target)
    }
  } catch (error) {
    await removeAll(root, made)
    throw error
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return {
    release: async () => {
      // A unit that cannot be disabled must not leave every service of the machine blocked.
      try {
        await leaveOff(root, services, top)
      } finally {
        await removeAll(root, made)
      }
    },
  }
}

/** Files left by an interrupted installation, and the services concerned. */
export async function leftOn(top = machine): Promise<{
  readonly paths: readonly string[]
  readonly services: readonly string[]
}> {
  const paths: string[] = []
  const services = new Set<string>()
  for (const { path } of files) {
    const target = join(top, path)
    const mark = existsSync(target) ? markIn(await readFile(target, 'utf8')) : null
    // Another installation may be running now.
    if (mark === null || isAlive(mark)) continue
    paths.push(target)
    for (const service of mark.services) services.add(service)
  }
  return { paths, services: [...services] }
}

/** Completes an interrupted installation. */
export async function finishLeft(
  root: AsRoot,
  left: Awaited<ReturnType<typeof leftOn>>,
  top = machine,
): Promise<void> {
  // Still before the services may start.
  try {
    if (left.paths.length > 0)
      await root('Finishing an installation that was cut short', ...unattended, 'dpkg', '--configure', '-a')
    await leaveOff(root, left.services, top)
  } finally {
    // These files block every service of the machine, so they are removed also when a step before has failed.
    await removeAll(root, left.paths)
  }
}

async function removeAll(root: AsRoot, paths: readonly string[]): Promise<void> {
  for (const path of paths) await root('Cleaning up', 'rm', '-f', path)
}

/** Disables the services also at the next boot. Units that were not unpacked do not exist yet. */
async function leaveOff(root: AsRoot, services: readonly string[], top: string): Promise<void> {
  const there = services.filter((name) => existsSync(join(top, units, `${name}.service`)))
  if (there.length > 0 && findProgram('systemctl') !== null)
    await root('Leaving the packages’ own services off', 'systemctl', 'disable', '--quiet', ...there)
}

function markIn(text: string): Mark | null {
  const found = marked.exec(text)?.groups?.['mark']
  return found === undefined ? null : (JSON.parse(found) as Mark)
}
