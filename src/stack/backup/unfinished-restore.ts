/** A restore that has not ended well leaves a file behind, with which no system starts: half of a ledger is none. */
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Paths } from '../../config.ts'
import { writePrivate } from '../files.ts'
import { UserError } from '../terminal.ts'

const markOf = (paths: Paths): string => join(paths.var, 'unfinished-restore.json')

export async function beginRestore(paths: Paths, from: string): Promise<void> {
  await writePrivate(markOf(paths), `${JSON.stringify({ from, begunAt: new Date().toISOString() })}\n`)
}

export async function endRestore(paths: Paths): Promise<void> {
  await rm(markOf(paths), { force: true })
}

/** @throws {UserError} */
export async function refuseUnfinished(paths: Paths): Promise<void> {
  const file = markOf(paths)
  if (!existsSync(file)) return
  throw new UserError(
    `A restore here has not ended, or its journal did not hold (${(await readFile(file, 'utf8')).trim()}).\n` +
      '  Restore again with --replace. To serve what there is all the same, ask the auditor, and remove ' +
      file,
  )
}
