import t from 'tap'
import { isDate, startOfDay } from '../../src/core/local-time.ts'

t.test('a day starts at local midnight, in winter and in summer time', async (t) => {
  t.equal(startOfDay(Date.parse('2026-11-24T10:00:00Z')), Date.parse('2026-11-23T22:00:00Z'))
  t.equal(startOfDay(Date.parse('2026-07-01T21:30:00Z')), Date.parse('2026-07-01T21:00:00Z'))
})

void t.test('a date exists or not', (t) => {
  for (const date of ['2026-11-24', '2028-02-29', '0001-01-01']) t.ok(isDate(date), date)
  for (const text of ['2026-02-30', '2026-13-01', '0000-01-01', '26-11-24', '2026-11-24T00', ''])
    t.notOk(isDate(text), text)
  t.end()
})
