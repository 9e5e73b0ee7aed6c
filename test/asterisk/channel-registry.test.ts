import t from 'tap'
import { ChannelRegistry } from '../../src/asterisk/ari/channel-registry.ts'
import { AgentId, CallId, callerLegOf, ChannelId, PbxName } from '../../src/core/ids.ts'

const ana = AgentId('ana')
const [first, second] = [ChannelId('offer-1'), ChannelId('offer-2')]

t.test('the next leg waits until the one that is being hung up has ended', async (t) => {
  const legs = new ChannelRegistry()
  await legs.turnOf(ana, first)
  legs.hangingUp(first)
  let may = false
  const turn = legs.turnOf(ana, second).then(() => (may = true))
  await Promise.resolve()
  t.equal(may, false)
  legs.ended(first)
  await turn
  t.equal(legs.isGone(first), true)
  t.equal(legs.isGone(second), false)
})

t.test('an end that is never reported delays the next leg only up to the bound', async (t) => {
  const legs = new ChannelRegistry()
  await legs.turnOf(ana, first)
  legs.hangingUp(first)
  await legs.turnOf(ana, second)
  legs.hangingUp(ChannelId('pbx1-1.1'))
  await legs.turnOf(AgentId('bogdan'), ChannelId('offer-3'))
  t.equal(legs.isGone(first), false)
})

t.test('an answered caller is remembered until the channel is gone', async (t) => {
  const legs = new ChannelRegistry()
  const arrived = (id: string, answered: boolean) => {
    const call = CallId(id)
    legs.heard({
      type: 'CallArrived',
      pbx: PbxName('pbx1'),
      call,
      line: '969',
      callerNumber: '',
      callerName: '',
      arrivedAt: 0,
      queuedAt: null,
      answered,
    })
    return callerLegOf(call)
  }
  const [byDialplan, byUs] = [arrived('pbx1-1.1', true), arrived('pbx1-1.2', false)]
  t.equal(legs.isAnswered(byDialplan), true)
  t.equal(legs.isAnswered(byUs), false)
  legs.answered(byUs)
  t.equal(legs.isAnswered(byUs), true)
  legs.heard({ type: 'LegGone', channel: byUs, end: 'hung up' })
  t.equal(legs.isAnswered(byUs), false)
  t.equal(legs.isGone(byUs), true)
  t.equal(legs.isAnswered(byDialplan), true)
})
