import t from 'tap'
import type { Notice } from '../../../src/http/knowledge/wire.ts'
import { concerning, shortened } from '../../../src/ui/knowledge/concerning.ts'

const notice = (id: number, articles: readonly string[], queues: readonly string[]): Notice => ({
  id,
  text: 'Ghișeul 3 e închis',
  from: '2026-11-24',
  to: '2026-11-24',
  articles: articles.map((article) => ({ id: article, title: article })),
  queues: [...queues],
  by: 'Felicia Ene',
  at: '2026-11-24T08:00:00.000Z',
})

t.test('a notice shows where it is named; one that names nothing shows in every call', (t) => {
  const all = [
    notice(1, ['a'], []),
    notice(2, [], ['q']),
    notice(3, [], []),
    notice(4, ['a', 'b'], ['q', 'r']),
  ]
  const ids = (about: Parameters<typeof concerning>[1]) => concerning(all, about).map(({ id }) => id)
  t.strictSame(ids({ article: 'a' }), [1, 4])
  t.strictSame(ids({ article: 'b' }), [4])
  t.strictSame(ids({ article: 'c' }), [], 'no notice of everybody on every article')
  t.strictSame(ids({ queue: 'q' }), [2, 3, 4])
  t.strictSame(ids({ queue: 's' }), [3])
  t.end()
})

t.test('the one line has whole words', (t) => {
  t.equal(shortened('Ghișeul 5 e închis azi.'), 'Ghișeul 5 e închis azi.')
  t.equal(shortened('Strada Oituz nu are apă până la ora 16'), 'Strada Oituz nu are apă…')
  t.equal(shortened('La informații: azi, de la ora 12, nimic'), 'La informații: azi, de la…')
  t.equal(shortened('x'.repeat(40)), `${'x'.repeat(26)}…`)
  t.end()
})
