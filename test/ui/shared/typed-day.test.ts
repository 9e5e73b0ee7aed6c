import t from 'tap'
import { searchOf } from '../../../src/ui/calls/call-filters.ts'
import { questionOf } from '../../../src/ui/journal/question.ts'
import { readDay, writtenDay } from '../../../src/ui/shared/time/typed-day.ts'

t.test('a day is read as people type it', async (t) => {
  for (const text of ['24.12.2026', '24/12/2026', '24 12 2026', '24122026', ' 24.12.2026. ', '2026-12-24'])
    t.equal(readDay(text), '2026-12-24', text)
  for (const text of ['', '31.11.2026', '24.12', '12/24/2026', 'joi', '2026-13-01'])
    t.equal(readDay(text), null, text)
  t.equal(writtenDay('2026-12-24'), '24.12.2026')
})

t.test('filters and questions take typed days', async (t) => {
  const form = new FormData()
  form.set('from', '1.12.2026')
  form.set('to', '24.12.2026')
  t.equal(searchOf(form), '/calls?from=2026-12-01&to=2026-12-24')
  t.match(questionOf(form), { from: '2026-11-30T22:00:00.000Z', to: '2026-12-24T22:00:00.000Z' })
})
