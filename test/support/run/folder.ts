/** The folder of a run, for everything that its tests write. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
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
    if (killed !== undefined && !existsSync(`/proc/${killed}`))
      rmSync(join(parent, name), { recursive: true, force: true })
  }
  const folder = await mkdtemp(join(parent, nameOf(run)))
  await chmod(folder, 0o1777)
  return folder
}

/** For a process of the run that has outlived it: `TMPDIR` is its folder. */
export function removeRunFolder(run: string): void {
  if (basename(tmpdir()).startsWith(nameOf(run))) rmSync(tmpdir(), { recursive: true, force: true })
}
