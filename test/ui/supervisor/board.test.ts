import t from 'tap'
import {
  agentsByState,
  beforeQueue,
  emergencies,
  overflowsFrom,
  queueStrips,
  stripOf,
  tonesOf,
  waitingCalls,
  workingAgents,
  workState,
} from '../../../src/ui/supervisor/board/figures.ts'
import { keptOrder } from '../../../src/ui/supervisor/board/use-order.ts'
import type { TFunction } from 'i18next'
import { figuresOf, noTally } from '../../../src/core/reports/figures.ts'
import { stripFigures } from '../../../src/ui/supervisor/board/strip-figures.ts'
import { trendScale } from '../../../src/ui/supervisor/board/today/trend-scale.ts'
import type { AgentView } from '../../../src/http/agents/wire.ts'
import { agentView, liveCall, todayView } from '../views.ts'

const usualTarget = { percent: 80, withinMs: 20_000 }
const second = (value: number): string =>
  new Date(Date.parse('2026-11-24T08:00:00.000Z') + value * 1_000).toISOString()

t.test('waiting calls are those in a queue, also for the second time, longest wait first', (t) => {
  const calls = [
    liveCall({ id: 'new', queuedAt: second(9) }),
    liveCall({ id: 'greeting', phase: 'greeting', queuedAt: null }),
    liveCall({ id: 'rings', phase: 'ringing', queuedAt: second(1) }),
    liveCall({ id: 'again', phase: 'waiting', queuedAt: second(0), answeredAt: second(2), since: second(4) }),
    liveCall({ id: 'mended', phase: 'connecting', queuedAt: second(0), answeredAt: second(2) }),
    liveCall({ id: 'talks', phase: 'talking', answeredAt: second(3) }),
    liveCall({ id: 'old', queuedAt: second(-5) }),
  ]
  t.strictSame(
    waitingCalls(calls).map(({ id }) => id),
    ['old', 'rings', 'again', 'new'],
  )
  t.equal(beforeQueue([...calls, liveCall({ id: 'chooses', phase: 'menu', queuedAt: null })]), 2)
  t.end()
})

t.test('a queue shows where its callers have overflowed to today, and nothing without any', (t) => {
  const overflows = [
    { from: 'taxe', to: 'general', day: 12, recent: 3 },
    { from: 'general', to: 'taxe', day: 1, recent: 0 },
    { from: 'taxe', to: 'stare civila', day: 0, recent: 2 },
  ]
  t.strictSame(overflowsFrom('taxe', overflows), [overflows[0]], 'of the last half-hour before midnight none')
  t.strictSame(overflowsFrom('urbanism', overflows), [])
  t.strictSame(overflowsFrom('taxe'), [])
  t.end()
})

t.test('a colleague who is asked is not shown as one who serves the caller', (t) => {
  const [asking, asked] = ['a1', 'a2'].map((id) => agentView({ id, state: 'talking', callId: 'c1' })) as [
    AgentView,
    AgentView,
  ]
  const consult = { with: { id: 'a2', name: 'Ion' }, seat: 'side', since: second(1) } as never
  const call = liveCall({ id: 'c1', phase: 'held', consult, helpSince: second(1) })
  t.equal(workState(asked, call), 'consulted')
  t.equal(workState(asking, call), 'help')
  t.equal(workState({ ...asked, state: 'offered' }, call), 'offered')
  t.end()
})

t.test('112 is on the board for an hour, the latest first, also of those who have signed out', (t) => {
  const now = Date.parse(second(3_700))
  const agents = [
    agentView({ id: 'quiet' }),
    agentView({ id: 'early', emergencyAt: second(99) }),
    agentView({ id: 'first', emergencyAt: second(101) }),
    agentView({ id: 'last', state: 'signed out', name: 'Ana', emergencyAt: second(3_000) }),
  ]
  t.same(
    emergencies(agents, now).map(({ id }) => id),
    ['last', 'first'],
  )
  t.match(emergencies(agents, now)[0], { name: 'Ana', at: second(3_000) })
  t.end()
})

t.test('working agents are sorted by needed attention, then by time', (t) => {
  const phones = { desk: false, web: false, chosen: null, active: null, ownCalls: 0 }
  const agents = [
    agentView({ id: 'free', since: second(5) }),
    agentView({ id: 'longer free', since: second(1) }),
    agentView({ id: 'off', state: 'signed out' }),
    agentView({ id: 'mute phone', phones }),
    agentView({ id: 'held', state: 'talking', callId: 'c1' }),
    agentView({ id: 'talks', state: 'talking', callId: 'c2' }),
  ]
  const calls = new Map([['c1', liveCall({ id: 'c1', phase: 'held' })]])
  t.strictSame(
    workingAgents(agents, calls).map(({ id }) => id),
    ['mute phone', 'held', 'talks', 'longer free', 'free'],
  )
  t.end()
})

