import t from 'tap'
import { applyLive, initialLive, silentAfterMs, withSilence } from '../../../src/ui/live/live-state.ts'
import type { LiveEvent, LiveState } from '../../../src/ui/live/live-state.ts'
import { agentView, liveCall, todayView } from '../views.ts'

const now = Date.parse('2026-11-24T08:00:00.000Z')
const apply = (state: LiveState, ...events: readonly LiveEvent[]): LiveState =>
  events.reduce((before, event) => applyLive(before, event, now, 'this-page'), state)
const snapshot: Extract<LiveEvent, { name: 'snapshot' }> = {
  name: 'snapshot',
  payload: {
    at: '2026-11-24T08:00:03.000Z',
    calls: [liveCall({ id: 'c1' })],
    agents: [agentView({})],
    pauses: [{ id: 'meal', name: 'masă', nameEn: 'meal', expectedMinutes: null, offered: true }],
    callOut: { right: 'returns', allowed: ['+402'] },
    today: todayView({ waiting: 3 }),
    context: null,
    transfers: [],
  },
}

t.test('a snapshot replaces everything and sets the clock offset', (t) => {
  const old = apply(initialLive, { name: 'call', payload: liveCall({ id: 'gone' }) })
  const state = apply(old, snapshot)
  t.strictSame([...state.calls.keys()], ['c1'])
  t.equal(state.today?.waiting, 3)
  t.match(state.pauses, [{ id: 'meal' }])
  t.match(state.callOut, { right: 'returns' })
  t.equal(state.skewMs, 3_000)
  t.equal(state.status, 'live')
  t.end()
})

t.test('the feed of a node of the release before is read during an update', (t) => {
  const { pauses: _pauses, callOut: _callOut, today, ...rest } = snapshot.payload
  const { surveys: _surveys, tooLong: _tooLong, day, recent, ...older } = today
  const { targetPercent: _percent, ...figures } = day
  const queue = { id: 'general', name: 'Informații', agents: [], day: figures, recent: figures }
  const payload = { ...rest, today: { ...older, day: figures, recent, queues: [queue] } }
  const state = apply(initialLive, { name: 'snapshot', payload } as unknown as LiveEvent)
  t.strictSame(state.pauses, [])
  t.equal(state.callOut, null)
  t.match(state.today, {
    surveys: [],
    tooLong: false,
    day: { targetPercent: 80 },
    queues: [{ target: { percent: 80, withinMs: 20_000 }, day: { targetPercent: 80 } }],
  })
  t.end()
})

t.test('a late heartbeat hardly changes the clock offset; a clock that was set does', (t) => {
  const heartbeat = (at: number) =>
    ({ name: 'beat', payload: { lineUp: true, at: new Date(now + at).toISOString() } }) as const
  const after = (...heartbeats: LiveEvent[]) => apply(apply(initialLive, snapshot), ...heartbeats).skewMs
  t.equal(after(heartbeat(2_200)), 2_950, 'hardly changed')
  const many = Array.from({ length: 40 }, () => heartbeat(1_500))
  t.equal(after(...many), 1_500, 'a small clock correction is followed')
  t.equal(after(heartbeat(3_040)), 3_040, 'a faster heartbeat is more accurate')
  t.equal(after(heartbeat(3_040), heartbeat(-57_000)), -57_000)
  t.end()
})

t.test('calls are added and replaced; an ended call is kept for the wrap-up', (t) => {
  const state = apply(
    initialLive,
    snapshot,
    { name: 'call', payload: liveCall({ id: 'c1', phase: 'talking' }) },
    { name: 'call', payload: liveCall({ id: 'c2' }) },
    { name: 'call-ended', payload: { id: 'c1', outcome: 'answered', endedBy: 'caller' } },
  )
  t.strictSame([...state.calls.keys()], ['c2'])
  t.match(state.ended, { call: { id: 'c1', phase: 'talking' }, outcome: 'answered' })
  const unknown = apply(state, {
    name: 'call-ended',
    payload: { id: 'never seen', outcome: 'closed', endedBy: 'system' },
  })
  t.equal(unknown.ended?.call.id, 'c1')
  t.end()
})

t.test('a page is superseded by another page, not by itself', (t) => {
  const own = apply(initialLive, { name: 'superseded', payload: { instance: 'this-page' } })
  t.equal(own.superseded, false)
  t.equal(apply(own, { name: 'superseded', payload: { instance: 'other' } }).superseded, true)
  t.end()
})

t.test('a feed without events for five seconds is silent until the next event', (t) => {
  const heard = apply(initialLive, snapshot)
  t.equal(withSilence(heard, now + silentAfterMs, now), heard)
  const silent = withSilence(heard, now + silentAfterMs + 1, now)
  t.equal(silent.status, 'silent')
  t.equal(silent.calls, heard.calls, 'the last known state stays on the screen')
  const beat: LiveEvent = { name: 'beat', payload: { at: '2026-11-24T08:00:00.000Z', lineUp: false } }
  t.match(apply(silent, beat), { status: 'live', lineUp: false })
  t.end()
})

t.test('a feed without any event is silent after the same time from its opening', (t) => {
  t.equal(withSilence(initialLive, now + silentAfterMs, now).status, 'connecting')
  t.equal(withSilence(initialLive, now + silentAfterMs + 1, now).status, 'silent')
  t.end()
})
