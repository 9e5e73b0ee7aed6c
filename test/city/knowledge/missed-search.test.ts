import t from 'tap'
import { countedSearch } from '../../../src/city/knowledge/missed-search.ts'

t.test('a search is counted without case and doubled spaces', async (t) => {
  t.equal(countedSearch('  Zgârie   NORI '), 'zgârie nori')
})

t.test('a search that may hold a personal value is not counted', async (t) => {
  for (const text of [
    '1960101223344',
    'tm 99 abc',
    'linia 33',
    'plata 0722 123 456',
    'CC2026-000123',
    'ana@undeva.example',
  ])
    t.equal(countedSearch(text), null, text)
})

t.test('a text that is no question is not counted', async (t) => {
  for (const text of ['', 'a', '12', '...', 'cuvânt '.repeat(10)]) t.equal(countedSearch(text), null, text)
})
