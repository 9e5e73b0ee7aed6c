import t from 'tap'
import { dayIn, dayText, weekIn, weekText } from '../../../src/ui/admin/configuration/hours-text.ts'
import { timeIn } from '../../../src/ui/shared/time/typed-time.ts'
import { parseLineHours } from '../../../src/core/opening-hours.ts'

const work = { from: '08:00', to: '16:00' }

t.test('the week of the configuration becomes days, and days its text again', (t) => {
  const texts = [
    'Mon-Fri 08:00-22:00',
    'Mon-Fri 08:00-22:00, Sat 09:00-13:00',
    'Mon 08:00-12:00, Mon 13:00-16:00, Wed-Thu 08:00-12:00, Wed-Thu 13:00-16:00',
    '',
  ]
  for (const text of texts) t.equal(weekText(weekIn(text) ?? []), text)
  const both = 'Mon-Fri 08:00-12:00, Mon-Wed 13:00-16:00'
  const again = weekText(weekIn(both) ?? [])
  t.equal(again, 'Mon-Wed 08:00-12:00, Mon-Wed 13:00-16:00, Thu-Fri 08:00-12:00')
  t.same(parseLineHours(again), parseLineHours(both), 'with the same meaning')
  t.equal(weekIn('luni-vineri 8-22'), null)
  t.equal(weekIn('Fri-Mon 08:00-22:00'), null)
  t.equal(weekIn('always'), null)
  t.end()
})

t.test('a time that is half typed stays in its field', (t) => {
  const typing = [[{ from: '8:', to: '' }], ...Array.from({ length: 6 }, () => [])]
  t.same(weekIn(weekText(typing)), typing)
  t.same(weekIn(weekText(typing.with(0, [{ from: '', to: '' }])))?.[0], [{ from: '', to: '' }])
  t.equal(
    weekText(typing.with(0, [{ from: '08,0-0', to: '1' }])),
    'Mon 0800-1',
    'a sign that divides is dropped',
  )
  t.equal(parseLineHours(weekText(typing)).ok, false, 'and is a fault')
  t.end()
})

t.test('a day has hours, two of them, or is closed', (t) => {
  t.same(dayIn('closed'), [])
  t.same(dayIn('08:00-12:00, 13:00-16:00'), [
    { from: '08:00', to: '12:00' },
    { from: '13:00', to: '16:00' },
  ])
  t.equal(dayText([]), 'closed')
  t.equal(dayText([work, { from: '', to: '' }]), '08:00-16:00, -')
  t.same(dayIn('08:00-16:00, -'), [work, { from: '', to: '' }])
  t.equal(dayIn('dimineața'), null)
  t.end()
})

t.test('a time is read as people type it', (t) => {
  const typed = {
    '8': '08:00',
    '830': '08:30',
    '8.30': '08:30',
    '17:05': '17:05',
    '24': '24:00',
    '0800': '08:00',
  }
  for (const [text, time] of Object.entries(typed)) t.equal(timeIn(text), time, text)
  for (const text of ['', '25', '8:7', '8:60', 'ora 8']) t.equal(timeIn(text), text)
  t.end()
})
