/** Latency of the knowledge base search, with a thousand articles in two versions each. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { PaperContent } from '../../../src/city/knowledge/paper.ts'
import { PaperId } from '../../../src/city/knowledge/paper.ts'
import { openDatabase, type Database } from '../../../src/ledger/database.ts'
import { importArticles } from '../../../src/ledger/knowledge/import.ts'
import { searchArticles } from '../../../src/ledger/knowledge/search.ts'
import { readPapers } from '../../../src/stack/commands/papers-file.ts'
import type { Row } from '../report/figures.ts'

const demo = fileURLToPath(new URL('../../demo/seed/papers.ro.json', import.meta.url))
const phrasesFile = new URL('../../../test/city/knowledge/phrases.ro.json', import.meta.url)
const entries = 1_000
const versions = 2
const day = '2026-11-24'
const warmUp = 50

/** Milliseconds of each search. Phrases are searched as typed: after each word. */
export async function paperSearches(databaseUrl: string, count: number): Promise<Row> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: 2 })
  try {
    await fill(db)
    const texts = await typed()
    const durations: number[] = []
    for (let asked = 0; asked < warmUp + count; asked += 1) {
      const text = texts[asked % texts.length] ?? ''
      const startedAt = performance.now()
      await searchArticles(db, { text, day, limit: 12 })
      if (asked >= warmUp) durations.push(performance.now() - startedAt)
    }
    return { name: `search among ${entries} papers`, durations, budget: { p99: 50 } }
  } finally {
    await db.destroy()
  }
}

/** Copies of the demo's articles, each with words of its own, stored in two versions. */
async function fill(db: Database): Promise<void> {
  const rows = readPapers('papers.ro.json', await readFile(demo, 'utf8')).flatMap(({ paper }) => paper ?? [])
  for (let version = 1; version <= versions; version += 1) {
    const papers = Array.from({ length: entries }, (_, index) =>
      variant(rows[index % rows.length]!, index, version),
    )
    await importArticles(db, papers)
  }
}

function variant(paper: PaperContent & { readonly id: PaperId }, index: number, version: number) {
  const round = Math.floor(index / 80)
  const place = `cartierul ${syllables(round * 7 + 3)} strada ${syllables(index)}`
  return {
    ...paper,
    id: PaperId(`bench-${index}`),
    title: `${paper.title} ${syllables(round)}`,
    problem: `${paper.problem} Pentru ${place}.`,
    fee: `${version} lei`,
  }
}

/** A word that no other article contains. */
function syllables(seed: number): string {
  const parts = ['ba', 'ce', 'di', 'fo', 'gu', 'le', 'mi', 'no', 'pu', 'ra']
  return Array.from(String(1_000 + seed), (digit) => parts[Number(digit)]).join('')
}

async function typed(): Promise<readonly string[]> {
  const { kept } = JSON.parse(await readFile(phrasesFile, 'utf8')) as { kept: [string, string][] }
  return kept.flatMap(([phrase]) => {
    const words = phrase.split(' ')
    return words.map((_, index) => words.slice(0, index + 1).join(' '))
  })
}
