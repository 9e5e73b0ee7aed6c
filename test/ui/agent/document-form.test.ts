import t from 'tap'
import { asksTheSame, readForm } from '../../../src/ui/agent/documents/document-form.ts'
import { readDay } from '../../../src/ui/shared/time/typed-day.ts'

t.test('a date is accepted in the usual written forms', async (t) => {
  for (const written of [
    '24.11.2026',
    '24/11/2026',
    '24-11-2026',
    '24 11 2026',
    '24112026',
    ' 24. 11. 2026 ',
  ])
    t.equal(readDay(written), '2026-11-24', written)
  t.equal(readDay('2.3.2026'), '2026-03-02')
  for (const wrong of ['30.02.2026', '24.13.2026', '24.11.26', '2026-24-11', 'ieri', ''])
    t.equal(readDay(wrong), null, wrong)
})

t.test('a day written in another way asks for the same document', async (t) => {
  const form = { number: 'SC2026-018442', date: '2.11.2026', name: 'Popescu Maria' }
  t.ok(asksTheSame(form, { ...form, date: '02.11.2026' }))
  t.notOk(asksTheSame(form, { ...form, date: '03.11.2026' }))
  t.notOk(asksTheSame(form, { ...form, date: '2.11.202' }))
  t.notOk(asksTheSame(form, { ...form, number: 'SC2026-018443' }))
  t.notOk(asksTheSame(form, { ...form, name: 'Popescu Ion' }))
})

t.test('every missing or wrong field is reported at once', async (t) => {
  t.strictSame(readForm({ number: ' ', date: '31.11.2026', name: '' }), {
    problems: { number: 'missing', date: 'badDate', name: 'missing' },
  })
  t.strictSame(readForm({ number: 'A', date: '', name: 'B' }), { problems: { date: 'missing' } })
  t.strictSame(readForm({ number: ' SC2026-018442 ', date: '02.11.2026', name: ' Popescu Maria ' }), {
    reference: { number: 'SC2026-018442', date: '2026-11-02', name: 'Popescu Maria' },
  })
})
