import t from 'tap'
import {
  agentLegOf,
  bridgeOf,
  callerLegOf,
  CallId,
  earOf,
  isAside,
  isEar,
  isOutbound,
  offerIn,
  OfferId,
  offerOfBridge,
  offerOfLeg,
  outboundCallIn,
  PbxName,
  sideOf,
  tapOf,
} from '../../src/core/ids.ts'

const call = CallId('pbx1-1764025000.12')

t.test('a name in Asterisk tells whose it is', async (t) => {
  const offer = offerIn(call, 'u1')
  t.equal(agentLegOf(offer), 'leg-pbx1-1764025000.12-u1')
  t.equal(bridgeOf(offer), 'room-pbx1-1764025000.12-u1')
  t.equal(offerOfLeg(agentLegOf(offer)), offer)
  t.equal(offerOfLeg(`${agentLegOf(offer)};2`), null, 'the half that dials a contact')
  t.equal(offerOfBridge(bridgeOf(offer)), offer)
})

t.test('the names of an older release are still known', async (t) => {
  const offer = OfferId('5f0c')
  t.equal(agentLegOf(offer), 'offer-5f0c')
  t.equal(bridgeOf(offer), 'bridge-5f0c')
  t.equal(offerOfLeg('offer-5f0c'), offer)
  t.equal(offerOfBridge('bridge-5f0c'), offer)
})

t.test('the bridges and channels of a colleague and a supervisor name the call too', async (t) => {
  const [agent, other] = [offerIn(call, 'u1'), offerIn(call, 'u2')]
  t.equal(sideOf(other), 'side-pbx1-1764025000.12-u2')
  t.equal(tapOf(other), 'tap-pbx1-1764025000.12-u2')
  for (const bridge of [sideOf(other), tapOf(other)]) t.equal(offerOfBridge(bridge), other)
  t.strictSame([bridgeOf(agent), sideOf(other), tapOf(other)].map(isAside), [false, true, true])
  const unique = 'c6717c96-ec3c-4c29-bae3-37ca6b80a8aa'
  const ear = earOf(other, offerIn(call, unique))
  t.equal(ear, `ear-pbx1-1764025000.12-u2-${unique}`)
  t.ok(isEar(ear))
  t.notOk(isEar(agentLegOf(agent)))
  t.equal(offerOfLeg(ear), null)
})

t.test('a caller’s channel and a foreign bridge are nobody’s leg or room', async (t) => {
  t.equal(offerOfLeg(callerLegOf(call)), null)
  t.equal(offerOfBridge('7c1d'), null)
})

t.test(
  'the channel of a citizen whom we called is known by its name; the legs of that call are not it',
  async (t) => {
    const out = outboundCallIn(PbxName('pbx1'), 1_764_025_000_900, 'c6717c96-ec3c')
    t.equal(out, 'pbx1-out-1764025000.c6717c96ec3c')
    t.ok(isOutbound(callerLegOf(out)))
    const others = [call, offerIn(out, 'u1'), earOf(offerIn(out, 'u1'), offerIn(out, 'u2'))]
    for (const other of [...others, `${out};2`, `${offerIn(out, 'u1')};2`]) t.notOk(isOutbound(other), other)
  },
)
