import t from 'tap'
import Holidays from 'date-holidays'
import * as fc from 'fast-check'
import { atLocal, dateAt, daysLater } from '../../src/core/local-time.ts'
import {
  defaultLineHours,
  hoursOn,
  openingAt,
  parseLineHours,
  windowsFrom,
  type LineHours,
} from '../../src/core/opening-hours.ts'
import { holidays } from '../../src/people/holidays.ts'
import { orthodoxEasters } from '../support/city/orthodox-easter.ts'

const none: ReadonlySet<string> = new Set()
const at = (text: string) => Date.parse(text)

function hoursOf(text: string): LineHours {
  const parsed = parseLineHours(text)
  if (!parsed.ok) throw new Error(`${text} is not read`)
  return parsed.hours
}
const city = hoursOf(defaultLineHours)

void t.test('hours are read as people write them, and refused with what is expected', async (t) => {
  t.same(hoursOf(' ALWAYS '), { kind: 'always' })
  t.same(hoursOf('Mon-Tue 08:00-22:00, sat 09:00-13:00,Sat 14:00-24:00'), {
    kind: 'weekly',
    windows: {
      1: [{ from: 480, to: 1320 }],
      2: [{ from: 480, to: 1320 }],
      6: [
        { from: 540, to: 780 },
        { from: 840, to: 1440 },
      ],
    },
  })
  const wrong = ['', 'Mon', 'Mon-Fri', 'Foo 08:00-22:00', 'Mon-Foo 08:00-22:00', 'Fri-Mon 08:00-22:00']
  const times = [
    'Mon 22:00-08:00',
    'Mon 08:00-08:00',
    'Mon 25:00-26:00',
    'Mon 08:60-09:00',
    'Mon 08:00-24:01',
  ]
  for (const text of [...wrong, ...times, 'Mon 8:00-9:00', 'Mon 08:00-22:00,'])
    t.match(parseLineHours(text), { ok: false, expected: /Mon-Fri 08:00-22:00/ }, text)
})

void t.test('open from 08:00 to 22:00 local time, and not a moment longer', async (t) => {
  // A Tuesday in winter, two hours ahead of UTC.
  const closes = at('2026-11-24T20:00:00Z')
  t.same(openingAt(city, none, at('2026-11-24T06:00:00Z')), { open: true, closesAt: closes })
  t.same(openingAt(city, none, closes - 1), { open: true, closesAt: closes })
  t.same(openingAt(city, none, closes), {
    open: false,
    opensAt: at('2026-11-25T06:00:00Z'),
    closedAt: closes,
  })
  t.same(openingAt(city, none, at('2026-11-24T05:59:59.999Z')), {
    open: false,
    opensAt: at('2026-11-24T06:00:00Z'),
    closedAt: at('2026-11-23T20:00:00Z'),
  })
  const friday = at('2026-11-27T21:00:00Z')
  t.same(openingAt(city, none, friday), {
    open: false,
    opensAt: at('2026-11-30T06:00:00Z'),
    closedAt: at('2026-11-27T20:00:00Z'),
  })
  t.match(openingAt(city, none, at('2026-11-29T09:00:00Z')), { closedAt: null }, 'on Sunday: long ago')
  t.same(openingAt(hoursOf('always'), none, friday), { open: true, closesAt: null })
  t.same(windowsFrom(hoursOf('always'), none, friday, 5), [])
})

void t.test('a holiday is closed, and the next opening is after it', async (t) => {
  const closed = holidays([2026, 2027])
  t.same(openingAt(city, closed, at('2026-11-30T09:00:00Z')), {
    open: false,
    // 30 November and 1 December are both holidays.
    opensAt: at('2026-12-02T06:00:00Z'),
    closedAt: null,
  })
  t.same(openingAt(city, closed, at('2026-12-31T21:00:00Z')), {
    open: false,
    opensAt: at('2027-01-04T06:00:00Z'),
    closedAt: at('2026-12-31T20:00:00Z'),
  })
  t.same(openingAt(city, new Set(['2026-11-24']), at('2026-11-24T09:00:00Z')), {
    open: false,
    opensAt: at('2026-11-25T06:00:00Z'),
    closedAt: at('2026-11-23T20:00:00Z'),
  })
  const every = windowsFrom(city, none, at('2026-11-24T09:00:00Z'), 70).map(({ from }) => dateAt(from))
  t.same(openingAt(city, new Set(every), at('2026-11-24T09:00:00Z')), {
    open: false,
    opensAt: null,
    closedAt: at('2026-11-23T20:00:00Z'),
  })
})

