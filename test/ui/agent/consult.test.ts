import t from 'tap'
import type { LiveCallView } from '../../../src/http/live/wire.ts'
import { endOf, type ConsultEnd } from '../../../src/ui/agent/consult/consult-end.ts'
import { partiesOf } from '../../../src/ui/agent/consult/parties.ts'
import { answeredIdOf, conversationOf, deskState } from '../../../src/ui/agent/desk-state.ts'
import { callControls, whyNot } from '../../../src/ui/agent/desk-actions.ts'
import { earlierParts } from '../../../src/ui/agent/script/earlier-parts.ts'
import { agentView, liveCall } from '../views.ts'

type Seat = NonNullable<LiveCallView['consult']>['seat']
const ana = { id: 'a1', name: 'Ana Popescu' }
const barbu = { id: 'a2', name: 'Barbu Ionescu' }
const asking = (phase: LiveCallView['phase'], seat: Seat | null, over: Partial<LiveCallView> = {}) =>
  liveCall({
    phase,
    agent: ana,
    consult: seat === null ? null : { with: barbu, external: false, joins: false, seat },
    ...over,
  })
const stateOf = (who: typeof ana, state: 'offered' | 'talking', call: LiveCallView) =>
  deskState(
    agentView({ ...who, state, callId: call.id, offerId: 'o1', offerDevice: 'web' }),
    new Map([[call.id, call]]),
    null,
  )
const around = {
  fresh: true,
  superseded: false,
  imposed: false,
  reachable: true,
  onDeskPhone: false,
  talkedIn: null,
  hasInterpreter: false,
} as const

t.test('each party of a consultation hears music, the agent, or both others', (t) => {
  t.equal(partiesOf(asking('talking', null)), null)
  t.strictSame(partiesOf(asking('held', 'ringing')), { caller: 'music', colleague: 'rings' })
  t.strictSame(partiesOf(asking('talking', 'ringing')), { caller: 'talk', colleague: 'rings' })
  t.strictSame(partiesOf(asking('held', 'side')), { caller: 'music', colleague: 'talk' })
  t.strictSame(partiesOf(asking('talking', 'music')), { caller: 'talk', colleague: 'music' })
  t.strictSame(partiesOf(asking('talking', 'room')), { caller: 'room', colleague: 'room' })
  t.strictSame(partiesOf(asking('reconnecting', 'music')), { caller: 'music', colleague: 'music' })
  t.strictSame(partiesOf(asking('reconnecting', 'room')), { caller: 'room', colleague: 'room' })
  t.end()
})

t.test('the colleague who is asked has a state of their own until the call is handed over', (t) => {
  t.match(stateOf(barbu, 'offered', asking('held', 'ringing')), { name: 'ringing', picking: false })
  t.match(stateOf(barbu, 'offered', asking('reconnecting', 'ringing')), { name: 'ringing' })
  for (const [phase, seat] of [
    ['held', 'side'],
    ['talking', 'music'],
    ['talking', 'room'],
    ['reconnecting', 'room'],
  ] as const) {
    const state = stateOf(barbu, 'talking', asking(phase, seat))
    t.equal(state.name, 'consulted', `${phase}, ${seat}`)
    t.strictSame(callControls(state), { first: null, last: true })
    for (const action of ['hold', 'transfer', 'three-way', 'ask-help', 'recording'] as const)
      t.equal(whyNot(action, state, around), 'asked', action)
    t.equal(whyNot('save', state, around), seat === 'room' ? null : 'asked')
    t.equal(whyNot('save', state, { ...around, talkedIn: 'c1' }), null, 'asked aside again')
    t.equal(whyNot('hang-up', state, around), null)
    t.equal(answeredIdOf(state), 'c1')
    t.equal(conversationOf(state), 'c1')
  }
  const theirs = liveCall({ phase: 'talking', agent: barbu })
  t.equal(stateOf(barbu, 'talking', theirs).name, 'talking')
  t.end()
})

