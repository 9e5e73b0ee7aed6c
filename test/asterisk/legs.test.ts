import t from 'tap'
import { Legs } from '../../src/asterisk/legs.ts'
import { AgentId, ChannelId } from '../../src/core/ids.ts'

const ana = AgentId('ana')
const [first, second] = [ChannelId('offer-1'), ChannelId('offer-2')]

t.test('the next leg waits until the one that is being hung up has ended', async (t) => {
  const legs = new Legs()
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

t.test('an end that is never told holds nobody up for long', async (t) => {
  const legs = new Legs()
  await legs.turnOf(ana, first)
  legs.hangingUp(first)
  await legs.turnOf(ana, second)
  legs.hangingUp(ChannelId('pbx1-1.1'))
  await legs.turnOf(AgentId('bogdan'), ChannelId('offer-3'))
  t.equal(legs.isGone(first), false)
})
