import t from 'tap'
import { applyLive, beforeLive, silentAfterMs, withSilence } from '../../src/ui/live/live-state.ts'
import type { LiveEvent, LiveState } from '../../src/ui/live/live-state.ts'
import { agentView, liveCall, todayView } from './views.ts'

const now = Date.parse('2026-11-24T08:00:00.000Z')
const apply = (state: LiveState, ...events: readonly LiveEvent[]): LiveState =>
  events.reduce((before, event) => applyLive(before, event, now, 'this-page'), state)
const snapshot: LiveEvent = {
  name: 'snapshot',
  payload: {
    at: '2026-11-24T08:00:03.000Z',
    calls: [liveCall({ id: 'c1' })],
    agents: [agentView({})],
    today: todayView({ offered: 3 }),
    context: null,
  },
}

t.test('a snapshot replaces everything and sets the clock by the server', (t) => {
  const old = apply(beforeLive, { name: 'call', payload: liveCall({ id: 'gone' }) })
  const state = apply(old, snapshot)
  t.strictSame([...state.calls.keys()], ['c1'])
  t.equal(state.today?.offered, 3)
  t.equal(state.skewMs, 3_000)
  t.equal(state.status, 'live')
  t.end()
})

t.test('a beat that was long on its way does not set the clock back; one from another clock does', (t) => {
  const beat = (at: number) =>
    ({ name: 'beat', payload: { lineUp: true, at: new Date(now + at).toISOString() } }) as const
  const after = (...beats: LiveEvent[]) => apply(apply(beforeLive, snapshot), ...beats).skewMs
  t.equal(after(beat(2_200)), 2_950, 'hardly')
  const many = Array.from({ length: 40 }, () => beat(1_500))
  t.equal(after(...many), 1_500, 'a clock that was set right by a little is followed')
  t.equal(after(beat(3_040)), 3_040, 'a quicker one is nearer')
  t.equal(after(beat(3_040), beat(-57_000)), -57_000)
  t.end()
})

t.test('changes add and replace; an ended call is kept as it was, for the wrap-up', (t) => {
  const state = apply(
    beforeLive,
    snapshot,
    { name: 'call', payload: liveCall({ id: 'c1', phase: 'talking' }) },
    { name: 'call', payload: liveCall({ id: 'c2' }) },
    { name: 'call-ended', payload: { id: 'c1', outcome: 'answered' } },
  )
  t.strictSame([...state.calls.keys()], ['c2'])
  t.match(state.ended, { call: { id: 'c1', phase: 'talking' }, outcome: 'answered' })
  const unknown = apply(state, { name: 'call-ended', payload: { id: 'never seen', outcome: 'closed' } })
  t.equal(unknown.ended?.call.id, 'c1')
  t.end()
})

t.test('a page is superseded by another page, not by itself', (t) => {
  const own = apply(beforeLive, { name: 'superseded', payload: { instance: 'this-page' } })
  t.equal(own.superseded, false)
  t.equal(apply(own, { name: 'superseded', payload: { instance: 'other' } }).superseded, true)
  t.end()
})

t.test('a feed that says nothing for five seconds is silent until it speaks again', (t) => {
  const heard = apply(beforeLive, snapshot)
  t.equal(withSilence(heard, now + silentAfterMs, now), heard)
  const silent = withSilence(heard, now + silentAfterMs + 1, now)
  t.equal(silent.status, 'silent')
  t.equal(silent.calls, heard.calls, 'what was known stays on the screen')
  const beat: LiveEvent = { name: 'beat', payload: { at: '2026-11-24T08:00:00.000Z', lineUp: false } }
  t.match(apply(silent, beat), { status: 'live', lineUp: false })
  t.end()
})

t.test('a feed that has never spoken is silent as well, counted from when it was opened', (t) => {
  t.equal(withSilence(beforeLive, now + silentAfterMs, now).status, 'connecting')
  t.equal(withSilence(beforeLive, now + silentAfterMs + 1, now).status, 'silent')
  t.end()
})
