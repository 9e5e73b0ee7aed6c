/**
 * The demo's articles: the procedures that a Romanian city hall is asked about most, and what other institutions handle.
 * The procedures are realistic; the city's figures, counters and addresses are invented. Articles of other institutions
 * have their public names and sites.
 */
import { readFile } from 'node:fs/promises'
import type { Database } from '../../../src/ledger/database.ts'
import { importArticles } from '../../../src/ledger/knowledge/import.ts'
import { setSynonym, synonyms } from '../../../src/ledger/knowledge/synonyms.ts'
import { readPapers } from '../../../src/stack/commands/papers-file.ts'

const papersFiles = ['papers.ro.json', 'elsewhere.ro.json'] as const
const synonymsFile = new URL('synonyms.ro.json', import.meta.url)
const synonymsMax = 1_000

/** Adds missing articles and leaves existing ones unchanged. */
export async function seedPapers(db: Database): Promise<void> {
  const files = await Promise.all(
    papersFiles.map(async (name) =>
      readPapers(name, await readFile(new URL(name, import.meta.url), 'utf8')).map((row) => ({
        ...row,
        name,
      })),
    ),
  )
  const rows = files.flat()
  const wrong = rows.find(({ paper }) => paper === null)
  if (wrong !== undefined)
    throw new Error(`${wrong.name}, ${wrong.where}: ${wrong.wrong.map(({ field }) => field).join(', ')}`)
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
