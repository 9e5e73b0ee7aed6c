import t from 'tap'
import { codeOptions, isFoundBy, shortNames } from '../../../src/ui/shared/server/wrap-up-codes.ts'

const [taxes, cars, papers] = [
  { value: 'taxe', path: 'Taxe', queues: ['general'] },
  { value: 'auto', path: 'Taxe › Mașini', queues: ['taxe'] },
  { value: 'acte', path: 'Acte', queues: null },
]
const all = [taxes, cars, papers]

t.test('an agent chooses among the codes of the call’s queue', (t) => {
  t.same(codeOptions(all, 'general', null), [taxes, papers])
  t.same(codeOptions(all, 'other', null), [papers])
  t.same(codeOptions(all, null, null), all, 'a call that was in no queue may be about anything')
  t.same(codeOptions([], 'general', null), [])
  t.end()
})

t.test('the chosen code stays, of another queue or removed', (t) => {
  t.same(codeOptions(all, 'general', { id: 'auto', name: 'Taxe › Auto' }), all)
  const gone = { value: 'spatii', path: 'Spații verzi', queues: null }
  t.same(codeOptions(all, 'general', { id: 'spatii', name: 'Spații verzi' }), [taxes, papers, gone])
  t.match(codeOptions([], 'general', { id: 'spatii', name: null }), [{ path: 'spatii' }])
  t.end()
})

t.test('a field shows the last name of a path, unless two paths end so', (t) => {
  const more = { value: 'altele', path: 'Taxe › Altele', queues: null }
  const names = shortNames([...all, more, { ...more, value: 'diverse', path: 'Acte › Altele' }])
  t.same([...names.values()], ['Taxe', 'Mașini', 'Acte', 'Taxe › Altele', 'Acte › Altele'])
  t.end()
})

t.test('a code is found by words of its path, without diacritics, in any order', (t) => {
  for (const typed of ['masini', 'MAȘ', 'masini taxe', ' taxe  mas', ''])
    t.ok(isFoundBy(typed, 'Taxe › Mașini'), typed)
  for (const typed of ['clădiri', 'taxe clad']) t.notOk(isFoundBy(typed, 'Taxe › Mașini'), typed)
  t.end()
})
