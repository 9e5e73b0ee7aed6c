/**
 * The demo's articles: the procedures that a Romanian city hall is asked about most. The procedures are realistic;
 * figures, counters and addresses are invented.
 */
import { readFile } from 'node:fs/promises'
import type { Database } from '../../../src/ledger/database.ts'
import { importArticles } from '../../../src/ledger/knowledge/import.ts'
import { setSynonym, synonyms } from '../../../src/ledger/knowledge/synonyms.ts'
import { readPapers } from '../../../src/stack/commands/papers-file.ts'

const papersFile = new URL('papers.ro.json', import.meta.url)
const synonymsFile = new URL('synonyms.ro.json', import.meta.url)
const synonymsMax = 1_000

/** Adds missing articles and leaves existing ones unchanged. */
export async function seedPapers(db: Database): Promise<void> {
  const rows = readPapers('papers.ro.json', await readFile(papersFile, 'utf8'))
  const wrong = rows.find(({ paper }) => paper === null)
  if (wrong !== undefined)
    throw new Error(`papers.ro.json, ${wrong.where}: ${wrong.wrong.map(({ field }) => field).join(', ')}`)
  await importArticles(
    db,
    rows.flatMap(({ paper }) => (paper === null ? [] : [paper])),
    { onlyNew: true },
  )
  await seedSynonyms(db)
}

async function seedSynonyms(db: Database): Promise<void> {
  const known = await synonyms(db, synonymsMax)
  // An editor may have deleted synonyms: they are added only to a system without any.
  if (known.length > 0) return
  const meant = JSON.parse(await readFile(synonymsFile, 'utf8')) as Record<string, string>
  for (const [word, means] of Object.entries(meant)) await setSynonym(db, { word, means }, null)
}
