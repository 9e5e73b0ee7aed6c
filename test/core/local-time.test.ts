import t from 'tap'
import { clockOf, daysLater, isDate, startOfDay } from '../../src/core/local-time.ts'

t.test('a day starts at local midnight, in winter and in summer time', async (t) => {
  t.equal(startOfDay(Date.parse('2026-11-24T10:00:00Z')), Date.parse('2026-11-23T22:00:00Z'))
  t.equal(startOfDay(Date.parse('2026-07-01T21:30:00Z')), Date.parse('2026-07-01T21:00:00Z'))
})

void t.test('a time of day is written with two digits each, and midnight in one way', (t) => {
  for (const [minutes, text] of [
    [0, '00:00'],
    [510, '08:30'],
    [1_439, '23:59'],
    [1_440, '00:00'],
  ] as const)
    t.equal(clockOf(minutes), text)
  t.equal(daysLater('2026-12-31', 1), '2027-01-01')
  t.equal(daysLater('2028-03-01', -1), '2028-02-29')
  t.end()
})

void t.test('a date exists or not', (t) => {
  for (const date of ['2026-11-24', '2028-02-29', '0001-01-01']) t.ok(isDate(date), date)
  for (const text of ['2026-02-30', '2026-13-01', '0000-01-01', '26-11-24', '2026-11-24T00', ''])
    t.notOk(isDate(text), text)
  t.end()
})
