/** The parts of the requests pane that need no browser. */
import t from 'tap'
import { streetNames } from '../../../src/city/requests/street-names.ts'
import { findStreets } from '../../../src/ui/agent/requests/find-streets.ts'
import { closeShown, shown, shownIn } from '../../../src/ui/agent/requests/shown-request.ts'
import { spokenCode, spokenDay, spokenRequest, writtenDay } from '../../../src/ui/requests/spoken.ts'

t.test('a request opened in one call is not shown in the next; one opened without a call stays', (t) => {
  const opened = { kind: 'request', id: 'CC2026-000001', call: 'c1' } as const
  t.equal(shownIn(opened, 'c1'), opened)
  t.equal(shownIn(opened, null), opened, 'it may be finished after the call')
  t.equal(shownIn(opened, 'c2'), null)
  const before = { ...opened, call: null }
  t.equal(shownIn(before, 'c2'), before)
  const draft = { kind: 'draft', id: 'd1', agreed: true } as const
  t.equal(shownIn(draft, 'c2'), draft, 'a draft stays while the phone rings')
  shown.set(draft)
  closeShown()
  t.equal(shown.get(), null, 'and closes when the next call is answered')
  t.end()
})

t.test('a street is found as it is typed, with and without diacritics', async (t) => {
  const first = (typed: string) => findStreets(streetNames, typed, 5)[0]
  t.equal(first('blaga'), 'Strada Lucian Blaga')
  t.equal(first('sagului'), 'Calea Șagului')
  t.equal(first('ȘAG'), 'Calea Șagului')
  t.equal(first('take'), 'Bulevardul Take Ionescu')
  t.equal(first('str lucian b'), 'Strada Lucian Blaga')
  t.equal(first('loga'), 'Bulevardul Constantin Diaconovici Loga')
  t.equal(first('lucain blaga'), 'Strada Lucian Blaga', 'two letters swapped')
  t.equal(first('take ionesku'), 'Bulevardul Take Ionescu')
  t.equal(first('sgaului'), 'Calea Șagului')
  t.strictSame(findStreets(streetNames, '  ', 5), [])
  t.strictSame(findStreets(streetNames, 'xyz', 5), [])
  t.ok(findStreets(streetNames, 'strada', 5).length === 5)
})

t.test('numbers, codes and days are formatted for reading aloud', async (t) => {
  t.equal(spokenRequest('CC2026-000123'), 'CC 2026 – 000 123')
  t.equal(spokenRequest('CC2026-1234567'), 'CC 2026 – 1 234 567')
  t.equal(spokenCode('123456'), '123 456')
  t.equal(spokenDay('2026-12-24', 'ro'), 'joi, 24 decembrie')
  t.equal(writtenDay('2026-12-24'), '24.12.2026')
})
