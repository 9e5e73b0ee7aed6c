/** A short `make soak`: after a load every call is recorded, and keys and connections are back to their baseline. */
import t from 'tap'
import { growthOf } from '../../../tools/soak/memory-growth.ts'
import { brokenBy, runSoak } from '../../../tools/soak/soak.ts'
import { openSystem } from '../../../tools/chaos/testbed.ts'

t.test('a finished load leaves nothing but its records', { timeout: 1_500_000 }, async (t) => {
  // At most five phones ring at once, so that a stalled machine does not trigger overload rejection.
  const system = await openSystem(t, { nodes: 2, agents: 5 })
  const load = { perSecond: 2, talkMs: 1_500, seconds: 15, sampleEveryMs: 2_000, movesEveryMs: 3_000 }
  const soak = await runSoak(system, load)
  t.comment(`memory, MB: ${JSON.stringify(growthOf(soak.samples))}`)
  t.equal(soak.called, load.perSecond * load.seconds)
  t.equal(soak.sound.conversations, soak.called)
  t.ok(Object.keys(soak.before.pids).length > 4, 'every part is sampled')
  t.equal(soak.before.states, system.agents.length, 'before the load the ACD holds only its agents')
  t.same(brokenBy(soak), [], 'all callers are served and recorded, and nothing has grown')
})
