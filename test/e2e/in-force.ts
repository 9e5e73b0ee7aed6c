/** Waits until every node works by what the database says: configuration, skills, blocks, notices, contacts. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readContent, readCopy } from '../../src/people/directory-content.ts'
import { openTestDatabase } from '../support/postgres.ts'
import type { Linia } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** A node writes its copy right after it has taken the content. */
export async function inForce(linia: Pick<Linia, 'databaseUrl' | 'stack'>): Promise<void> {
  const { spool } = linia.stack.settings.paths
  const db = openTestDatabase(linia.databaseUrl)
  try {
    await until(async () => {
      const content = await readContent(db)
      const copies = readdirSync(spool).filter((name) => /^directory-.+\.json$/.test(name))
      const taken = await Promise.all(copies.map((name) => readCopy(join(spool, name))))
      return copies.length > 0 && taken.every((copy) => isDeepStrictEqual(copy, content))
    })
  } finally {
    await db.destroy()
  }
}
