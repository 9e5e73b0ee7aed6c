/** Days, holidays and deadlines: every published vector, and date-holidays as an oracle. */
import Holidays from 'date-holidays'
import * as fc from 'fast-check'
import t from 'tap'
import { isDate } from '../../../src/core/local-time.ts'
import { addDays, weekdayOf, writtenDay } from '../../../src/city/day.ts'
import { announced, legalEnd } from '../../../src/city/requests/deadlines.ts'
import { easterOf, holidaysOf } from '../../../src/city/requests/holidays.ts'
import { termOn } from '../../../src/city/requests/terms.ts'
import { workingDays } from '../../../src/city/requests/working-days.ts'
import { orthodoxEasters } from '../../support/city/orthodox-easter.ts'

const ordinary = workingDays([])

t.test('a request of 24.11.2026 is announced for 24.12.2026 and in time until 28.12.2026', async (t) => {
  const { days } = termOn('petition', '2026-11-24')
  t.equal(days, 30)
  t.equal(announced('2026-11-24', days, ordinary), '2026-12-24')
  t.equal(weekdayOf('2026-12-24'), 4, 'a Thursday')
  t.equal(legalEnd('2026-11-24', days, ordinary), '2026-12-28')
})

t.test('Orthodox Easter falls on the days of the published tables', async (t) => {
  for (const day of [...orthodoxEasters, '2000-04-30']) t.equal(easterOf(Number(day.slice(0, 4))), day)
})

t.test('2026 has 16 holidays on different days', async (t) => {
  t.strictSame(holidaysOf(2026), [
    '2026-01-01',
    '2026-01-02',
    '2026-01-06',
    '2026-01-07',
    '2026-01-24',
    '2026-04-10',
    '2026-04-12',
    '2026-04-13',
    '2026-05-01',
    '2026-05-31',
    '2026-06-01',
    '2026-08-15',
    '2026-11-30',
    '2026-12-01',
    '2026-12-25',
    '2026-12-26',
  ])
})

t.test('the holidays equal those of date-holidays in the years in which that is right', async (t) => {
  const oracle = new Holidays('RO')
  for (let year = 2024; year <= 2060; year += 1) {
    const days = new Set<string>()
    for (const { type, date, end } of oracle.getHolidays(year)) {
      if (type !== 'public') continue
      // "1 Jan" spans two days.
      for (let day = date.slice(0, 10); Date.parse(`${day}T12:00:00Z`) < end.getTime(); day = addDays(day, 1))
        days.add(day)
    }
    t.strictSame(holidaysOf(year), [...days].sort(), String(year))
  }
})

t.test('a declared day overrides the calendar', async (t) => {
  const bridge = workingDays([
    { date: '2026-12-28', closed: true },
    { date: '2026-12-24', closed: true },
    { date: '2026-11-30', closed: false },
    { date: '2026-12-05', closed: false },
  ])
  t.equal(announced('2026-11-24', 30, bridge), '2026-12-23')
  t.equal(legalEnd('2026-11-24', 30, bridge), '2026-12-29')
  t.ok(bridge.isWorking('2026-11-30'), 'a holiday that is worked')
  t.notOk(bridge.isWorking('2026-12-05'), 'a Saturday has no hours to be open in')
})

t.test('each law has its terms', async (t) => {
  t.match(termOn('petition', '2026-11-24'), { days: 30, extensionDays: 15, redirectDays: 5 })
  t.match(termOn('public information', '2026-11-24'), { days: 10, extensionDays: 20, refusalDays: 5 })
  t.throws(() => termOn('petition', '1999-01-01'), RangeError)
})

t.test('a short term before a week-end is announced for the next working day', async (t) => {
  // A Friday.
  t.equal(announced('2026-11-20', 1, ordinary), '2026-11-23')
  t.equal(announced('2026-11-20', 3, ordinary), '2026-11-23')
})

t.test(
  'for every day the announced day lies after it, within the legal term, and both are working days',
  async () => {
    const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('2010-01-01', days))
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 45 }), (from, days) => {
        const told = announced(from, days, ordinary)
        const last = legalEnd(from, days, ordinary)
        return (
          told > from &&
          told <= last &&
          last > addDays(from, days) &&
          ordinary.isWorking(told) &&
          ordinary.isWorking(last)
        )
      }),
      { numRuns: 2_000 },
    )
  },
)

t.test('days that do not exist are refused', async (t) => {
  for (const day of [
    '2026-02-29',
    '2026-11-31',
    '2026-13-01',
    '2026-00-10',
    '0000-01-01',
    '26-01-01',
    '',
    '2026-1-1',
    '24.11.2026',
    'azi',
    '2026-11-24T00:00:00Z',
  ])
    t.notOk(isDate(day), day)
  t.ok(isDate('2028-02-29'))
  t.equal(writtenDay('2026-11-24'), '24.11.2026')
})
