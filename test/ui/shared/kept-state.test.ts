import t from 'tap'
import { broughtBack, discarded, replaced, sent, typed } from '../../../src/ui/shared/unsaved/kept-state.ts'

const of = (value: string) => ({ value, basis: '3', at: 0 })
const mine = typed(of('mine'))

t.test('discarded values can be brought back until something is typed', (t) => {
  t.same(discarded(mine), { kept: null, aside: of('mine') })
  t.same(broughtBack(discarded(mine)), mine)
  t.equal(typed(of('other')).aside, null)
  t.end()
})

t.test('an earlier version that replaces unsent values can be undone, also once it is sent', (t) => {
  const first = replaced(mine, of('version 1'))
  t.same(first.kept, of('version 1'))
  t.same(broughtBack(first), mine)
  t.same(broughtBack(replaced(first, of('version 2'))), mine, 'a second version does not take its place')
  t.same(broughtBack(discarded(first)), mine)
  t.same(sent(first), { kept: null, aside: of('mine') })
  t.same(broughtBack(replaced(discarded(mine), of('version 1'))), mine, 'nor does one after a discard')
  t.same(replaced(typed<string>(null), of('version 1')).aside, null, 'there was nothing to lose')
  t.end()
})
