import t from 'tap'
import { agentOf, eventText, offersOf } from '../../../src/ui/calls/event-texts.ts'

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
  t.end()
})
