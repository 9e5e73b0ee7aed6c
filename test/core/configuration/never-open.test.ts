import t from 'tap'
import { hoursNeverOpen, hoursNeverOpenAfter } from '../../../src/core/configuration/never-open.ts'
import type { HoursSetting } from '../../../src/core/configuration/schema.ts'
import { daysLater } from '../../../src/core/local-time.ts'

// A Tuesday.
const now = Date.parse('2026-12-01T10:00:00Z')
const days = (count: number, step = 1): string[] =>
  Array.from({ length: count }, (_, index) => daysLater('2026-12-01', index * step))
const hours = (id: string, weekly: string, dates: readonly string[] = []): HoursSetting => ({
  id,
  name: id,
  weekly,
  holidays: 'closed',
  dates: dates.map((date) => ({ date, hours: 'closed' })),
})

t.test('hours by which nothing opens within 60 days are named', (t) => {
  const found = hoursNeverOpen(
    [
      hours('usual', 'Mon-Fri 08:00-16:00'),
      hours('always', 'always'),
      hours('always-closed', 'always', days(62)),
      hours('opens-late', 'always', days(30)),
      hours('tuesdays', 'Tue 08:00-09:00', days(10, 7)),
      hours('not-readable', 'luni'),
    ],
    new Set(),
    now,
  )
  t.same(found, ['always-closed', 'tuesdays'])
  const closed = new Set(days(62))
  t.same(hoursNeverOpen([hours('usual', 'Mon-Fri 08:00-16:00')], closed, now), ['usual'], 'declared days')
  t.same(hoursNeverOpen([{ ...hours('open', 'Mon 08:00-16:00'), holidays: 'open' }], closed, now), [])
  t.end()
})

t.test('a change is not blamed for hours by which nothing opens already', (t) => {
  const never = (id: string) => hours(id, 'always', days(62))
  const before = [never('before'), hours('open', 'always')]
  const after = [never('before'), never('open'), never('new')]
  t.same(hoursNeverOpenAfter(before, after, new Set(), now), ['open', 'new'])
  t.same(hoursNeverOpenAfter(before, before, new Set(), now), [])
  t.end()
})
