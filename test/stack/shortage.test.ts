/** When a part is taken to get too little of the processor, and when no longer. */
import t from 'tap'
import { Shortage } from '../../src/stack/shortage.ts'

/** A look each second, with the share of it that was spent waiting for a processor; what each of them said. */
function looks(shares: readonly number[]): boolean[] {
  const shortage = new Shortage()
  let waited = 500
  shortage.look(waited, 0)
  return shares.map((share, index) => {
    waited += share * 1_000
    return shortage.look(waited, (index + 1) * 1_000)
  })
}
const times = (count: number, share: number) => Array.from({ length: count }, () => share)

t.test('three seconds of waiting are too much, two are not', (t) => {
  t.same(
    looks([0.9, 0.9, 0.1, 0.5, 0.5, 0.3]),
    times(6, 0).map(() => false),
  )
  t.same(looks([0.1, 0.9, 0.4, 0.4, 0.2]), [false, false, false, true, true])
  t.end()
})

t.test('half a minute without waiting is enough, and an interruption starts it anew', (t) => {
  const surge = times(3, 0.9)
  t.equal(looks([...surge, ...times(29, 0)]).at(-1), true)
  t.equal(looks([...surge, ...times(30, 0)]).at(-1), false)
  t.equal(looks([...surge, ...times(29, 0), 0.2, ...times(29, 0)]).at(-1), true)
  t.end()
})

t.test('a look that comes late counts as one, by the time that has passed', (t) => {
  const shortage = new Shortage()
  const said = [shortage.look(0, 0), shortage.look(900, 1_000), shortage.look(1_900, 9_000)]
  t.same(
    [...said, shortage.look(1_900, 9_000), shortage.look(2_800, 10_000)],
    times(5, 0).map(() => false),
  )
  t.end()
})
