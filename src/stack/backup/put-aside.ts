/**
 * Puts another system's data aside before a restore. Everything is renamed within its own file system: nothing is copied,
 * nothing is deleted, and a restore that is killed in between leaves each file in one of two places.
 */
import { lstat, mkdir, readdir, rename } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { Paths } from '../../config.ts'
import { onDisk } from '../files.ts'
import { UserError, type Say } from '../terminal.ts'
import { staysInVolume } from './parts.ts'

/** Ends the names of all folders that one restore puts data into. */
export const newAside = (): string => `replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`

export async function putAside(
  { var: folder }: Pick<Paths, 'var'>,
  found: readonly string[],
  aside: string,
  tell: Say,
): Promise<void> {
  for (const path of found) {
    const isOurs = path.startsWith(folder + sep)
    const to = isOurs
      ? join(folder, aside, relative(folder, path))
      : join(dirname(path), `${basename(path)}.${aside}`)
    const done = (await renamed(path, to)) ? to : await emptied(path, aside)
    tell(`Put aside: ${path} → ${done}`)
  }
}

/**
 * False: the path itself has to stay. It is a mount (EBUSY), on another disk than its target (EXDEV), below a folder of
 * another user, or a link, which leads the restored files to the disk that is meant for them.
 */
async function renamed(path: string, to: string): Promise<boolean> {
  if ((await lstat(path)).isSymbolicLink()) return false
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    await rename(path, to)
    return true
  } catch (error) {
    if (isOneOf(error, ['EBUSY', 'EXDEV', 'EACCES', 'EPERM', 'EROFS'])) return false
    throw error
  }
}

/** Moves what is in the folder into one inside it, and returns that one. */
async function emptied(folder: string, aside: string): Promise<string> {
  const inside = join(folder, `.${aside}`)
  await onDisk(folder, async () => {
    await mkdir(inside, { recursive: true, mode: 0o700 })
    for (const name of await readdir(folder))
      if (!staysInVolume(name)) await moved(join(folder, name), join(inside, name))
  })
  return inside
}

async function moved(from: string, to: string): Promise<void> {
  try {
    await rename(from, to)
  } catch (error) {
    if (!isOneOf(error, ['EBUSY', 'EXDEV'])) throw error
    throw new UserError(
      `${from} is a mount inside another one. Unmount it, and restore again with --replace.`,
      {
        cause: error,
      },
    )
  }
}

const isOneOf = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
