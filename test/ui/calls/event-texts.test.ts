import t from 'tap'
import { agentOf, eventText, offersOf, targetOf } from '../../../src/ui/calls/event-texts.ts'

t.test('the timeline names the agent of each offer if the name is known', (t) => {
  const offer = { id: 'o1', agent: 'a1', device: 'web' }
  const events = [
    { type: 'OfferMade', detail: { offer } },
    { type: 'AgentAnswered', detail: { offer: 'o1' } },
    { type: 'CallerHungUp', detail: {} },
  ]
  const offers = offersOf(events)
  t.strictSame(
    events.map((event) => agentOf(event, offers)),
    ['a1', 'a1', null],
  )
  const say = ((key: string) => key) as unknown as Parameters<typeof eventText>[1]
  t.equal(eventText({ type: 'AgentAnswered', detail: {} }, say, 'Ana'), 'calls.event.AgentAnswered (Ana)')
  t.equal(eventText({ type: 'AgentAnswered', detail: {} }, say), 'calls.event.AgentAnswered')
  t.equal(eventText({ type: 'CallerHungUp', detail: {} }, say, 'Ana'), 'calls.event.CallerHungUp')
  const hold = { type: 'HoldRequested', detail: { offer: 'o1' } }
  t.equal(eventText(hold, say, 'Ana'), 'calls.event.HoldRequested', 'whose it is, is clear')
  t.equal(eventText(hold, say, 'Ana', true), 'calls.event.HoldRequested (Ana)', 'two agents talked')
  const lost = { type: 'AgentLegLost', detail: { cause: 'phone gone' } }
  t.equal(eventText(lost, say, 'Ana', true), 'calls.event.AgentLegLost (Ana; calls.legLost.phone gone)')
  const muted = { type: 'MuteRequested', detail: { muted: true } }
  t.equal(eventText(muted, say, 'Ana', true), 'calls.muted (Ana)')
  const why = { level: 3, candidates: 2 }
  const made = (more: object) => ({ type: 'OfferMade', detail: { offer, why: { ...why, ...more } } })
  t.equal(eventText(made({}), say), 'calls.event.OfferMade (calls.why)')
  t.equal(eventText(made({ returning: true }), say), 'calls.event.OfferMade (calls.whyReturning)')
  t.end()
})

t.test('a transfer has its target in the timeline', (t) => {
  const say = ((key: string) => key) as unknown as Parameters<typeof eventText>[1]
  const sent = { type: 'TransferRequested', detail: { offer: 'o1', to: { queue: 'taxe' } } }
  t.strictSame(targetOf(sent), { queue: 'taxe' })
  t.strictSame(targetOf({ ...sent, detail: { to: { agent: 'a2' } } }), { agent: 'a2' })
  t.equal(targetOf({ ...sent, detail: {} }), null)
  t.equal(targetOf({ type: 'AgentAnswered', detail: { to: { queue: 'taxe' } } }), null)
  t.equal(eventText(sent, say, 'Ana', true, 'Taxe'), 'calls.event.TransferRequested (Ana → Taxe)')
  t.equal(eventText(sent, say, null, true, 'Taxe'), 'calls.event.TransferRequested (Taxe)')
  t.end()
})
