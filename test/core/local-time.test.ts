import t from 'tap'
import { startOfDay } from '../../src/core/local-time.ts'

t.test('a day starts at local midnight, in winter and in summer time', async (t) => {
  t.equal(startOfDay(Date.parse('2026-11-24T10:00:00Z')), Date.parse('2026-11-23T22:00:00Z'))
  t.equal(startOfDay(Date.parse('2026-07-01T21:30:00Z')), Date.parse('2026-07-01T21:00:00Z'))
})
