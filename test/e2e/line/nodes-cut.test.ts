/** The owner is cut off from Redis, from Asterisk, or from both: the other node takes over. */
import t from 'tap'
import { allServed, placeThreeCalls, openTwoNodes, type Cables } from './two-nodes.ts'

const cuts = [
  ['Redis', ({ redis }: Cables) => [redis]],
  ['Asterisk', ({ ari, ami }: Cables) => [ari, ami]],
  ['both', ({ redis, ari, ami }: Cables) => [redis, ari, ami]],
] as const

t.test('the owner is cut off', { timeout: 1_500_000 }, async (t) => {
  const scene = await openTwoNodes(t)
  for (const [index, [from, of]] of cuts.entries()) {
    const { owner, standby } = await scene.bothReady()
    const busy = await placeThreeCalls(scene, 5 + index)
    const cables = scene.cables.get(owner)
    if (cables === undefined) throw new Error('no such node')
    for (const cable of of(cables)) cable.cut()
    await scene.takenOver([standby], performance.now(), `the cut from ${from}`)
    // Repaired now: messages in flight arrive from a node that is no longer owner.
    for (const cable of of(cables)) cable.mend()
    await allServed(t, scene, busy)
  }
})
