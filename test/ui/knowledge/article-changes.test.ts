import t from 'tap'
import { changesBetween } from '../../../src/ui/knowledge/drafts/article-changes.ts'
import { contentOf, textFields, type TextField } from '../../../src/ui/knowledge/draft.ts'
import { paper } from '../../city/samples.ts'

type Content = Parameters<typeof changesBetween>[0]

const spelling = {
  need: ({ what, form, count }: Content['needs'][number]) => `${what} (${form} ${count})`,
  day: (day: string) => day,
}
const content = paper as unknown as Content
const changes = (after: Partial<Content>) => changesBetween(content, { ...content, ...after }, spelling)

t.test('versions of the same content have no differences', async (t) => {
  t.strictSame(changes({}), [])
})

t.test('words added and removed are parts of their field', async (t) => {
  t.strictSame(changes({ hours: 'luni–vineri 8:30–16:00, joi' }), [
    {
      field: 'hours',
      parts: [
        { text: 'luni–vineri ', change: null },
        { text: '8:30–15:00', change: 'removed' },
        { text: '8:30–16:00, joi', change: 'added' },
      ],
    },
  ])
})

t.test('words with Romanian letters are whole words', async (t) => {
  const [field] = changes({ counter: 'Serviciul de stare civilă, ghișeele 4 și 5.' })
  t.match(field, { field: 'counter' })
  const words = field?.parts.filter(({ change }) => change !== null).map(({ text }) => text.trim())
  t.ok(words?.includes('ghișeul') && words.includes('ghișeele'), String(words))
})

t.test('a document to bring, a form and an end are fields of their own', async (t) => {
  const fields = changes({
    needs: content.needs.slice(1),
    form: null,
    validTo: '2026-12-31',
    reviewedAt: '2026-11-24',
  }).map(({ field }) => field)
  t.strictSame(fields, ['needs', 'formName', 'validTo', 'reviewedAt'])
})

t.test('every field of the form is compared, in the order of the form', async (t) => {
  const other = contentOf({
    ...(Object.fromEntries(textFields.map((field) => [field, 'altfel'])) as Record<TextField, string>),
    needs: [],
  })
  const all = changes(other).map(({ field }) => field)
  // The form itself is compared with this order in test/e2e/city/knowledge.test.ts.
  t.strictSame(all, [
    'title',
    'domain',
    'problem',
    'asked',
    'needs',
    'formName',
    'handledBy',
    'fee',
    'term',
    'counter',
    'hours',
    'basis',
    'sourceUrl',
    'validFrom',
    'validTo',
    'reviewedAt',
  ])
})