t.test('a free agent is ready, with a phone that can ring and no call of their own', (t) => {
  const busy = { desk: false, web: true, chosen: null, active: 'web', ownCalls: 1 } as const
  t.equal(workState(agentView({}), undefined), 'ready')
  t.equal(workState(agentView({ phones: busy }), undefined), 'own call')
  const strip = stripOf(
    [liveCall({ queuedAt: second(0) })],
    [agentView({}), agentView({ phones: busy })],
    Date.parse(second(12)),
    () => 11_000,
  )
  t.strictSame(strip, { waiting: 1, longestMs: 12_000, late: true, free: 1 })
  t.match(
    stripOf([], [], 0, () => 0),
    { longestMs: null, late: false },
  )
  t.end()
})

t.test('each queue counts its own live calls and the free agents who serve it', (t) => {
  const none = figuresOf(noTally, 0)
  const queue = (id: string, agents: string[]) => ({
    id,
    name: id,
    target: id === 'general' ? { percent: 90, withinMs: 10_000 } : usualTarget,
    agents,
    day: none,
    recent: none,
  })
  const agents = new Map(
    [
      agentView({ id: 'both' }),
      agentView({ id: 'taxes only' }),
      agentView({ id: 'busy', state: 'talking', callId: 'c9' }),
    ].map((agent) => [agent.id, agent]),
  )
  const general = { id: 'general', name: 'general' }
  const calls = [
    liveCall({ id: 'c1', queue: general, queuedAt: second(0) }),
    liveCall({ id: 'c2', queue: general, queuedAt: second(8) }),
    liveCall({ id: 'c3', queue: general, phase: 'talking', answeredAt: second(3) }),
  ]
  const strips = queueStrips(
    [queue('general', ['both', 'busy', 'not signed in']), queue('taxes', ['both', 'taxes only', 'busy'])],
    calls,
    agents,
    Date.parse(second(12)),
  )
  t.strictSame(strips, [
    {
      id: 'general',
      recent: none,
      target: { percent: 90, withinMs: 10_000 },
      waiting: 2,
      longestMs: 12_000,
      late: true,
      free: 1,
    },
    { id: 'taxes', recent: none, target: usualTarget, waiting: 0, longestMs: null, late: false, free: 2 },
  ])
  t.end()
})

t.test('a frozen order keeps rows in their places; new rows come last', (t) => {
  const rows = ['c', 'new', 'a', 'b'].map((id) => ({ id }))
  t.strictSame(
    keptOrder(rows, ['a', 'b', 'gone', 'c']).map(({ id }) => id),
    ['a', 'b', 'c', 'new'],
  )
  t.end()
})

t.test(
  'waiting and free are in alarm colours when callers wait beyond the target and nobody is free',
  (t) => {
    const strip = { waiting: 8, longestMs: 21_000, late: true, free: 0 }
    t.strictSame(tonesOf(strip), { waiting: 'alarm', longest: 'alarm', free: 'alarm' })
    t.strictSame(
      tonesOf({ ...strip, free: 1 }),
      { waiting: 'none', longest: 'breach', free: 'none' },
      'somebody is free for the call that has waited',
    )
    t.strictSame(tonesOf({ ...strip, longestMs: 20_000, late: false }).free, 'breach', 'within the target')
    t.strictSame(tonesOf({ waiting: 0, longestMs: null, late: false, free: 0 }).free, 'none', 'nobody waits')
    t.end()
  },
)

t.test('agents are counted by the state that a supervisor sees', (t) => {
  const phones = { desk: false, web: false, chosen: null, active: null, ownCalls: 0 }
  const agents = [
    agentView({ id: 'a' }),
    agentView({ id: 'b' }),
    agentView({ id: 'c', phones }),
    agentView({ id: 'd', state: 'paused', reason: 'supervisor' }),
    agentView({ id: 'e', state: 'talking', callId: 'c1' }),
    agentView({ id: 'f', state: 'signed out' }),
  ]
  const calls = new Map([['c1', liveCall({ id: 'c1', phase: 'held' })]])
  t.strictSame(agentsByState(agents, calls), [
    { state: 'ready', count: 2 },
    { state: 'held', count: 1 },
    { state: 'no phone', count: 1 },
    { state: 'paused', count: 1 },
  ])
  t.end()
})

