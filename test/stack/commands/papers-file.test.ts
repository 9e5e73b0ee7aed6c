import { readFile } from 'node:fs/promises'
import t from 'tap'
import { readCsv } from '../../../src/people/people-import/csv.ts'
import { columns, readPapers } from '../../../src/stack/commands/papers-file.ts'
import { paper } from '../../city/samples.ts'

const head = columns.join(',')
const row = (cells: Partial<Record<(typeof columns)[number], string>>): string => {
  const usual = {
    id: 'nastere-duplicat',
    domain: 'Stare civilă',
    title: 'Certificat de naștere: duplicat',
    problem: 'Când certificatul s-a pierdut.',
    asked: 'am pierdut certificatul de naștere',
    needs:
      'Actul de identitate [original]|Certificatul de căsătorie [2 copii]|Procura notarială [original și copie]',
    formName: 'Cerere de eliberare',
    formUrl: '',
    handledBy: '',
    fee: 'Gratuit',
    counter: 'Serviciul de stare civilă, ghișeul 4.',
    hours: 'luni–vineri 8:30–15:00',
    term: '3 zile lucrătoare',
    basis: 'Legea nr. 119/1996',
    validFrom: '2026-01-01',
    validTo: '',
    sourceUrl: 'https://portal.primarie.example/acte/nastere-duplicat',
    reviewedAt: '2026-10-05',
    ...cells,
  }
  return columns.map((column) => `"${usual[column].replaceAll('"', '""')}"`).join(',')
}

t.test('CSV files of spreadsheets are read', async (t) => {
  const text = '\uFEFFa,b\r\n"1, ""doi""","x\ny"\r\n\r\n3,\n'
  t.strictSame(readCsv(text), [
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1, "doi"', 'x\ny'] },
    { line: 5, cells: ['3', ''] },
  ])
  t.strictSame(readCsv('a;b\n1,5;2'), [
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1,5', '2'] },
  ])
  t.throws(() => readCsv('a\n"b'), /the row that begins on line 2 has a quote that does not end/)
  t.strictSame(readCsv(''), [])
})

t.test('a CSV row and a JSON object give the same article', async (t) => {
  const expected = { ...paper, id: 'nastere-duplicat' }
  t.strictSame(readPapers('p.csv', `${head}\n${row({})}\n`)[0]?.paper, expected)
  t.strictSame(readPapers('p.json', JSON.stringify([expected]))[0]?.paper, expected)
})

t.test('errors are reported with row, line and field', async (t) => {
  const text = [
    head,
    row({}),
    row({ id: 'al-doilea', title: 'două\nrânduri', validFrom: '2026-02-30' }),
    row({ id: 'al-treilea', needs: 'Actul de identitate', sourceUrl: 'portal' }),
    row({}),
    `${row({ id: 'al-patrulea' })},prea mult`,
  ].join('\n')
  const rows = readPapers('p.csv', text)
  t.strictSame(
    rows.flatMap(({ where, wrong }) => wrong.map(({ field }) => `${where}: ${field}`)),
    [
      'row 2 (line 3): validFrom',
      'row 3 (line 5): needs[0]',
      'row 3 (line 5): sourceUrl',
      'row 4 (line 6): id',
      'row 5 (line 7): column 19',
    ],
  )
  t.equal(rows.filter(({ paper }) => paper !== null).length, 1)
  t.match(rows[3]?.wrong[0]?.accepted, /row 1 \(line 2\)/)
})

t.test('a file of another format is refused as a whole, with the expected format', async (t) => {
  for (const [name, text, sentence] of [
    ['p.json', '{', /^p\.json: this is not JSON: /],
    ['p.json', '{}', /^p\.json: a list of papers is expected/],
    ['p.json', '[]', /^p\.json: there are no papers in it/],
    ['p.csv', '', /^p\.csv: the first line names the columns: id,domain,/],
    ['p.csv', 'id,titlu\n1,2', /Missing: domain, title, fee.*Not known: "titlu"/s],
    ['p.csv', `${head}\n"x`, /^p\.csv: the row that begins on line 2 has a quote that does not end\.$/],
  ] as const)
    t.throws(() => readPapers(name, text), sentence, text.slice(0, 20))
  t.equal(readPapers('p.json', '[7, null, "x", {}]').filter(({ paper }) => paper !== null).length, 0)
})

t.test('the demo’s articles are valid and cover at least eight domains', async (t) => {
  const folder = new URL('../../../tools/demo/seed/', import.meta.url)
  const text = await readFile(new URL('papers.ro.json', folder), 'utf8')
  const rows = readPapers('papers.ro.json', text)
  t.strictSame(
    rows.flatMap(({ where, wrong }) => wrong.map(({ field, accepted }) => `${where} ${field}: ${accepted}`)),
    [],
  )
  t.ok(rows.length >= 60, `${rows.length} papers`)
  t.ok(new Set(rows.map(({ paper }) => paper?.domain)).size >= 8)
  const others = readPapers('e.json', await readFile(new URL('elsewhere.ro.json', folder), 'utf8'))
  t.strictSame(
    others.flatMap(({ where, wrong }) => wrong.map(({ field }) => `${where} ${field}`)),
    [],
  )
  t.ok(others.every(({ paper }) => paper?.handledBy !== null))
  t.notMatch(text + (await readFile(new URL('synonyms.ro.json', folder), 'utf8')), /[şţŞŢ]/)
})
