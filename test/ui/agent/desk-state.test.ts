import t from 'tap'
import type { AgentView } from '../../../src/http/agents/wire.ts'
import type { LiveCallView } from '../../../src/http/live/wire.ts'
import { callControls, isOffered, whyNot } from '../../../src/ui/agent/desk-actions.ts'
import { callIdOf, deskState } from '../../../src/ui/agent/desk-state.ts'
import { agentView, liveCall } from '../views.ts'

const calls = (...list: readonly LiveCallView[]) => new Map(list.map((call) => [call.id, call]))
const at = (agent: Partial<AgentView>, ...list: readonly LiveCallView[]) =>
  deskState(agentView(agent), calls(...list), null)
const around = {
  fresh: true,
  superseded: false,
  imposed: false,
  reachable: true,
  onDeskPhone: false,
  hasInterpreter: false,
  talkedIn: null,
} as const
const offered = { state: 'offered', callId: 'c1', offerId: 'o1', offerDevice: 'web' } as const
const inCall = { ...offered, state: 'talking' } as const

t.test('before the first snapshot the desk is connecting and nothing can be pressed', (t) => {
  const state = deskState(undefined, new Map(), null)
  t.equal(state.name, 'connecting')
  t.equal(whyNot('answer', state, around), 'feed')
  t.end()
})

t.test('an agent without a reachable phone is shown so, whatever state they asked for', (t) => {
  const phones = { desk: false, web: false, chosen: null, active: null, ownCalls: 0 }
  t.match(at({ state: 'ready', phones }), { name: 'no-phone', wanted: 'ready' })
  const paused = at({ state: 'paused', reason: 'meal', phones })
  t.match(paused, { name: 'no-phone', wanted: 'paused' })
  t.equal(whyNot('pause-ready', paused, around), 'noPhone')
  t.equal(whyNot('pause-ready', paused, { ...around, imposed: true }), 'supervisor')
  t.equal(whyNot('pause-reason', paused, { ...around, imposed: true }), 'supervisor')
  t.end()
})

t.test('an offer rings before its call has arrived, and is picked up once the phone answers', (t) => {
  t.match(at(offered), { name: 'ringing', call: null, picking: false })
  const session = {
    kind: 'incoming',
    phase: 'answering',
    from: '',
    offerId: null,
    autoAnswer: false,
  } as const
  t.match(deskState(agentView(offered), calls(liveCall({})), session), { name: 'ringing', picking: true })
  t.match(at(offered, liveCall({ phase: 'connecting' })), { picking: true })
  t.end()
})

t.test('the phase of the call decides between talking, held and reconnecting', (t) => {
  t.equal(at(inCall, liveCall({ phase: 'talking' })).name, 'talking')
  t.equal(at(inCall, liveCall({ phase: 'held' })).name, 'held')
  t.equal(at(inCall, liveCall({ phase: 'reconnecting' })).name, 'reconnecting')
  t.match(at(inCall, liveCall({ phase: 'connecting' })), { name: 'ringing', picking: true })
  const answeredAt = '2026-11-24T08:00:05.000Z'
  const mended = liveCall({ phase: 'connecting', answeredAt, since: '2026-11-24T08:01:00.000Z' })
  t.equal(at(inCall, mended).name, 'reconnecting', 'until the conversation is bridged again')
  t.equal(at(inCall).name, 'talking', 'the call’s event may arrive after the agent’s')
  t.end()
})

t.test('keypad tones are sent in a conversation alone, and by the page’s phone alone', (t) => {
  const talking = at(inCall, liveCall({ phase: 'talking' }))
  t.equal(whyNot('keypad', talking, around), null)
  t.equal(whyNot('keypad', talking, { ...around, onDeskPhone: true }), 'deskKeys')
  t.equal(whyNot('keypad', at(inCall, liveCall({ phase: 'held' })), around), 'callerHeld')
  t.equal(whyNot('keypad', at(inCall, liveCall({ phase: 'reconnecting' })), around), 'notTalking')
  t.equal(whyNot('keypad', at({ state: 'ready' }), around), 'notTalking')
  t.end()
})

