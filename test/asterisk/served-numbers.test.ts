import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { noWords } from '../../src/core/announcements/own-words.ts'
import type { CityNumber } from '../../src/core/configuration/line.ts'
import { QueueId } from '../../src/core/ids.ts'
import { atLocal, daysLater } from '../../src/core/local-time.ts'
import { parseLineHours, type LineHours } from '../../src/core/opening-hours.ts'
import type { ServedNumber } from '../../src/asterisk/config/numbers-file.ts'
import { ServedNumbers } from '../../src/asterisk/config/served-numbers.ts'
import { until } from '../support/until.ts'

const hoursOf = (text: string): LineHours => {
  const read = parseLineHours(text)
  if (!read.ok) throw new Error(read.expected)
  return read.hours
}
const numberOf = (number: string, hours: LineHours | null = null): CityNumber => ({
  number,
  also: [],
  queue: QueueId('city'),
  hours,
  menu: null,
  closed: 'message',
  answer: null,
  closingGraceMs: null,
  words: noWords,
})

const tuesday = '2026-11-24'
const at = (day: string, hour = 12) => atLocal(day, hour * 60)

function started() {
  const state = {
    now: at(tuesday),
    configured: [numberOf('969'), numberOf('970')] as readonly CityNumber[],
    closed: new Set<string>(),
    applied: [] as (readonly ServedNumber[])[],
  }
  const numbers = new ServedNumbers({
    configured: () => state.configured,
    lineHours: hoursOf('Mon-Fri 08:00-20:00'),
    closedOn: () => state.closed,
    now: () => state.now,
    apply: (applied) => state.applied.push(applied),
  })
  return { state, numbers }
}

t.test('the numbers are renewed each day, until the ownership ends', async (t) => {
  const { state, numbers } = started()
  const ending = new AbortController()
  t.teardown(() => ending.abort())
  numbers.renew(ending.signal, 1)
  t.equal(state.applied.length, 1, 'at once')
  state.now = at(tuesday, 23)
  numbers.update()
  t.equal(state.applied.length, 1, 'not on the same day')
  for (let day = 1; day <= 3; day += 1) {
    state.now = at(daysLater(tuesday, day), 0)
    await until(() => state.applied.length > day, 1_000)
    const last = state.applied.at(-1)?.[0]?.windows.at(-1)
    const ends = at(daysLater(tuesday, day + 119), 0)
    t.ok(typeof last === 'object' && last.closesAt >= ends - 2 * 86_400_000, 'for months from that day on')
  }
  t.equal(state.applied.length, 4, 'once a day')
  ending.abort()
  state.now = at(daysLater(tuesday, 4))
  // Longer than the renewal's interval.
  await delay(3)
  t.equal(state.applied.length, 4)
})

t.test('a changed number and a declared day are applied on the same day', async (t) => {
  const { state, numbers } = started()
  numbers.update()
  const first = (applied: readonly ServedNumber[] | undefined) => applied?.[0]?.windows[0]
  t.same(first(state.applied[0]), { opensAt: at(tuesday, 8), closesAt: at(tuesday, 20) })
  state.closed = new Set([tuesday])
  numbers.update()
  const next = daysLater(tuesday, 1)
  t.same(first(state.applied[1]), { opensAt: at(next, 8), closesAt: at(next, 20) })
  state.configured = [numberOf('969', { kind: 'always' }), numberOf('970'), numberOf('971')]
  numbers.update()
  const [always, own, same] = state.applied[2] ?? []
  t.equal(always?.windows, 'always')
  t.equal(own?.windows, same?.windows, 'the same hours are one object, which numbers.conf writes once')
  state.configured = []
  numbers.update()
  t.equal(state.applied.length, 3, 'a configuration that cannot be read leaves the numbers as they are')
})
