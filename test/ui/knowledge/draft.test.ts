import t from 'tap'
import type { PaperArticle } from '../../../src/http/knowledge/wire.ts'
import {
  acceptDraft,
  blankDraft,
  contentOf,
  draftAbout,
  draftOf,
  faultsOf,
} from '../../../src/ui/knowledge/draft.ts'
import { longDay, today } from '../../../src/ui/shared/time/time.ts'
import { paper } from '../../city/samples.ts'

const article = {
  ...paper,
  id: 'nastere-duplicat',
  version: 3,
  recordedAt: '2026-11-24T08:00:00.000Z',
  by: null,
  standing: 'in force',
  replacedBy: null,
  stale: false,
  say: [],
  sendable: '',
} as unknown as PaperArticle

t.test('an unchanged editor form yields the same content', async (t) => {
  t.strictSame(contentOf(draftOf(article)), paper)
  const withUrl = {
    ...article,
    form: { name: 'Cerere', url: 'https://x.example/a.pdf' },
    validTo: '2026-12-31',
  }
  t.equal(contentOf({ ...draftOf(article), handledBy: ' Aquatim ' }).handledBy, 'Aquatim')
  t.match(contentOf(draftOf(withUrl)), { form: withUrl.form, validTo: '2026-12-31' })
})

t.test('empty lines and rows are left out, and spaces are trimmed', async (t) => {
  const draft = draftOf(article)
  const changed = contentOf({
    ...draft,
    title: '  Titlu ',
    asked: '\n una \n\ndoua\n',
    formName: ' ',
    needs: [...draft.needs, { key: 9, what: '  ', form: 'original', count: '1' }],
  })
  t.match(changed, { title: 'Titlu', asked: ['una', 'doua'], form: null })
  t.equal(changed.needs.length, 3)
  t.match(contentOf(blankDraft('2026-11-24')), { needs: [], validFrom: '2026-11-24', validTo: null })
})

t.test('days are in the city’s time zone', async (t) => {
  t.equal(longDay('2026-11-24', 'ro'), '24 noiembrie 2026')
  t.equal(longDay('', 'ro'), '')
  t.equal(today(Date.parse('2026-11-24T22:30:00Z')), '2026-11-25')
})

t.test('faults are told for their fields; an untouched article has none', async (t) => {
  const draft = draftOf(article)
  t.strictSame(faultsOf(draft, false), {})
  t.strictSame(
    faultsOf(
      { ...draft, title: ' ', fee: '', formUrl: 'ftp://x', sourceUrl: 'portal', validTo: '01.01.2020' },
      false,
    ),
    {
      title: 'missing',
      fee: 'missing',
      formUrl: 'not an address',
      sourceUrl: 'not an address',
      validTo: 'before its beginning',
    },
  )
  t.match(faultsOf({ ...draft, reviewedAt: '31.02.2026' }, false), { reviewedAt: 'no day' })
  const elsewhere = {
    ...draft,
    handledBy: 'Serviciul de pașapoarte',
    fee: '',
    term: '',
    counter: '',
    hours: '',
  }
  t.strictSame(faultsOf(elsewhere, false), {}, 'an article of another institution says what it has')
  t.match(faultsOf({ ...draft, id: 'Fișa mea' }, true), { id: 'not a short name' })
  t.match(faultsOf({ ...draft, id: '' }, true), { id: 'missing' })
  t.notMatch(faultsOf({ ...draft, id: '' }, false), { id: 'missing' }, 'the id of an article is not changed')
})

t.test('an unsent form is taken back only in its own shape', async (t) => {
  const draft = draftAbout('zgarie-nori', '2026-11-24')
  t.equal(draft.asked, 'zgarie-nori')
  t.strictSame(acceptDraft(JSON.parse(JSON.stringify(draftOf(article)))), draftOf(article))
  t.equal(acceptDraft({ ...draft, title: 7 }), null)
  t.equal(acceptDraft({ ...draft, needs: [{ what: 'CI' }] }), null)
  t.equal(acceptDraft('x'), null)
})