t.test('the last 30 minutes stand beside the day, and have their own colour', (t) => {
  const words = ((key: string) => key) as unknown as TFunction
  const tally = { ...noTally, offered: 30, answered: 20, answeredWithin: 20, waitedMs: 100_000 }
  const today = todayView({
    day: figuresOf(tally, 0),
    recent: figuresOf({ ...tally, answeredWithin: 15 }, 8),
  })
  const figures = stripFigures({ waiting: 8, longestMs: 40_000, late: true, free: 0 }, today, words, 'ro')
  const level = figures.find(({ name }) => name === 'serviceLevel')
  t.match(level, { tone: 'breach', day: { tone: 'none' } }, 'those who wait lower the level at once')
  t.match(level?.value, /^53,6/)
  t.match(level?.day?.value, /^100/)
  t.strictSame(
    figures.map(({ tone }) => tone),
    ['alarm', 'alarm', 'alarm', 'breach', 'none'],
  )
  t.end()
})

t.test('the first half-hours of a day are drawn as wide as those of a shift', (t) => {
  const slots = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      from: second(index * 1_800),
      offered: 1,
      answered: 1,
      abandoned: 0,
    }))
  t.match(trendScale(slots(1)), { columns: 16, first: 0, endsAt: '2026-11-24T16:00:00.000Z' })
  t.match(trendScale(slots(16)), { columns: 16, first: 0, endsAt: null })
  t.match(trendScale(slots(20)), { columns: 20, first: 0, endsAt: null }, 'a longer day is whole')
  t.equal(trendScale([]), null)
  t.end()
})

t.test('the trend of a day ends at its midnight, also of a day that begins late', (t) => {
  const scaleFrom = (from: string) => trendScale([{ from, offered: 1, answered: 1, abandoned: 0 }])
  // 23:30 in the city.
  t.strictSame(scaleFrom('2026-11-24T21:30:00.000Z'), {
    columns: 16,
    first: 15,
    beginsAt: '2026-11-24T14:00:00.000Z',
    endsAt: '2026-11-24T22:00:00.000Z',
  })
  // 16:00 in the city: the shift fits until midnight.
  t.match(scaleFrom('2026-11-24T14:00:00.000Z'), { first: 0, endsAt: '2026-11-24T22:00:00.000Z' })
  // 20:00 of the day with 25 hours, whose midnight is in winter time.
  t.match(scaleFrom('2026-10-25T18:00:00.000Z'), { first: 8, endsAt: '2026-10-25T22:00:00.000Z' })
  t.end()
})

t.test('a citizen who is to be called back has a row at their place, and is no caller who waits', (t) => {
  const callback = { of: 'c0', requests: [], promisedAt: second(1), attempt: 1 }
  const calls = [
    liveCall({ id: 'first', queuedAt: second(0) }),
    liveCall({ id: 'promised', phase: 'promised', direction: 'outbound', callback, queuedAt: second(1) }),
    liveCall({ id: 'rings', phase: 'ringing', direction: 'outbound', callback, queuedAt: second(2) }),
    liveCall({ id: 'dialled', phase: 'dialling', direction: 'outbound', callback, queuedAt: second(3) }),
    liveCall({ id: 'later', queuedAt: second(4) }),
  ]
  t.strictSame(
    waitingCalls(calls).map(({ id }) => id),
    ['first', 'promised', 'rings', 'later'],
  )
  t.equal(stripOf(calls, [], Date.parse(second(9)), () => 20_000).waiting, 2)
  // Sent on after the first words, the citizen waits on the line.
  const sentOn = { phase: 'waiting', answeredAt: second(5), callback, direction: 'outbound' } as const
  t.equal(
    stripOf([liveCall({ ...sentOn, queuedAt: second(1) })], [], Date.parse(second(9)), () => 20_000).waiting,
    1,
  )
  t.end()
})

t.test(
  'a citizen who calls while they hold a callback has its place, and waits from their own call on',
  (t) => {
    const calls = [
      liveCall({ id: 'before', arrivedAt: second(0), queuedAt: second(0) }),
      liveCall({ id: 'back', arrivedAt: second(5), queuedAt: '2026-11-20T17:30:00.000Z' }),
    ]
    t.strictSame(
      waitingCalls(calls).map(({ id }) => id),
      ['back', 'before'],
    )
    t.match(
      stripOf(calls.slice(1), [], Date.parse(second(9)), () => 20_000),
      { longestMs: 4_000, late: false },
      'no alarm',
    )
    t.equal(stripOf(calls, [], Date.parse(second(9)), () => 20_000).longestMs, 9_000)
    t.end()
  },
)
