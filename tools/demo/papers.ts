/**
 * The demo's papers and procedures: about those that a Romanian city hall is asked for most. The procedures are
 * real in kind; figures, counters and addresses are the demo's own and no advice to anybody.
 */
import { readFile } from 'node:fs/promises'
import type { Database } from '../../src/ledger/database.ts'
import { importPapers } from '../../src/ledger/knowledge/import.ts'
import { setSynonym, synonyms } from '../../src/ledger/knowledge/synonyms.ts'
import { readPapers } from '../../src/stack/commands/papers-file.ts'

const papersFile = new URL('papers.ro.json', import.meta.url)
const synonymsFile = new URL('synonyms.ro.json', import.meta.url)
const synonymsMax = 1_000

/** Adds what is missing and changes nothing that somebody has changed. */
export async function seedPapers(db: Database): Promise<void> {
  const rows = readPapers('papers.ro.json', await readFile(papersFile, 'utf8'))
  const wrong = rows.find(({ paper }) => paper === null)
  if (wrong !== undefined)
    throw new Error(`papers.ro.json, ${wrong.where}: ${wrong.wrong.map(({ field }) => field).join(', ')}`)
  await importPapers(
    db,
    rows.flatMap(({ paper }) => (paper === null ? [] : [paper])),
    { onlyNew: true },
  )
  await seedSynonyms(db)
}

async function seedSynonyms(db: Database): Promise<void> {
  const known = await synonyms(db, synonymsMax)
  // An editor may have taken one away: only a system without any is given them.
  if (known.length > 0) return
  const meant = JSON.parse(await readFile(synonymsFile, 'utf8')) as Record<string, string>
  for (const [word, means] of Object.entries(meant)) await setSynonym(db, { word, means }, null)
}
