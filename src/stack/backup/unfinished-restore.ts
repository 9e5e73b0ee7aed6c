/** A restore that has not ended well leaves a file behind, with which no system starts: half of a ledger is none. */
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Paths } from '../../config.ts'
import { unlessMissing } from '../../missing-file.ts'
import { writePrivate } from '../files.ts'
import { UserError } from '../terminal.ts'

const markOf = (paths: Paths): string => join(paths.var, 'unfinished-restore.json')

interface Unfinished {
  readonly from: string
  readonly begunAt: string
  /** Ends of the names of the folders that this restore, and unfinished ones before it, have put data into. */
  readonly aside: readonly string[]
}

/** Returns where earlier, unfinished restores have put data aside. */
export async function beginRestore(paths: Paths, from: string, aside: string): Promise<readonly string[]> {
  const before = (await unfinished(paths))?.aside ?? []
  const mark: Unfinished = { from, begunAt: new Date().toISOString(), aside: [...before, aside] }
  await writePrivate(markOf(paths), `${JSON.stringify(mark)}\n`)
  return before
}

export async function endRestore(paths: Paths): Promise<void> {
  await rm(markOf(paths), { force: true })
}

/** @throws {UserError} */
export async function refuseUnfinished(paths: Paths): Promise<void> {
  const found = await unfinished(paths)
  if (found === null) return
  const aside = (found.aside ?? []).map((name) => `*${name}`).join(', ')
  throw new UserError(
    `A restore here has not ended, or its journal did not hold: of ${found.from ?? 'a backup'}, begun at ${found.begunAt ?? 'an unknown time'}.\n` +
      (aside === ''
        ? ''
        : `  What was here before, if anything was, lies in the folders ${aside}; none of it was deleted.\n`) +
      `  Restore again with --replace. To serve what there is all the same, ask the auditor, and remove ${markOf(paths)}`,
  )
}

/** Null: none. Without its fields: the mark was half written. */
async function unfinished(paths: Paths): Promise<Partial<Unfinished> | null> {
  const text = await readFile(markOf(paths), 'utf8').catch(unlessMissing)
  if (text === undefined) return null
  try {
    return Object(JSON.parse(text)) as Partial<Unfinished>
  } catch {
    return {}
  }
}