t.test('a caller who has talked before is picked up like any other', (t) => {
  const since = '2026-11-24T08:02:00.000Z'
  const call = { phase: 'connecting', answeredAt: '2026-11-24T08:00:05.000Z', since } as const
  const by = { id: 'a1', name: 'Ana Popescu' }
  const sentBy = { by, from: { id: 'q1', name: 'Informații generale' }, at: since, takenAt: null }
  const pickedUp = { name: 'ringing', picking: true }
  const returned = { ...sentBy, underWay: false, failed: true }
  t.match(
    at({ ...inCall, since }, liveCall({ ...call, transferred: returned })),
    pickedUp,
    'nobody took them',
  )
  const underWay = { ...sentBy, underWay: true, failed: false }
  t.match(at({ ...inCall, since }, liveCall({ ...call, transferred: underWay })), pickedUp, 'a colleague')
  t.match(at({ ...inCall, since }, liveCall(call)), pickedUp, 'their agent was lost, another one picks up')
  t.end()
})

t.test('a call stays on the desk during wrap-up', (t) => {
  const state = at({ state: 'wrap-up', callId: 'c1', until: '2026-11-24T08:00:10.000Z' })
  t.match(state, { name: 'wrap-up', until: '2026-11-24T08:00:10.000Z' })
  t.equal(callIdOf(state), 'c1')
  t.equal(callIdOf(at({ state: 'ready' })), null)
  t.end()
})

t.test('the ringing phone answers, whichever was chosen for the next call', (t) => {
  const both = { desk: true, web: true, ownCalls: 0 }
  const ringing = liveCall({ phase: 'ringing' })
  const deskIsNext = at({ ...offered, phones: { ...both, chosen: 'desk', active: 'desk' } }, ringing)
  t.match(deskIsNext, { name: 'ringing', device: 'web' })
  t.equal(whyNot('answer', deskIsNext, around), null)
  const webIsNext = at(
    { ...offered, offerDevice: 'desk', phones: { ...both, chosen: 'web', active: 'web' } },
    ringing,
  )
  t.match(webIsNext, { name: 'ringing', device: 'desk' })
  t.equal(whyNot('answer', webIsNext, around), 'deskPhone')
  t.equal(whyNot('choose', webIsNext, around), null, 'the phone for the next call can be chosen at any time')
  t.end()
})

t.test('a state has the buttons that make sense in it, and no others', (t) => {
  const controls = (agent: Partial<AgentView>, ...list: readonly LiveCallView[]) =>
    callControls(at(agent, ...list))
  t.strictSame(controls({ state: 'ready' }), { first: null, last: false })
  t.strictSame(controls({ state: 'wrap-up', callId: 'c1' }), { first: null, last: false })
  t.strictSame(controls(offered, liveCall({ phase: 'ringing' })), { first: 'answer', last: true })
  const onDesk = { ...offered, offerDevice: 'desk' } as const
  t.strictSame(controls(onDesk, liveCall({ phase: 'ringing' })), { first: 'desk phone', last: true })
  const picked = at(offered, liveCall({ phase: 'connecting' }))
  t.strictSame(callControls(picked), { first: null, last: true }, 'answered already')
  t.notOk(isOffered(picked), 'the server refuses to decline what was answered')
  for (const phase of ['talking', 'held'] as const)
    t.strictSame(controls(inCall, liveCall({ phase })), { first: 'hold', last: true }, phase)
  t.strictSame(controls(inCall, liveCall({ phase: 'reconnecting' })), { first: null, last: true })
  t.end()
})

t.test('every impossible action has a reason', (t) => {
  const ringing = at(offered, liveCall({ phase: 'ringing' }))
  t.equal(whyNot('answer', ringing, around), null)
  t.equal(whyNot('answer', ringing, { ...around, fresh: false }), 'feed')
  t.equal(whyNot('answer', ringing, { ...around, superseded: true }), 'superseded')
  t.equal(whyNot('hang-up', ringing, around), null)
  t.equal(whyNot('choose', ringing, around), null)
  t.equal(whyNot('choose', ringing, { ...around, fresh: false }), 'feed')
  t.equal(whyNot('extend', ringing, { ...around, fresh: false }), 'feed')
  t.equal(whyNot('hold', ringing, around), 'notTalking')
  const held = at(inCall, liveCall({ phase: 'held' }))
  t.equal(whyNot('hold', held, around), null)
  t.equal(whyNot('mute', held, around), 'notTalking')
  t.equal(whyNot('extend', held, around), 'wrapUp')
  const ready = at({ state: 'ready' })
  t.equal(whyNot('answer', ready, around), 'notRinging')
  t.equal(whyNot('hang-up', ready, around), 'noCall')
  t.equal(whyNot('save', ready, around), 'noCall')
  t.end()
})
