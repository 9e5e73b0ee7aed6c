import t from 'tap'
import {
  agentLegOf,
  bridgeOf,
  callerLegOf,
  CallId,
  offerIn,
  OfferId,
  offerOfBridge,
  offerOfLeg,
} from '../../src/core/ids.ts'

const call = CallId('pbx1-1764025000.12')

t.test('a name in Asterisk tells whose it is', async (t) => {
  const offer = offerIn(call, 'u1')
  t.equal(agentLegOf(offer), 'leg-pbx1-1764025000.12-u1')
  t.equal(bridgeOf(offer), 'room-pbx1-1764025000.12-u1')
  t.equal(offerOfLeg(agentLegOf(offer)), offer)
  t.equal(offerOfBridge(bridgeOf(offer)), offer)
})

t.test('the names of an older release are still known', async (t) => {
  const offer = OfferId('5f0c')
  t.equal(agentLegOf(offer), 'offer-5f0c')
  t.equal(bridgeOf(offer), 'bridge-5f0c')
  t.equal(offerOfLeg('offer-5f0c'), offer)
  t.equal(offerOfBridge('bridge-5f0c'), offer)
})

t.test('a caller’s channel and a foreign bridge are nobody’s leg or room', async (t) => {
  t.equal(offerOfLeg(callerLegOf(call)), null)
  t.equal(offerOfBridge('7c1d'), null)
})
