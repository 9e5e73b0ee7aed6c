/** What of Linia's folders a backup holds beside the database, and what stands in the way of a restored one. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import type { Paths, Settings } from '../../config.ts'
import { UserError } from '../terminal.ts'

/** A folder's name in the backup, and which files below it belong to it. */
export interface Part {
  readonly name: string
  readonly folder: string
  readonly belongs: (name: string) => boolean
  /** Copied before the database, not after it. */
  readonly early?: true
}

const everything = () => true

/**
 * Redis is left out: it holds the line of this moment (who waits, who talks, whose phone rings, what is to be
 * done next), and calls that have long ended are no calls. Whatever must not be lost is in the database first.
 */
export function partsOf(paths: Paths): readonly Part[] {
  return [
    // The heads of the journal that were anchored outside the database: none that the dump does not reach.
    { name: 'anchor', folder: paths.anchor, belongs: everything, early: true },
    // After the database: a recording that it names is finished and there.
    { name: 'recordings', folder: paths.recordings, belongs: everything },
    // The city's own recordings of the prompts.
    { name: 'studio', folder: join(paths.asterisk, 'studio'), belongs: everything },
    // Asterisk's own record, the witness: what the dump lacks of the last minutes is read from it.
    { name: 'cel', folder: dirname(paths.cel), belongs: (name) => name.startsWith(basename(paths.cel)) },
  ]
}

/** Files below a part's folder, by their path there; none where the folder is not there. */
export async function filesOf({ folder, belongs }: Part): Promise<readonly string[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && belongs(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}

/** Folders that another system has left here, which a restored one would mix with. */
export async function inTheWay(paths: Paths, withDatabase: boolean): Promise<readonly string[]> {
  const states = [join(paths.var, 'redis'), paths.spool]
  const database = withDatabase ? [join(paths.var, 'postgres')] : []
  const found: string[] = []
  for (const folder of [...database, ...states])
    if (existsSync(folder) && (await readdir(folder)).length > 0) found.push(folder)
  for (const part of partsOf(paths)) if ((await filesOf(part)).length > 0) found.push(part.folder)
  return found
}

/** Where a copy goes: the one word that was given, not below what it copies. */
export function folderIn({ paths }: Settings, args: readonly string[], usage: string): string {
  const [given = '', ...more] = args
  if (given === '' || more.length > 0) throw new UserError(`Say where to: ${usage}`)
  const folder = resolve(given)
  if (`${folder}${sep}`.startsWith(`${paths.var}${sep}`))
    throw new UserError(`${folder} lies in ${paths.var} and would be lost with it. Choose another disk.`)
  return folder
}