t.test('the ways on from a consultation have a reason when they are not possible', (t) => {
  const why = (action: Parameters<typeof whyNot>[0], call: LiveCallView) =>
    whyNot(action, stateOf(ana, 'talking', call), around)
  t.equal(why('three-way', asking('talking', null)), 'nobodyConsulted')
  t.equal(why('hand-over', asking('talking', null)), 'nobodyConsulted')
  t.equal(why('end-consult', asking('held', null)), 'nobodyConsulted')
  t.equal(why('three-way', asking('held', 'ringing')), 'colleagueRings')
  t.equal(why('hand-over', asking('held', 'ringing')), null)
  t.equal(why('end-consult', asking('held', 'ringing')), null)
  t.equal(why('three-way', asking('held', 'side')), null)
  t.equal(why('three-way', asking('talking', 'room')), 'alreadyThree')
  t.equal(why('transfer', asking('held', 'side')), 'consulting')
  t.equal(why('transfer', asking('held', null)), null)
  t.equal(why('three-way', asking('reconnecting', 'room')), 'notTalking')
  t.end()
})

t.test('a consultation that the colleague ends is told until the agent goes on', (t) => {
  const since = '2026-11-24T08:00:05.000Z'
  const at = { me: ana.id, known: null, byMe: false }
  const unanswered = endOf(asking('held', 'ringing', { since }), asking('held', null, { since }), at)
  const told: ConsultEnd = { call: 'c1', name: barbu.name, why: 'unanswered', waits: true, since }
  t.strictSame(unanswered, told)
  t.match(endOf(asking('held', 'side'), asking('held', null), at), { why: 'left', waits: true })
  t.match(endOf(asking('talking', 'room'), asking('talking', null), at), { why: 'left', waits: false })
  t.equal(endOf(asking('talking', 'room'), asking('talking', null), { ...at, byMe: true }), null)
  t.equal(endOf(asking('held', 'side'), asking('held', 'side'), at), null)
  const same = asking('held', null, { since })
  t.strictSame(endOf(same, same, { ...at, known: told }), told)
  const outside = {
    with: { id: 'hu', name: 'Interpret' },
    external: true,
    joins: true,
    seat: 'ringing',
  } as const
  const rung = asking('held', 'ringing', { consult: outside })
  const ends = (why: 'busy' | 'declined' | 'no answer' | 'unreachable' | null) =>
    endOf(
      rung,
      asking('held', null, { unreached: why === null ? null : { id: 'hu', name: 'Interpret', why } }),
      at,
    )?.why
  t.strictSame(
    (['busy', 'declined', 'no answer', 'unreachable', null] as const).map(ends),
    ['busy', 'declined', 'unanswered', 'unreachable', 'unanswered'],
    'a contact’s reason is told',
  )
  const on = asking('talking', null, { since: '2026-11-24T08:01:00.000Z' })
  t.equal(endOf(same, on, { ...at, known: told }), null, 'back with the caller')
  t.equal(endOf(same, null, { ...at, known: told }), null, 'the call is over')
  t.equal(endOf(same, asking('held', null, { id: 'c2', since }), { ...at, known: told }), null)
  const handed = { me: barbu.id, known: null, byMe: false }
  t.equal(endOf(asking('held', 'side'), liveCall({ phase: 'talking', agent: barbu }), handed), null)
  t.end()
})

t.test('the colleague who is asked reads the notes of the one who asks, who is still in the call', (t) => {
  const at = '2026-11-24T08:00:00.000Z'
  const legs = [{ agent: ana, device: null, from: at, until: null }]
  const notes = [{ at, author: ana.name, authorId: ana.id, text: 'Întreabă de teren.', later: false }]
  t.match(earlierParts({ legs, notes, wrapUps: [] }, barbu.id), [
    { agent: ana, until: null, notes: ['Întreabă de teren.'] },
  ])
  t.strictSame(earlierParts({ legs, notes, wrapUps: [] }, ana.id), [])
  t.end()
})
