/** Detection of memory growth, on made-up samples. */
import t from 'tap'
import { growthOf, leaksOf } from '../../../tools/soak/memory-growth.ts'
import type { Sample } from '../../../tools/soak/resource-sample.ts'

const hour = 3_600_000
const nothing = { pids: {}, files: {}, standstillMs: {}, keys: 0, versions: 0, states: 0 }
const rest = { ...nothing, streamLength: 0, effects: 0, ledgerRows: 0, jobs: 0 }

/** A sample every ten seconds; `mb` gives the memory by the elapsed share of the run. */
function run(lastsMs: number, mb: (share: number) => number): Sample[] {
  const count = Math.round(lastsMs / 10_000)
  return Array.from({ length: count }, (_, index) => ({
    ...rest,
    atMs: index * 10_000,
    memoryMb: { server1: mb(index / count) },
  }))
}

const leaks = (samples: readonly Sample[]) => leaksOf(growthOf(samples)).length

t.test('a heap that is collected at long intervals does not grow', async (t) => {
  t.equal(leaks(run(hour, (share) => 100 + 20 * ((share * 7) % 1))), 0)
  t.equal(leaks(run(hour, (share) => 60 + 60 * Math.min(1, share * 4))), 0, 'nor does one that warms up')
})

t.test('steady growth is found by its slope, in a short run too', async (t) => {
  t.equal(leaks(run(hour / 3, (share) => 100 + (40 / 3) * share)), 1)
})

t.test('growth that begins in the last quarter is found', async (t) => {
  const samples = run(hour, (share) => 100 + 500 * Math.max(0, share - 0.79))
  const { server1 } = growthOf(samples)
  t.equal(Math.round(server1?.perHour ?? NaN), 0, 'the median slope does not show it')
  t.equal(leaks(samples), 1)
})

t.test('in a run of many hours, the share of one hour is judged', async (t) => {
  t.equal(leaks(run(8 * hour, (share) => 40 + 40 * share)), 0)
})

t.test('without samples no growth is reported', async (t) => {
  t.equal(leaks([]), 0)
})
