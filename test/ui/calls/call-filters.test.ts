import t from 'tap'
import { apiQuery, searchOf } from '../../../src/ui/calls/call-filters.ts'

t.test('the call list asks for whole days and ignores unknown values', (t) => {
  const query = apiQuery(
    new URLSearchParams({ from: '2026-11-24', to: '2026-11-24', caller: '0721 234 567', outcome: 'x' }),
  )
  const ms = Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '')
  t.equal(ms, 86_400_000)
  t.equal(query.get('caller'), '0721 234 567', 'as typed: the server says what is no number')
  t.equal(query.get('outcome'), null)
  t.equal(apiQuery(new URLSearchParams({ from: 'tomorrow' })).size, 0)
  const form = new FormData()
  form.set('caller', ' 0721 ')
  form.set('from', '')
  t.equal(searchOf(form), '/calls?caller=0721')
  t.equal(searchOf(new FormData()), '/calls')
  t.end()
})
