import t from 'tap'
import { saidMoment } from '../../../src/ui/shared/time/said-moment.ts'
import { minutesIn } from '../../../src/ui/shared/time/typed-time.ts'
import { wholeNotice } from '../../../src/ui/supervisor/caller-notices/use-caller-notices.ts'
import {
  endTexts,
  eveningOf,
  nextMorning,
  noticeTimeOf,
  stateOf,
  usualHours,
  usualTime,
} from '../../../src/ui/supervisor/caller-notices/notice-time.ts'

// 12:00 in the city.
const now = Date.parse('2026-12-01T10:00:00Z')
const at = (iso: string): number => Date.parse(iso)

t.test('a notice begins now and lasts for hours, or at times as they are typed', (t) => {
  t.same(noticeTimeOf(usualTime, now), {
    ok: true,
    time: { from: now, until: at('2026-12-01T14:00:00Z'), daily: null },
  })
  const from = nextMorning(now)
  t.same(from, { day: '02.12.2026', time: '08:00' })
  t.match(noticeTimeOf({ ...usualTime, from }, now), {
    ok: true,
    time: { from: at('2026-12-02T06:00:00Z'), until: at('2026-12-02T10:00:00Z') },
  })
  const until = { day: '4.12.2026', time: '20' }
  t.match(noticeTimeOf({ from, until, daily: { from: '8', to: '24:00' } }, now), {
    time: { until: at('2026-12-04T18:00:00Z'), daily: { from: 480, to: 1_440 } },
  })
  t.end()
})

t.test('the evening that the field proposes lies ahead', (t) => {
  t.same(eveningOf(usualTime, now), { day: '01.12.2026', time: '20:00' })
  t.same(eveningOf(usualTime, now + 8 * 3_600_000), { day: '02.12.2026', time: '20:00' })
  t.same(eveningOf({ ...usualTime, from: { day: '05.12.2026', time: '08:00' } }, now).day, '05.12.2026')
  t.end()
})

t.test('a wrong time is named', (t) => {
  const moment = (day: string, time: string) => ({ day, time })
  for (const [change, why] of [
    [{ from: moment('', '08:00') }, 'from'],
    [{ from: moment('02.12.2026', '8:7') }, 'from'],
    [{ from: moment('01.12.2026', '08:00') }, 'fromPast'],
    [{ from: moment('16.12.2026', '08:00') }, 'fromFar'],
    [{ until: moment('31.11.2026', '08:00') }, 'until'],
    [{ until: moment('01.12.2026', '11:00') }, 'untilEarlier'],
    [{ until: moment('15.12.2026', '12:01') }, 'untilFar'],
    [{ daily: { from: '08:00', to: '' } }, 'daily'],
    [{ daily: { from: '08:00', to: '08:00' } }, 'daily'],
    [{ daily: { from: '20:00', to: '21:00' } }, 'dailyOutside'],
  ] as const)
    t.match(noticeTimeOf({ ...usualTime, ...change }, now), { ok: false, why }, JSON.stringify(change))
  t.match(noticeTimeOf({ ...usualTime, from: moment('01.12.2026', '11:55') }, now), {
    ok: true,
    time: { from: now },
  })
  t.end()
})

t.test('a notice of the list is planned, in force or over', (t) => {
  const notice = {
    from: '2026-12-02T06:00:00.000Z',
    until: '2026-12-03T18:00:00.000Z',
    daily: usualHours,
    endedAt: null,
  }
  t.equal(stateOf(notice, now).state, 'planned')
  t.equal(stateOf(notice, at('2026-12-02T06:00:00Z')).state, 'in force')
  t.match(stateOf(notice, at('2026-12-02T11:00:00Z')), {
    state: 'planned',
    at: at('2026-12-03T06:00:00Z'),
  })
  t.equal(stateOf({ ...notice, endedAt: '2026-12-01T09:00:00.000Z' }, now).state, 'over')
  t.end()
})

t.test('a notice of a node of the release before has no hours of the day', (t) => {
  const older = {
    id: 1,
    text: 'Nu este apă.',
    queues: [],
    publishedAt: '2026-12-01T09:00:00.000Z',
    from: '2026-12-01T09:00:00.000Z',
    until: '2026-12-01T12:00:00.000Z',
    endedAt: null,
    by: { id: 's1', name: 'Ana Popescu' },
    heard: 0,
    spared: 0,
  }
  t.equal(wholeNotice(older).daily, null)
  t.equal(stateOf(wholeNotice(older), now).state, 'in force')
  const hours = { ...older, daily: usualHours }
  t.same(wholeNotice(hours), hours)
  t.end()
})

t.test('a notice that has not begun is withdrawn, and any other is ended', (t) => {
  const from = '2026-12-01T10:00:00.000Z'
  t.match(endTexts({ from }, now - 1), {
    label: 'callerNotices.cancel',
    question: 'board.line.cancelSure',
    yes: 'board.line.cancelYes',
    done: 'callerNotices.cancelled',
  })
  t.match(endTexts({ from }, now), {
    label: 'callerNotices.end',
    question: 'board.line.endSure',
    yes: 'board.line.endYes',
    done: 'callerNotices.ended',
  })
  t.end()
})

t.test('a moment is said as people say it', (t) => {
  const keys = ((key: string, { day = '', time }: { day?: string; time: string }) =>
    `${key.split('.').at(-1) ?? ''} ${day} ${time}`.replace('  ', ' ')) as never
  const said = (iso: string): string => saidMoment(iso, now, keys, 'ro')
  t.equal(said('2026-12-01T18:00:00Z'), 'today 20:00')
  t.equal(said('2026-12-01T22:00:00Z'), 'tomorrow 00:00')
  t.equal(said('2026-11-30T20:00:00Z'), 'yesterday 22:00')
  t.equal(said('2026-12-03T06:00:00Z'), 'day 3 dec. 08:00')
  t.equal(minutesIn('24:30'), null)
  t.end()
})
