/** The search over the demo's articles: with phrases it was tuned on, and with held-out phrases. */
import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import t from 'tap'
import { searchArticles } from '../../../src/ledger/knowledge/search.ts'
import { seedPapers } from '../../../tools/demo/seed/papers.ts'
import { testDatabase } from '../../support/postgres.ts'

const { db } = await testDatabase(t)
const day = '2026-11-24'
await seedPapers(db)

const phrases = JSON.parse(
  await readFile(new URL('../../city/knowledge/phrases.ro.json', import.meta.url), 'utf8'),
) as Record<'kept' | 'unseen' | 'misspelt' | 'elsewhere', readonly (readonly [phrase: string, id: string])[]>

async function misses(list: readonly (readonly [string, string])[]): Promise<string[]> {
  const missed: string[] = []
  for (const [text, wanted] of list) {
    const ids = (await searchArticles(db, { text, day, limit: 3 })).map(({ id }) => String(id))
    if (!ids.includes(wanted)) missed.push(`${text} → ${wanted}, not ${ids.join(', ')}`)
  }
  return missed
}

for (const [kind, least] of [
  ['kept', 95],
  ['unseen', 81],
  ['misspelt', 31],
  ['elsewhere', 29],
] as const)
  t.test(`${kind} phrases find their article among the first three`, async (t) => {
    const list = phrases[kind]
    const missed = await misses(list)
    t.comment(`${list.length - missed.length} of ${list.length}; missed:\n${missed.join('\n')}`)
    t.ok(list.length - missed.length >= least)
  })

t.test('diacritics, cases and vowel changes do not separate words', async (t) => {
  const folded = await sql<{ word: string }>`
    select fold(word) as word from unnest(array['Știință', 'ŞTIINŢĂ', 'stiinta', 'Știint\u0103']) word`.execute(
    db,
  )
  t.strictSame(new Set(folded.rows.map(({ word }) => word)), new Set(['stiinta']))
  for (const family of [
    'groapă groapa gropi gropile gropilor',
    'stradă strada străzi străzile străzii străzilor',
    'clădire clădirea clădirii clădiri clădirilor',
    'naștere nașterea nașterii',
    'căsătorie căsătoria căsătoriei căsătorii căsătorit',
    'certificat certificatul certificate certificatele certificatelor certificatului',
    'plată plata plăți plății plătit plătesc',
    'mașină mașini mașinii mașinilor mașina',
    'autorizație autorizația autorizații autorizației autorizațiilor',
    'amendă amenzi amenda amenzile',
  ]) {
    const { rows } = await sql<{ stems: string }>`select stems_of(${family}) as stems`.execute(db)
    t.equal(new Set(rows[0]?.stems.split(' ')).size, 1, `${family}: ${rows[0]?.stems}`)
  }
})

t.test('incomplete words and typing errors find the article', async (t) => {
  for (const text of [
    'urb',
    'urbanis',
    'certificat de urbansm',
    'CERTIFICATUL URBANISMULUI',
    'ceritficat urbanism',
  ])
    t.ok((await misses([[text, 'certificat-urbanism']])).length === 0, text)
})

t.test('stop words find nothing, and no input makes the search fail', async (t) => {
  const ask = (text: string) => searchArticles(db, { text, day, limit: 3 })
  for (const text of [
    '',
    '   ',
    'bună ziua aș vrea să știu',
    'ce acte',
    '?!',
    'Б',
    '%',
    '_',
    "'",
    '\\',
    '😀',
  ])
    t.strictSame(await ask(text), [], text)
  for (const text of [
    'x'.repeat(5_000),
    'a '.repeat(5_000),
    '%%buletin__',
    "buletin'; drop table paper_words",
    '(((',
  ])
    await t.resolves(ask(text), text.slice(0, 20))
})
