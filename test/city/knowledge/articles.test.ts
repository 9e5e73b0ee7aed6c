import t from 'tap'
import { checkContent, checkPaper } from '../../../src/city/knowledge/check.ts'
import { freshSince, standingOn, type PaperContent } from '../../../src/city/knowledge/paper.ts'
import { needWords, sayPaper, sendablePaper } from '../../../src/city/knowledge/say.ts'
import { stopWords } from '../../../src/city/knowledge/stop-words.ts'
import { paper } from '../samples.ts'

t.test('an article is in force from its first to its last day', async (t) => {
  const until = { validFrom: '2026-01-01', validTo: '2026-10-31' }
  t.equal(standingOn('2025-12-31', until), 'not yet')
  t.equal(standingOn('2026-01-01', until), 'in force')
  t.equal(standingOn('2026-10-31', until), 'in force')
  t.equal(standingOn('2026-11-01', until), 'over')
  t.equal(standingOn('2099-01-01', { ...until, validTo: null }), 'in force')
})

t.test('a review is fresh for 180 days', async (t) => {
  t.equal(freshSince('2026-11-24'), '2026-05-28')
})

const said = (content: PaperContent, way: 'digits' | 'words' = 'words') =>
  sayPaper(content).map((sentence) => sentence[way])

t.test('the read-out is Romanian, with numbers in words', async (t) => {
  t.strictSame(said(paper), [
    'Aveți nevoie de:',
    'actul de identitate, în original;',
    'certificatul de căsătorie, două copii;',
    'procura notarială, în original și în copie;',
    'Se completează cerere de eliberare, de la ghișeu.',
    'Este gratuit.',
    'Unde: Serviciul de stare civilă, ghișeul 4.',
    'Program: luni–vineri 8:30–15:00.',
    'Cât durează: 3 zile lucrătoare.',
  ])
  const bare = { ...paper, needs: [], form: null, fee: '1200 lei' }
  t.strictSame(said(bare).slice(0, 2), ['Nu aveți nevoie de niciun act.', 'Taxa: o mie două sute de lei.'])
  t.equal(said(bare, 'digits')[1], 'Taxa: 1.200 de lei.')
  const many = (count: number) => needWords({ what: 'CI', form: 'copy', count })
  t.strictSame([1, 2, 10, 11, 19, 20, 21].map(many), [
    'CI, în copie',
    'CI, două copii',
    'CI, zece copii',
    'CI, 11 copii',
    'CI, 19 copii',
    'CI, 20 de copii',
    'CI, 21 de copii',
  ])
})

t.test('what another institution handles says where to go, and only what is known of it', async (t) => {
  const passport = {
    ...paper,
    title: 'Pașaport',
    needs: [],
    form: null,
    handledBy: 'Serviciul Public Comunitar de Pașapoarte Timiș',
    fee: '',
    counter: '',
    hours: '',
    term: '',
    sourceUrl: 'https://www.pasapoarte.example/acte',
  }
  t.strictSame(said(passport), [
    'De aceasta nu se ocupă primăria.',
    'Pentru pașaport vă adresați la Serviciul Public Comunitar de Pașapoarte Timiș.',
    'Pe internet: pasapoarte.example.',
  ])
  t.strictSame(
    said({ ...passport, needs: paper.needs.slice(0, 1), fee: 'gratuit', term: 'Pe loc' }).slice(2),
    [
      'Aveți nevoie de:',
      'actul de identitate, în original;',
      'Taxa: gratuit.',
      'Cât durează: pe loc.',
      'Pe internet: pasapoarte.example.',
    ],
  )
  t.strictSame(sendablePaper(passport).split('\n'), [
    'Pașaport',
    'Se rezolvă la: Serviciul Public Comunitar de Pașapoarte Timiș',
    'https://www.pasapoarte.example/acte',
  ])
  t.ok(checkContent({ ...passport }).ok, 'fee, place, hours and term may be unknown')
  const own = checkContent({ ...passport, handledBy: null })
  t.strictSame(
    own.ok ? [] : own.wrong.map(({ field }) => field),
    ['fee', 'counter', 'hours', 'term'],
    'the city knows its own',
  )
})

t.test('the sent text lists the documents, one a line, and ends with the page', async (t) => {
  const lines = sendablePaper(paper).split('\n')
  t.equal(lines[0], paper.title)
  t.equal(lines[2], '- certificatul de căsătorie, două copii')
  t.equal(lines.at(-1), paper.sourceUrl)
})

t.test('an article is validated field by field', async (t) => {
  const good = checkPaper({ ...paper, id: 'nastere-duplicat' })
  t.ok(good.ok)
  const { ok, ...bad } = checkPaper({
    ...paper,
    id: 'Naștere',
    title: '  ',
    asked: 'nu',
    needs: [
      { what: 'CI', form: 'original', count: 1 },
      { what: '', form: 'xerox', count: 0 },
    ],
    form: { name: 'Cerere', url: 'javascript:alert(1)' },
    validFrom: '2026-02-30',
    validTo: '2025-01-01',
    sourceUrl: 'portal',
    reviewedAt: null,
  })
  t.notOk(ok)
  t.strictSame('wrong' in bad && bad.wrong.map(({ field }) => field), [
    'id',
    'title',
    'asked',
    'needs[1].form',
    'needs[1].count',
    'needs[1].what',
    'form.url',
    'validFrom',
    'sourceUrl',
    'reviewedAt',
  ])
  const ends = checkContent({ ...paper, validTo: '2025-12-31' })
  t.match(ends, { ok: false, wrong: [{ field: 'validTo', accepted: 'a day not before validFrom' }] })
  t.match(checkContent({ ...paper, asked: ['bun', 7, 'x'.repeat(121)] }), {
    wrong: [{ field: 'asked[1]' }, { field: 'asked[2]' }],
  })
  for (const nothing of [{}, { needs: [null], form: 7, asked: [null] }])
    t.notOk(checkPaper(nothing).ok, 'whatever it is, it does not throw')
})

t.test('stop words are folded, and none distinguishes procedures', async (t) => {
  t.strictSame(
    stopWords.filter((word) => !/^[a-z]+$/.test(word)),
    [],
  )
  for (const word of ['nou', 'fara', 'pierdut', 'copil', 'casa']) t.notOk(stopWords.includes(word), word)
})
