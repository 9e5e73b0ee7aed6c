/** What the soak takes for growth, and a round for left over, by samples that are made up. */
import t from 'tap'
import { growthOf, leaksOf } from '../../../tools/soak/memory-growth.ts'
import { keysLeft, type Sample } from '../../../tools/soak/resource-sample.ts'

const hour = 3_600_000
const nothing = { pids: {}, files: {}, standstillMs: {}, keys: 0, versions: 0, states: 0 }
const rest = { ...nothing, streamLength: 0, effects: 0, ledgerRows: 0, jobs: 0 }

/** A sample each ten seconds; `mb` by the share of the run that is over. */
function run(lastsMs: number, mb: (share: number) => number): Sample[] {
  const count = Math.round(lastsMs / 10_000)
  return Array.from({ length: count }, (_, index) => ({
    ...rest,
    atMs: index * 10_000,
    memoryMb: { server1: mb(index / count) },
  }))
}

const leaks = (samples: readonly Sample[]) => leaksOf(growthOf(samples)).length

t.test('a heap that is swept at long intervals does not grow', async (t) => {
  t.equal(leaks(run(hour, (share) => 100 + 20 * ((share * 7) % 1))), 0)
  t.equal(leaks(run(hour, (share) => 60 + 60 * Math.min(1, share * 4))), 0, 'nor does one that warms up')
})

t.test('a key of one call or job is left over, one of the system is not', (t) => {
  const before = ['{linia}:states', 'linia-jobs:recordings:pbx1-1795690000.1']
  const lasting = [
    '{linia}:effects:pbx1',
    'linia-jobs:recordings:id',
    'linia-jobs:journal:repeat:nightly:1795739400000',
  ]
  t.same(keysLeft(before, [...before, ...lasting]), [])
  for (const key of [
    '{linia}:call:pbx1-1795690458.1',
    'linia-jobs:recordings:pbx1-1795690458.1',
    'linia-jobs:documents:988eedfe-4c97-4c0e-8e83-e11be9cadfbd',
  ])
    t.same(keysLeft(before, [...before, ...lasting, key]), [`the key ${key} is left`])
  t.end()
})

t.test('steady growth is found by its slope, in a short run too', async (t) => {
  t.equal(leaks(run(hour / 3, (share) => 100 + (40 / 3) * share)), 1)
})

t.test('growth that begins after more than three quarters is found', async (t) => {
  const samples = run(hour, (share) => 100 + 500 * Math.max(0, share - 0.79))
  const { server1 } = growthOf(samples)
  t.equal(Math.round(server1?.perHour ?? NaN), 0, 'though the middle slope tells nothing of it')
  t.equal(leaks(samples), 1)
})

t.test('of a run of many hours, an hour’s share is judged', async (t) => {
  t.equal(leaks(run(8 * hour, (share) => 40 + 40 * share)), 0)
})

t.test('without a sample nothing is said to grow', async (t) => {
  t.equal(leaks([]), 0)
})
