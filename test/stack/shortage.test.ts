/** When a part is taken to get too little of the processor, and when no longer. */
import t from 'tap'
import { Shortage } from '../../src/stack/shortage.ts'

/** A look each second, with the share of it that was spent waiting; null: one long wait is not over yet. */
function looks(shares: readonly (number | null)[]): boolean[] {
  const shortage = new Shortage(1_000)
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

t.test('three seconds of hardly anything but waiting are too much, two are not', (t) => {
  t.notOk(looks([0.9, 0.9, 0.1, 0.8, 0.8, 0.6]).includes(true))
  t.same(looks([0.1, 0.9, 0.7, 0.7, 0.2]), [false, false, false, true, true])
  t.end()
})

t.test('one wait of seconds is seen when it is over, and counts for all of them', (t) => {
  t.same(looks([null, null, 0.2, 0]), [false, false, true, true])
  t.same(looks([null, 0.2, 0.1]), [false, false, false])
  t.end()
})

t.test('who does nothing at all has enough', (t) => {
  const shortage = new Shortage(1_000)
  const busy = (second: number) => ({ computedMs: 100 * second, waitedMs: 900 * second, isReady: true })
  for (let second = 0; second < 4; second += 1) shortage.look(busy(second), second * 1_000)
  const asleep = { ...busy(3), isReady: false }
  t.ok(shortage.look(asleep, 4_000))
  t.notOk(shortage.look(asleep, 33_000))
  t.end()
})

t.test('half a minute without waiting is enough, and an interruption starts it anew', (t) => {
  const surge = times(3, 0.9)
  t.equal(looks([...surge, ...times(29, 0)]).at(-1), true)
  t.equal(looks([...surge, ...times(30, 0)]).at(-1), false)
  t.equal(looks([...surge, ...times(29, 0), 0.2, ...times(29, 0)]).at(-1), true)
  t.end()
})
