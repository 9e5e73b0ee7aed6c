/** Who has talked with the caller, through the state machine. */
import t from 'tap'
import { closedLegs } from '../../src/core/leg.ts'
import type { CallEvent } from '../../src/core/call-event.ts'
import { ana, anaAgain, answered, bridged, callIn, ion, lost, offered, run, t0, wayTo } from './samples.ts'

const start = callIn('greeting')
const hungUp: CallEvent = { type: 'CallerHungUp' }

t.test('a leg lasts from the conversation to its end, hold included', async (t) => {
  const connecting = run(start, wayTo.connecting).call
  t.strictSame(connecting.legs, [], 'a pick-up is no conversation')
  const held = run(start, wayTo.held).call
  t.match(held.legs, [
    { id: 'o1', role: 'agent', agent: 'ana', device: 'web', from: t0 + 4_000, until: null },
  ])
  const over = run(start, [...wayTo.held, hungUp]).call
  t.match(over.legs, [{ id: 'o1', until: t0 + 6_000 }])
})

t.test('a lost phone and the one that takes its place are two legs', async (t) => {
  const way: readonly CallEvent[] = [
    ...wayTo.reconnecting,
    { type: 'ReturnOffered', offer: anaAgain },
    answered(anaAgain),
    bridged(anaAgain),
  ]
  t.match(run(start, way).call.legs, [
    { id: 'o1', until: t0 + 5_000 },
    { id: 'o2', from: t0 + 8_000, until: null },
  ])
})

t.test('who had the caller before stays on record when another agent serves', async (t) => {
  const reconnecting = run(start, wayTo.reconnecting).call
  t.equal(reconnecting.phase, 'reconnecting')
  const until = reconnecting.phase === 'reconnecting' ? reconnecting.until : 0
  const passed = run(reconnecting, [{ type: 'DeadlinePassed' }], until).call
  t.equal(passed.phase, 'waiting')
  const second = run(passed, [offered(ion), answered(ion), bridged(ion), hungUp], until + 10_000).call
  t.match(
    second.legs.map(({ agent }) => agent),
    ['ana', 'ion'],
  )
  t.ok(second.legs.every((leg) => leg.until !== null))
})

t.test('a call that lost its line ends with all of its legs', async (t) => {
  const { legs } = run(start, wayTo.talking).call
  t.match(closedLegs(legs, t0 + 60_000), [{ id: ana.id, until: t0 + 60_000 }])
  t.strictSame(closedLegs(closedLegs(legs, t0 + 60_000), t0 + 90_000), closedLegs(legs, t0 + 60_000))
  t.match(run(start, [...wayTo.talking, lost(ana)]).call.legs, [{ until: t0 + 5_000 }])
})
