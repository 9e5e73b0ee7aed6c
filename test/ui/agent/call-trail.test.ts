import t from 'tap'
import { extendTrail, joinTrails, trailOf } from '../../../src/ui/agent/call/call-trail.ts'
import { waitOf } from '../../../src/ui/agent/call/call-wait.ts'
import { liveCall } from '../views.ts'

t.test('the trail grows with the call and marks a return as resumed', (t) => {
  const at = (value: number): string =>
    new Date(Date.parse('2026-11-24T08:00:00.000Z') + value * 1_000).toISOString()
  const phases = [
    'ringing',
    'connecting',
    'talking',
    'held',
    'talking',
    'reconnecting',
    'talking',
    'talking',
  ] as const
  const trail = phases.reduce(
    (before, phase, index) => extendTrail(before, liveCall({ phase, since: at(index) })),
    extendTrail([], liveCall({ phase: 'waiting' })),
  )
  t.strictSame(
    trail.map(({ step }) => step),
    ['arrived', 'queued', 'ringing', 'talking', 'held', 'resumed', 'reconnecting', 'resumed'],
  )
  const late = extendTrail([], liveCall({ phase: 'talking', answeredAt: at(5) }))
  t.strictSame(
    late.map(({ step }) => step),
    ['arrived', 'queued', 'talking'],
    'a page opened during a call begins with the times in the call',
  )
  const rungAgain = extendTrail(
    extendTrail([], liveCall({ phase: 'ringing', answeredAt: at(5), since: at(9) })),
    liveCall({ phase: 'talking', answeredAt: at(5), since: at(10) }),
  )
  t.strictSame(
    rungAgain.map(({ step }) => step),
    ['arrived', 'queued', 'talking', 'ringing', 'resumed'],
    'a page opened while its phone was rung again',
  )
  t.end()
})

t.test('a page opened during a call has the whole trail from the ledger', (t) => {
  const at = '2026-11-24T08:00:00.000Z'
  const phases = ['greeting', 'waiting', 'ringing', 'connecting', 'talking', 'held', 'talking', 'ended']
  const events = phases.map((phase, seq) => ({ seq, at, type: 'any', detail: { phase } }))
  t.strictSame(
    trailOf({ arrivedAt: at, events }, liveCall({ phase: 'talking', answeredAt: at })).map(
      ({ step }) => step,
    ),
    ['arrived', 'queued', 'ringing', 'talking', 'held', 'resumed'],
  )
  t.strictSame(trailOf({ arrivedAt: at, events: [] }, liveCall({})), [])
  const later = (seconds: number): string => new Date(Date.parse(at) + seconds * 1_000).toISOString()
  const known = [
    { step: 'arrived', at },
    { step: 'ringing', at: later(1) },
    { step: 'talking', at: later(2) },
  ] as const
  const seen = [
    { step: 'arrived', at },
    { step: 'talking', at: later(2) },
    { step: 'held', at: later(9) },
  ] as const
  t.strictSame(
    joinTrails(known, seen).map(({ step }) => step),
    ['arrived', 'ringing', 'talking', 'held'],
    'followed by the steps that the page has seen',
  )
  t.strictSame(joinTrails([], seen), seen)
  t.strictSame(
    joinTrails(
      [{ step: 'queued', at }],
      [
        { step: 'queued', at },
        { step: 'ringing', at },
      ],
    ).map(({ step }) => step),
    ['queued', 'ringing'],
    'both in the same millisecond',
  )
  t.end()
})

t.test('a caller has waited from arrival to answer; a citizen who was called, from the transfer on', (t) => {
  const arrivedAt = '2026-11-24T08:00:00.000Z'
  const answeredAt = '2026-11-24T08:00:09.000Z'
  const at = '2026-11-24T08:03:00.000Z'
  const takenAt = '2026-11-24T08:03:20.000Z'
  t.strictSame(waitOf(liveCall({ arrivedAt })), { since: arrivedAt, until: null })
  t.strictSame(waitOf(liveCall({ arrivedAt, answeredAt })), { since: arrivedAt, until: answeredAt })
  const ana = { id: 'a1', name: 'Ana Popescu' }
  const placed = liveCall({ direction: 'outbound', placedBy: ana, arrivedAt, answeredAt })
  t.equal(waitOf(placed), null)
  const transferred = {
    by: ana,
    from: { id: 'q1', name: 'Informații generale' },
    at,
    takenAt: null,
    underWay: true,
    failed: false,
  }
  t.strictSame(waitOf({ ...placed, transferred }), { since: at, until: null })
  t.strictSame(waitOf({ ...placed, transferred: { ...transferred, takenAt } }), { since: at, until: takenAt })
  t.end()
})
