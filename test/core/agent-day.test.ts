import t from 'tap'
import { stateTimes } from '../../src/core/reports/agent-day.ts'

void t.test('the times of a day begin at midnight, end now, and add up by state and reason', async (t) => {
  const changes = [
    { at: -5_000, state: 'ready', reason: null },
    { at: 10_000, state: 'talking', reason: null },
    { at: 40_000, state: 'paused', reason: 'meal' },
    { at: 50_000, state: 'paused', reason: 'supervisor' },
    { at: 51_000, state: 'signed out', reason: null },
    { at: 60_000, state: 'paused', reason: 'meal' },
    { at: 75_000, state: 'ready', reason: null },
  ] as const
  t.strictSame(stateTimes(changes, 0, 90_000), [
    { state: 'talking', reason: null, ms: 30_000 },
    { state: 'ready', reason: null, ms: 25_000 },
    { state: 'paused', reason: 'meal', ms: 25_000 },
    { state: 'paused', reason: 'supervisor', ms: 1_000 },
  ])
  t.strictSame(stateTimes(changes, 20_000, 30_000), [{ state: 'talking', reason: null, ms: 10_000 }])
  t.strictSame(stateTimes([], 0, 90_000), [])
})
