/** The folder of a run, for everything that its tests write. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** `run`: the process that runs it. */
const nameOf = (run: string): string => `linia-test-run-${run}-`

/** Also removes the folders of runs that were killed. */
export async function makeRunFolder(run: string): Promise<string> {
  const parent = tmpdir()
  for (const name of readdirSync(parent)) {
    const [, killed] = /^linia-test-run-(\d+)-/.exec(name) ?? []
    if (killed !== undefined && !existsSync(`/proc/${killed}`)) removeFolder(join(parent, name))
  }
  const folder = await mkdtemp(join(parent, nameOf(run)))
  await chmod(folder, 0o1777)
  return folder
}

/** With the disks that a test has mounted in it: one that is killed does not unmount them. */
export function removeFolder(folder: string): void {
  // proc_pid_mountinfo(5): the fifth field is the place.
  const places = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((place) => place.startsWith(`${folder}/`))
  for (const place of places.toReversed()) spawnSync('umount', ['-l', place])
  rmSync(folder, { recursive: true, force: true })
}

/** For a process of the run that has outlived it: `TMPDIR` is its folder. */
export function removeRunFolder(run: string): void {
  if (basename(tmpdir()).startsWith(nameOf(run))) removeFolder(tmpdir())
}
