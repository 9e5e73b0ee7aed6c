import t from 'tap'
import { stripOf, waitingCalls, workingAgents, workState } from '../../../src/ui/supervisor/board/figures.ts'
import { keptOrder } from '../../../src/ui/supervisor/board/use-order.ts'
import { agentView, liveCall, todayView } from '../views.ts'

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
    todayView({ abandoned: 2, serviceLevel: 0.75 }),
    Date.parse(second(12)),
  )
  t.strictSame(strip, { waiting: 1, longestMs: 12_000, free: 1, serviceLevel: 0.75, abandoned: 2 })
  t.equal(stripOf([], [], null, 0).longestMs, null)
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
