import { join } from 'node:path'
import { pino } from 'pino'
import type { Test } from 'tap'
import { openDirectory, type LiveDirectory } from '../../src/people/directory.ts'
import { openTestDatabase } from '../support/postgres.ts'

/** A directory with connections of its own: one whose `url` leads nowhere reads the file, without one it is empty. */
export async function openedDirectory(
  t: Test,
  url: string,
  copy?: string,
): Promise<{ readonly directory: LiveDirectory; readonly copyFile: string }> {
  const closings: (() => Promise<void>)[] = []
  // Before the folder is made: tap removes it first otherwise, while the copy is still being written.
  t.teardown(async () => {
    for (const close of closings) await close()
  })
  const copyFile = copy ?? join(t.testdir({}), 'copy', 'people.json')
  const db = openTestDatabase(url, 2)
  const log = pino({ level: 'silent' })
  const directory = await openDirectory({ db, databaseUrl: url, copyFile, log, refreshMs: 60_000 })
  closings.push(
    () => directory.stop(),
    () => db.destroy(),
  )
  return { directory, copyFile }
}
