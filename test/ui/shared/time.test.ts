import t from 'tap'
import { apiQuery } from '../../../src/ui/calls/call-filters.ts'
import {
  clock,
  clockWithMs,
  dayStart,
  duration,
  hourAndMinute,
  longDate,
  percent,
  shortDateTime,
  startOfDay,
} from '../../../src/ui/shared/time/time.ts'

const eve = '2026-12-24T22:30:00.417Z'

t.test('times are in the city’s time zone, whatever the browser’s', async (t) => {
  const before = process.env['TZ']
  t.teardown(() => {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  })
  for (const zone of ['UTC', 'America/New_York', 'Pacific/Kiritimati']) {
    process.env['TZ'] = zone
    t.equal(clock(eve, 'ro'), '00:30:00', zone)
    t.equal(clockWithMs(eve, 'en'), '00:30:00.417')
    t.equal(hourAndMinute(Date.parse(eve), 'ro'), '00:30')
    t.equal(longDate(eve, 'ro'), 'vineri, 25 decembrie')
    t.equal(longDate('2026-12-24T10:00:00Z', 'ro'), 'joi, 24 decembrie')
    t.equal(shortDateTime(eve, 'ro'), '25 dec., 00:30')
    t.equal(startOfDay(Date.parse(eve)), '2026-12-24T22:00:00.000Z')
  }
})

t.test('a day begins at the city’s midnight, also when the clocks change', async (t) => {
  t.equal(dayStart('2026-03-29'), '2026-03-28T22:00:00.000Z', 'the day with 23 hours')
  t.equal(dayStart('2026-03-29', 1), '2026-03-29T21:00:00.000Z')
  t.equal(dayStart('2026-10-25'), '2026-10-24T21:00:00.000Z', 'the day with 25 hours')
  t.equal(dayStart('2026-10-25', 1), '2026-10-25T22:00:00.000Z')
  t.equal(dayStart('2026-12-31', 1), '2026-12-31T22:00:00.000Z')
  t.equal(dayStart('yesterday'), null)
})

t.test('the call list filters by whole days of the city', async (t) => {
  const asked = apiQuery(new URLSearchParams({ from: '2026-11-23', to: '2026-11-24', outcome: 'nonsense' }))
  t.strictSame(Object.fromEntries(asked), {
    from: '2026-11-22T22:00:00.000Z',
    to: '2026-11-24T22:00:00.000Z',
  })
})

t.test('durations and percentages are formatted', (t) => {
  t.equal(duration(192_900), '03:12')
  t.equal(duration(3_723_000), '1:02:03')
  t.equal(duration(-5), '00:00')
  t.equal(longDate('2026-12-24T10:00:00.000Z', 'ro'), 'joi, 24 decembrie')
  t.equal(percent(null, 'ro'), '–')
  t.match(percent(0.7617, 'ro'), /^76,2\s%$/)
  t.end()
})
