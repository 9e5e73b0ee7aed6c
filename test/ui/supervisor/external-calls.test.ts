import t from 'tap'
import { externalCalls, isWaiting } from '../../../src/ui/supervisor/board/figures.ts'
import { liveCall } from '../views.ts'

t.test('a caller who was sent to a department has a row of their own, and waits in no queue', async (t) => {
  const external = { id: 'urbanism', name: 'Urbanism' }
  const at = (seconds: number) => new Date(Date.parse('2026-11-24T08:00:00Z') + seconds * 1_000).toISOString()
  const calls = [
    liveCall({ id: 'talks', phase: 'transferred', external, since: at(9) }),
    liveCall({ id: 'rings', phase: 'transferring', external, since: at(3) }),
    liveCall({ id: 'waits', phase: 'waiting' }),
    liveCall({ id: 'serves', phase: 'talking', agent: { id: 'a1', name: 'Ana Pop' } }),
  ]
  t.same(
    externalCalls(calls).map(({ id }) => id),
    ['rings', 'talks'],
  )
  t.same(
    calls.filter(isWaiting).map(({ id }) => id),
    ['waits'],
  )
})
