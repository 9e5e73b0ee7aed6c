import t from 'tap'
import {
  furthestAfter,
  isEverHeard,
  isHeardAt,
  noticeStateAt,
  type NoticeTime,
} from '../../../src/core/announcements/caller-notice.ts'

const at = (iso: string): number => Date.parse(iso)
const hourMs = 3_600_000
const daily = { from: 8 * 60, to: 12 * 60 }

/** The state, and the times at which it is heard, agree at every quarter of an hour. */
function heard(notice: NoticeTime): readonly string[] {
  const found: string[] = []
  let before = false
  for (let now = notice.from - 26 * hourMs; now < notice.until + 26 * hourMs; now += hourMs / 4) {
    const isHeard = isHeardAt(notice, now)
    const { state } = noticeStateAt(notice, now)
    if (isHeard !== (state === 'in force')) throw new Error(`at ${new Date(now).toISOString()}: ${state}`)
    if (isHeard !== before) found.push(new Date(now).toISOString().slice(0, 16))
    before = isHeard
  }
  return found
}

void t.test('a notice is planned, in force and over by the clock', async (t) => {
  const notice = { from: at('2026-12-02T06:00Z'), until: at('2026-12-03T18:00Z'), daily: null }
  t.same(heard(notice), ['2026-12-02T06:00', '2026-12-03T18:00'])
  t.same(noticeStateAt(notice, notice.from - 1), { state: 'planned', at: notice.from })
  t.same(noticeStateAt(notice, notice.from), { state: 'in force', at: notice.until })
  t.same(noticeStateAt(notice, notice.until), { state: 'over', at: notice.until })
})

void t.test('the first hours of one that begins in two weeks are known', async (t) => {
  const notice = { from: at('2026-12-15T11:00Z'), until: at('2026-12-17T11:00Z'), daily }
  t.same(noticeStateAt(notice, at('2026-12-01T12:00Z')), { state: 'planned', at: at('2026-12-16T06:00Z') })
})

void t.test('daily hours lie within its time, each day', async (t) => {
  const notice = { from: at('2026-12-02T07:00Z'), until: at('2026-12-04T09:00Z'), daily }
  t.same(heard(notice), [
    '2026-12-02T07:00',
    '2026-12-02T10:00',
    '2026-12-03T06:00',
    '2026-12-03T10:00',
    '2026-12-04T06:00',
    '2026-12-04T09:00',
  ])
  t.same(noticeStateAt(notice, at('2026-12-02T11:00Z')), { state: 'planned', at: at('2026-12-03T06:00Z') })
  t.same(noticeStateAt(notice, at('2026-12-03T06:30Z')), { state: 'in force', at: at('2026-12-03T10:00Z') })
  const early = { ...notice, until: at('2026-12-04T04:00Z') }
  t.same(
    noticeStateAt(early, at('2026-12-03T11:00Z')),
    { state: 'over', at: early.until },
    'no hours are left',
  )
})

void t.test('hours over midnight end on the next day', async (t) => {
  const night = { from: 22 * 60, to: 6 * 60 }
  const notice = { from: at('2026-12-02T00:00Z'), until: at('2026-12-03T23:00Z'), daily: night }
  t.same(heard(notice), [
    '2026-12-02T00:00',
    '2026-12-02T04:00',
    '2026-12-02T20:00',
    '2026-12-03T04:00',
    '2026-12-03T20:00',
    '2026-12-03T23:00',
  ])
  const evening = { ...notice, daily: { from: 22 * 60, to: 1_440 } }
  t.same(heard(evening).slice(0, 2), ['2026-12-02T20:00', '2026-12-02T22:00'], 'or at midnight')
})

void t.test('hours of the whole day do not end at midnight', async (t) => {
  const notice = {
    from: at('2026-12-02T06:00Z'),
    until: at('2026-12-04T18:00Z'),
    daily: { from: 0, to: 1_440 },
  }
  t.same(heard(notice), ['2026-12-02T06:00', '2026-12-04T18:00'])
  t.same(noticeStateAt(notice, notice.from), { state: 'in force', at: notice.until })
  t.same(noticeStateAt(notice, notice.from - 1), { state: 'planned', at: notice.from })
})

void t.test('hours are those of the wall clock on both sides of a change of the hour', async (t) => {
  // To summer time on 2026-03-29, back on 2026-10-25.
  const spring = { from: at('2026-03-28T00:00Z'), until: at('2026-03-30T00:00Z'), daily }
  t.same(heard(spring), ['2026-03-28T06:00', '2026-03-28T10:00', '2026-03-29T05:00', '2026-03-29T09:00'])
  const autumn = { from: at('2026-10-24T00:00Z'), until: at('2026-10-26T00:00Z'), daily }
  t.same(heard(autumn), ['2026-10-24T05:00', '2026-10-24T09:00', '2026-10-25T06:00', '2026-10-25T10:00'])
  const night = { ...spring, daily: { from: 22 * 60, to: 6 * 60 } }
  t.match(heard(night), ['2026-03-28T00:00', '2026-03-28T04:00', '2026-03-28T20:00', '2026-03-29T03:00'])
})

void t.test('the furthest moment has the same time of day two weeks later', async (t) => {
  t.equal(furthestAfter(at('2026-12-01T06:30:15.250Z')), at('2026-12-15T06:30:15.250Z'))
  t.equal(furthestAfter(at('2026-03-20T06:30:00Z')), at('2026-04-03T05:30:00Z'))
  t.equal(furthestAfter(at('2026-10-20T06:30:00Z')), at('2026-11-03T07:30:00Z'))
})

void t.test('daily hours outside of its time are never heard', async (t) => {
  const notice = { from: at('2026-12-02T11:00Z'), until: at('2026-12-03T05:00Z'), daily }
  t.notOk(isEverHeard(notice))
  t.same(heard(notice), [])
  t.ok(isEverHeard({ ...notice, until: at('2026-12-03T06:01Z') }))
  t.ok(isEverHeard({ ...notice, daily: null }))
  t.ok(isEverHeard({ ...notice, from: at('2026-12-02T09:59Z') }))
})
