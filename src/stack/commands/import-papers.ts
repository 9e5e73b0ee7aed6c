/** `linia import papers FILE [--skip]`: imports articles from the portal's export into the running system. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Settings } from '../../config.ts'
import { importArticles } from '../../ledger/knowledge/import.ts'
import { readPapers } from './papers-file.ts'
import { withDatabase } from './running-database.ts'
import { say, UserError } from '../terminal.ts'

/** Reported errors at most, because in a file of another shape every row is wrong. */
const toldMax = 50

export async function importPapersFile(
  settings: Settings,
  args: readonly string[],
  tell = say,
): Promise<number> {
  const skip = args.includes('--skip')
  const [file = '', ...more] = args.filter((arg) => arg !== '--skip')
  if (file === '' || more.length > 0)
    throw new UserError(
      'Say which file: linia import papers papers.json — or papers.csv; --skip leaves out wrong rows',
    )
  const name = basename(file)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  })
  const rows = readPapers(name, text)
  const sentences = rows.flatMap(({ where, wrong }) =>
    wrong.map(({ field, accepted }) => `${name}, ${where}, ${field}: ${accepted}`),
  )
  for (const sentence of sentences.slice(0, toldMax)) tell(sentence)
  if (sentences.length > toldMax) tell(`… and ${sentences.length - toldMax} more`)
  const right = rows.flatMap(({ paper }) => (paper === null ? [] : [paper]))
  const wrongRows = rows.length - right.length
  if (wrongRows > 0 && !skip)
    throw new UserError(
      `Nothing was imported: ${wrongRows} of ${rows.length} rows are wrong. Mend them, or leave them out with --skip.`,
    )
  return withDatabase(settings, async (db) => {
    const { added, changed, unchanged } = await importArticles(db, right)
    tell(
      `${added} papers added, ${changed} with a new version, ${unchanged} unchanged${wrongRows > 0 ? `, ${wrongRows} left out` : ''}.`,
    )
  })
}
