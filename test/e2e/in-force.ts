/**
 * Waits until every node works by what the database says (configuration, skills, blocks, notices, contacts), and every Asterisk has
 * loaded the numbers of the line.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readContent, readCopy } from '../../src/people/directory-content.ts'
import { openTestDatabase } from '../support/postgres.ts'
import type { Linia } from '../support/stack.ts'
import { until } from '../support/until.ts'

/** A node writes its copy right after it has taken the content. */
export async function inForce({ databaseUrl, dir, stack }: Linia): Promise<void> {
  const { spool } = stack.settings.paths
  const db = openTestDatabase(databaseUrl)
  try {
    await until(async () => {
      const content = await readContent(db)
      const copies = readdirSync(spool).filter((name) => /^directory-.+\.json$/.test(name))
      const taken = await Promise.all(copies.map((name) => readCopy(join(spool, name))))
      const numbers = content.configuration.numbers.map(({ number }) => number)
      return (
        copies.length > 0 &&
        taken.every((copy) => isDeepStrictEqual(copy, content)) &&
        globSync('*/etc/numbers.conf', { cwd: dir }).every((file) => isLoaded(join(dir, file), numbers))
      )
    })
  } finally {
    await db.destroy()
  }
}

/** Until it is loaded, the file has a mark beside it. */
function isLoaded(file: string, numbers: readonly string[]): boolean {
  const text = readFileSync(file, 'utf8')
  return !existsSync(`${file}.unread`) && numbers.every((number) => text.includes(number))
}
