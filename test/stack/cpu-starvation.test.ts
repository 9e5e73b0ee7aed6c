/** When a part is taken to get too little of the processor, and when no longer. */
import t from 'tap'
import { Starvation } from '../../src/stack/privileges/cpu-starvation.ts'

/** A look each second, with the share of it that was spent waiting; null: one long wait is not over yet. */
function looks(shares: readonly (number | null)[]): boolean[] {
  const shortage = new Starvation(1_000)
  let [computedMs, waitedMs, owedMs] = [100, 500, 0]
  shortage.look({ computedMs, waitedMs, isReady: false }, 0)
  return shares.map((share, index) => {
    if (share === null) owedMs += 1_000
    else {
      computedMs += 10
      waitedMs += owedMs + share * 1_000
      owedMs = 0
    }
    return shortage.look({ computedMs, waitedMs, isReady: share === null }, (index + 1) * 1_000)
  })
}
const times = (count: number, share: number) => Array.from({ length: count }, () => share)

t.test('six seconds of hardly anything but waiting are too much, five are not', (t) => {
  t.notOk(looks([...times(5, 0.9), 0.1, ...times(5, 0.8), 0.6]).includes(true))
  t.same(looks([0.1, ...times(6, 0.7), 0.2]), [...Array.from({ length: 6 }, () => false), true, true])
  t.end()
})

t.test('one wait of seconds is seen when it is over, and counts for all of them', (t) => {
  const late = Array.from({ length: 5 }, () => null)
  t.same(looks([...late, 0.2, 0]), [...late.map(() => false), true, true])
  t.same(looks([...late.slice(1), 0.2, 0.1]), late.map(() => false).concat(false))
  t.end()
})

t.test('who does nothing at all has enough', (t) => {
  const shortage = new Starvation(1_000)
  const busy = (second: number) => ({ computedMs: 100 * second, waitedMs: 900 * second, isReady: true })
  for (let second = 0; second < 7; second += 1) shortage.look(busy(second), second * 1_000)
  const asleep = { ...busy(6), isReady: false }
  t.ok(shortage.look(asleep, 7_000))
  t.notOk(shortage.look(asleep, 36_000))
  t.end()
})

t.test('half a minute without waiting is enough, and an interruption starts it anew', (t) => {
  const surge = times(6, 0.9)
  t.equal(looks([...surge, ...times(29, 0)]).at(-1), true)
  t.equal(looks([...surge, ...times(30, 0)]).at(-1), false)
  t.equal(looks([...surge, ...times(29, 0), 0.2, ...times(29, 0)]).at(-1), true)
  t.end()
})
