/** When a leg without a sign of ringing is given up. */
import t from 'tap'
import { ChannelId } from '../../src/core/ids.ts'
import { RingWatch } from '../../src/asterisk/phones/ring-watch.ts'

const leg = ChannelId('offer-o1')
const endpoint = 'ana-web'

function watched() {
  const silent: string[] = []
  const doubted: string[] = []
  let timers: { readonly atMs: number; readonly act: () => void }[] = []
  let nowMs = 0
  const rings = new RingWatch({
    ask: () => Promise.resolve(true),
    rang: () => undefined,
    didNotRing: (at) => void doubted.push(at),
    silent: (channel) => void silent.push(channel),
    after: (waitMs, act) => void timers.push({ atMs: nowMs + waitMs, act }),
  })
  const pass = async (forMs: number): Promise<void> => {
    for (const endMs = nowMs + forMs; nowMs < endMs; nowMs += 100) {
      const due = timers.filter(({ atMs }) => atMs <= nowMs)
      timers = timers.filter(({ atMs }) => atMs > nowMs)
      for (const { act } of due) act()
      // The answer of `ask`.
      await Promise.resolve()
      await Promise.resolve()
    }
  }
  rings.dialled(leg, endpoint)
  rings.dialling(leg)
  return { rings, pass, silent, doubted }
}

t.test('a leg that gives no sign is given up, and one that rings is not', async (t) => {
  const quiet = watched()
  await quiet.pass(4_000)
  t.same(quiet.silent, [])
  t.same(quiet.rings.unrung(endpoint), [leg])
  await quiet.pass(1_500)
  t.same(quiet.silent, [leg])

  const ringing = watched()
  await ringing.pass(200)
  ringing.rings.rang(leg)
  await ringing.pass(10_000)
  t.same(ringing.silent, [])
})

t.test('a connection that breaks after the INVITE may have missed the ringing, or the answer', async (t) => {
  for (const breaksAfterMs of [100, 2_000, 4_300]) {
    const { rings, pass, silent, doubted } = watched()
    await pass(breaksAfterMs)
    rings.disconnected()
    await pass(10_000)
    t.same(silent, [], `${breaksAfterMs} ms after the INVITE`)
    t.same(rings.unrung(endpoint), [], 'nor does an unreachable phone end the leg: its agent may talk')
    t.equal(rings.ended(leg, 'no answer'), 'unreachable', 'no miss of the agent')
    t.same(doubted, [], 'and nothing against the phone')
  }
})

t.test('a leg that is dialled after the break is watched again', async (t) => {
  const { rings, pass, silent } = watched()
  rings.disconnected()
  const next = ChannelId('offer-o2')
  rings.dialled(next, endpoint)
  rings.dialling(next)
  await pass(6_000)
  t.same(silent, [next])
})