void t.test('on the days when the clocks change, the hours are those of the wall', async (t) => {
  const sundays = hoursOf('Sun 02:30-05:00')
  const spring = openingAt(sundays, none, at('2026-03-29T00:45:00Z'))
  t.same(spring, { open: true, closesAt: at('2026-03-29T02:00:00Z') })
  const autumn = openingAt(hoursOf('Sun 00:00-24:00'), none, at('2026-10-25T00:30:00Z'))
  t.same(autumn, { open: true, closesAt: at('2026-10-25T22:00:00Z') })
  const [day] = windowsFrom(hoursOf('Sun 00:00-24:00'), none, at('2026-10-24T22:00:00Z'), 1)
  t.equal(day === undefined ? 0 : (day.to - day.from) / 3_600_000, 25)
  t.equal(atLocal('2026-03-29', 180), at('2026-03-29T01:00:00Z'), 'the hour that is skipped')
  t.same(openingAt(city, none, at('2026-03-30T04:59:59Z')), {
    open: false,
    opensAt: at('2026-03-30T05:00:00Z'),
    closedAt: null,
  })
  t.same(openingAt(city, none, at('2026-10-26T05:59:59Z')), {
    open: false,
    opensAt: at('2026-10-26T06:00:00Z'),
    closedAt: null,
  })
})

void t.test('windows that touch or overlap are one', async (t) => {
  const night = hoursOf('Mon 20:00-24:00, Tue 00:00-06:00')
  t.same(openingAt(night, none, at('2026-11-23T21:00:00Z')), {
    open: true,
    closesAt: at('2026-11-24T04:00:00Z'),
  })
  const twice = hoursOf('Mon 08:00-12:00, Mon 10:00-14:00, Mon 11:00-11:30')
  t.same(openingAt(twice, none, at('2026-11-23T09:15:00Z')), {
    open: true,
    closesAt: at('2026-11-23T12:00:00Z'),
  })
  t.equal(windowsFrom(twice, none, at('2026-11-23T09:15:00Z'), 1).length, 1)
})

void t.test('opening and closing agree with the wall clock at any moment', async () => {
  const wall = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Bucharest',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const moment = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') })
  fc.assert(
    fc.property(moment, (now) => {
      const text = wall.format(now)
      const time = text.slice(-5)
      const isOpen = !/Sat|Sun/.test(text) && time >= '08:00' && time < '22:00'
      const opening = openingAt(city, none, now)
      const next = opening.open ? opening.closesAt : opening.opensAt
      return opening.open === isOpen && next !== null && next > now && next - now <= 3 * 86_400_000
    }),
    { numRuns: 300 },
  )
})

void t.test('the holidays of 2026 are the sixteen of the law', async (t) => {
  const law = [
    '01-01 01-02 01-06 01-07 01-24',
    '04-10 04-12 04-13 05-01 05-31 06-01',
    '08-15 11-30 12-01 12-25 12-26',
  ]
  const days = law.flatMap((line) => line.split(' ').map((date) => `2026-${date}`))
  t.same([...holidays([2026])].sort(), days)
  const declared = holidays(
    [2026],
    [
      { date: '2026-01-05', closed: true, reason: 'punte' },
      { date: '2026-01-24', closed: false, reason: '' },
    ],
  )
  t.ok(declared.has('2026-01-05'), 'and the bridge days that the city adds')
  t.notOk(declared.has('2026-01-24'), 'a day that was declared open is open')
})

void t.test('the movable ones follow the Orthodox Easter of the published tables', async (t) => {
  const fixed = ['01-01', '01-02', '01-06', '01-07', '01-24', '05-01', '06-01', '08-15', '11-30', '12-01']
  for (const easter of orthodoxEasters) {
    const year = easter.slice(0, 4)
    const movable = [-2, 0, 1, 49, 50].map((offset) => daysLater(easter, offset))
    const days = [...fixed, '12-25', '12-26'].map((date) => `${year}-${date}`)
    t.same([...holidays([Number(year)])].sort(), [...new Set([...movable, ...days])].sort(), year)
  }
})

void t.test('every public day of the library’s raw list is closed', async (t) => {
  const raw = new Holidays('RO').getHolidays(2026).filter(({ type }) => type === 'public')
  const closed = holidays([2026])
  for (const { date, name } of raw) t.ok(closed.has(date.slice(0, 10)), name)
})

void t.test('a closed day closes the hours that follow holidays, and no others', async (t) => {
  // A Thursday.
  const date = '2026-12-24'
  const closed = new Set([date])
  const day = [{ from: 480, to: 1320 }]
  t.same(hoursOn(city, none, date), { rule: 'follows holidays', windows: day })
  t.same(hoursOn(city, closed, date), { rule: 'follows holidays', windows: [] })
  t.same(hoursOn(city, none, '2026-12-26'), { rule: 'follows holidays', windows: [] }, 'a Saturday')
  const ignoring: LineHours = { kind: 'weekly', windows: { 4: day } }
  t.same(hoursOn({ ...ignoring, isOpenOnHolidays: true }, closed, date), {
    rule: 'ignores holidays',
    windows: day,
  })
  const dated = new Map([[date, [{ from: 480, to: 720 }]]])
  t.same(hoursOn({ ...ignoring, dated }, closed, date), {
    rule: 'own day',
    windows: [{ from: 480, to: 720 }],
  })
  t.same(hoursOn({ kind: 'always' }, closed, date), { rule: 'always', windows: [] })
})
