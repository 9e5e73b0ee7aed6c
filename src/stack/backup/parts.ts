/** The folders in a backup beside the database, and the folders that block a restore. */
import { existsSync, type Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { Paths, Settings } from '../../config.ts'
import { sealedEnd } from '../../ledger/recordings/sealed-file.ts'
import { markFile } from '../../ledger/volumes/volume.ts'
import { UserError } from '../terminal.ts'

/** A folder of the backup and its files. */
export interface Part {
  readonly name: string
  readonly folder: string
  /** By the path relative to the folder. */
  readonly belongs: (path: string) => boolean
  /** Holds personal values in plain: encrypted wherever the dump is. */
  readonly personal?: true
  /** Copied before the database, not after it. */
  readonly early?: true
}

const everything = () => true

/**
 * Redis is left out: it holds only the present state (waiting and talking calls, ringing phones, jobs), which is
 * worthless later. Everything that must not be lost is written to the database first.
 */
export function partsOf(paths: Paths): readonly Part[] {
  return [
    // Anchored heads of the journal, copied before the dump so that the dump covers every head.
    { name: 'anchor', folder: paths.anchor, belongs: everything, early: true },
    // After the dump: every recording in it is finished by then. Only what is sealed: raw audio of a call has no key that
    // retention could destroy.
    { name: 'recordings', folder: paths.recordings, belongs: (path) => path.endsWith(sealedEnd) },
    // The city's own recordings of the prompts.
    { name: 'studio', folder: join(paths.asterisk, 'studio'), belongs: everything },
    // CEL, the independent witness, from which calls of the last minutes can be added.
    {
      name: 'cel',
      folder: dirname(paths.cel),
      belongs: (path) => path.startsWith(basename(paths.cel)),
      personal: true,
    },
  ]
}

/** Files of a part, by their path relative to its folder, without the volume's mark; none where the folder is absent. */
export async function filesOf({ folder, belongs }: Part): Promise<readonly string[]> {
  if (!existsSync(folder)) return []
  const entries: Dirent[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    entries.push(entry)
    if (!entry.isDirectory() || staysInVolume(entry.name)) continue
    const inside = join(folder, entry.name)
    entries.push(...(await readdir(inside, { recursive: true, withFileTypes: true })))
  }
  return entries
    .filter((entry) => entry.isFile() && entry.name !== markFile)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter(belongs)
    .sort()
}

/**
 * Names at the root of a volume that are no data of this system: ext4's `lost+found`, closed to all but root, and what a
 * restore has put aside inside a volume that could not be renamed itself.
 */
export const staysInVolume = (name: string): boolean => name === 'lost+found' || name.startsWith('.replaced-')

/** Whether a backup has a signed head of the journal. Heads that were given up lie in folders of their own. */
export const holdsHeads = (files: readonly { readonly path: string }[]): boolean =>
  files.some(({ path }) => /^anchor\/[^/]+\.heads$/.test(path))

/** A city's own Asterisk goes on writing its CEL, in a log folder of its own: a restore leaves it alone. */
export function restoredParts({ paths, given }: Pick<Settings, 'paths' | 'given'>): readonly Part[] {
  return partsOf(paths).filter(({ name }) => name !== 'cel' || given.ari === null)
}

/** Folders of another system at the target, which a restore would mix with. */
export async function inTheWay(settings: Pick<Settings, 'paths' | 'given'>): Promise<readonly string[]> {
  const { paths, given } = settings
  const states = [join(paths.var, 'redis'), paths.spool]
  const database = given.databaseUrl === null ? [join(paths.var, 'postgres')] : []
  const found: string[] = []
  for (const folder of [...database, ...states])
    if (existsSync(folder) && (await readdir(folder)).some((name) => !staysInVolume(name))) found.push(folder)
  for (const part of restoredParts(settings)) {
    // CEL shares its folder with logs; in the others every file is another system's, raw audio too.
    const all = part.name === 'cel' ? part : { ...part, belongs: everything }
    if ((await filesOf(all)).length > 0) found.push(part.folder)
  }
  return found
}

/** The target folder from the arguments. @throws {UserError} when it is inside a copied folder. */
export function folderIn({ paths }: Settings, args: readonly string[], usage: string): string {
  const [given = '', ...more] = args
  if (given === '' || more.length > 0) throw new UserError(`Say where to: ${usage}`)
  const folder = resolve(given)
  if (`${folder}${sep}`.startsWith(`${paths.var}${sep}`))
    throw new UserError(`${folder} lies in ${paths.var} and would be lost with it. Choose another disk.`)
  return folder
}
