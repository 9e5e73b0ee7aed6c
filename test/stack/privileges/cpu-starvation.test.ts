/** When a process counts as starved, and when no longer. */
import t from 'tap'
import { Starvation } from '../../../src/stack/privileges/cpu-starvation.ts'

/** One sample each second, given as the share of it that was spent waiting; null: a long wait is still in progress. */
function statesAfter(shares: readonly (number | null)[]): boolean[] {
  const starvation = new Starvation(1_000)
  let [computedMs, waitedMs, owedMs] = [100, 500, 0]
  starvation.add({ computedMs, waitedMs, isReady: false }, 0)
  return shares.map((share, index) => {
    if (share === null) owedMs += 1_000
    else {
      computedMs += 10
      waitedMs += owedMs + share * 1_000
      owedMs = 0
    }
    return starvation.add({ computedMs, waitedMs, isReady: share === null }, (index + 1) * 1_000)
  })
}
const times = (count: number, share: number) => Array.from({ length: count }, () => share)

t.test('a process is starved after six seconds of mostly waiting, not after five', (t) => {
  t.notOk(statesAfter([...times(5, 0.9), 0.1, ...times(5, 0.8), 0.6]).includes(true))
  t.same(statesAfter([0.1, ...times(6, 0.7), 0.2]), [...Array.from({ length: 6 }, () => false), true, true])
  t.end()
})

t.test('a wait of several seconds counts for all of them once it is over', (t) => {
  const late = Array.from({ length: 5 }, () => null)
  t.same(statesAfter([...late, 0.2, 0]), [...late.map(() => false), true, true])
  t.same(statesAfter([...late.slice(1), 0.2, 0.1]), late.map(() => false).concat(false))
  t.end()
})

t.test('an idle process is not starved', (t) => {
  const starvation = new Starvation(1_000)
  const busy = (second: number) => ({ computedMs: 100 * second, waitedMs: 900 * second, isReady: true })
  for (let second = 0; second < 7; second += 1) starvation.add(busy(second), second * 1_000)
  const asleep = { ...busy(6), isReady: false }
  t.ok(starvation.add(asleep, 7_000))
  t.notOk(starvation.add(asleep, 36_000))
  t.end()
})

t.test('starvation ends after 30 seconds without waiting; an interruption restarts the count', (t) => {
  const surge = times(6, 0.9)
  t.equal(statesAfter([...surge, ...times(29, 0)]).at(-1), true)
  t.equal(statesAfter([...surge, ...times(30, 0)]).at(-1), false)
  t.equal(statesAfter([...surge, ...times(29, 0), 0.2, ...times(29, 0)]).at(-1), true)
  t.end()
})
