import t from 'tap'
import type { PaperArticle } from '../../../src/http/knowledge/wire.ts'
import { blankDraft, contentOf, draftOf } from '../../../src/ui/knowledge/draft.ts'
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
