/** The contract of `Pbx` for parties outside the contact centre (`pbx.ts`). */
import type { Test } from 'tap'
import type { Contact } from '../../src/core/contact.ts'
import type { Effect } from '../../src/core/effect.ts'
import {
  agentLegOf,
  CallId,
  callerLegOf,
  ContactId,
  sideOf,
  type ChannelId,
  type OfferId,
} from '../../src/core/ids.ts'
import type { Inventory, PbxEvent, Performed } from '../../src/acd/ports.ts'

type PbxEffect = Exclude<Effect, { do: 'FinishRecording' }>

/** The part of the scene that this suite needs. */
interface OutsideScene {
  readonly world: { citizen(number: string, how: 'picks up' | 'is engaged' | 'lets it ring'): Promise<void> }
  perform(effect: PbxEffect): Promise<Performed>
  newOffer(): OfferId
  inventory(): Promise<Inventory>
  picked(): Promise<{ offer: OfferId; leg: ChannelId }>
  happened(type: PbxEvent['type'], field: string, value: string): Promise<void>
  gone(channel: ChannelId): Promise<void>
  endOf(channel: ChannelId): string | undefined
  hangUp(channel: ChannelId): Promise<Performed>
}

/** In the register of contacts, in both worlds. */
export const contact: Contact = {
  id: ContactId('registry'),
  name: 'Stare civilă',
  number: '+40256408300',
  language: null,
}

export async function calledOutside(t: Test, scene: OutsideScene): Promise<void> {
  const number = '0256408300'
  const dial = async (ringTimeoutMs = 20_000, to = number, isRepeated = true) => {
    const channel = agentLegOf(scene.newOffer())
    const call = CallId('pbx1-contract.1')
    const effect: PbxEffect = { do: 'DialExternal', call, channel, number: to, ringTimeoutMs }
    t.equal(await scene.perform(effect), 'done')
    if (isRepeated) t.equal(await scene.perform(effect), 'done', 'twice rings once')
    return { channel, effect }
  }
  const listed = async (channel: ChannelId) => {
    const { callers, legs } = await scene.inventory()
    t.notOk(
      callers.some(({ call }) => callerLegOf(call) === channel),
      'no caller',
    )
    const named = legs.filter((leg) => leg.channel.startsWith(channel))
    t.ok(named.length <= 1, 'the far half of the leg is not ours to hang up')
    return named.find((leg) => leg.channel === channel)
  }
  await scene.world.citizen(number, 'picks up')
  const { offer, leg } = await scene.picked()
  t.equal(await scene.perform({ do: 'StartRingback', channel: leg }), 'done')
  const reached = await dial()
  await scene.happened('LegUp', 'channel', reached.channel)
  t.match(await listed(reached.channel), { up: true, username: null, device: null })
  t.equal(await scene.perform({ do: 'StopRingback', channel: leg }), 'done')
  const bridge = sideOf(offer)
  t.equal(await scene.perform({ do: 'Connect', bridge, channels: [leg, reached.channel] }), 'done')
  await scene.happened('BridgeFull', 'bridge', bridge)
  t.equal(await scene.perform({ do: 'Leave', bridge, channels: [reached.channel] }), 'done')
  t.equal(await scene.perform({ do: 'StartMusic', channel: reached.channel }), 'done')
  t.equal(await scene.perform({ do: 'StopMusic', channel: reached.channel }), 'done')
  t.equal(await scene.perform({ do: 'Join', bridge, channels: [reached.channel] }), 'done')
  for (const channel of [leg, reached.channel]) t.equal(await scene.hangUp(channel), 'done')
  await scene.gone(reached.channel)
  t.equal(await scene.perform(reached.effect), 'already gone', 'never again')
  await scene.perform({ do: 'DestroyBridge', bridge })

  await scene.world.citizen(number, 'is engaged')
  // Not repeated: the attempt may be over by then.
  const engaged = await dial(20_000, number, false)
  await scene.gone(engaged.channel)
  t.equal(scene.endOf(engaged.channel), 'busy')

  await scene.world.citizen(number, 'lets it ring')
  const patient = await dial(2_000)
  await scene.gone(patient.channel)
  t.equal(scene.endOf(patient.channel), 'no answer')
  const dropped = await dial()
  t.match(await listed(dropped.channel), { up: false })
  t.equal(await scene.hangUp(dropped.channel), 'done')
  await scene.gone(dropped.channel)
  for (const other of ['0722;x=1', '0722000111&1', '0900123456', '112', '969', '0256112'])
    t.equal(await scene.perform({ ...dropped.effect, number: other }), 'refused', other)
  // The dialplan holds by itself.
  const unknown = await dial(20_000, '0256408301', false)
  await scene.gone(unknown.channel)
  t.equal(scene.endOf(unknown.channel), 'declined', 'no contact’s number')
}
