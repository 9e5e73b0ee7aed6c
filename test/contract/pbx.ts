/**
 * The contract of `Pbx`. The suite runs over the fake of the ACD's tests and over the real adapter with a real
 * Asterisk, so that the fake behaves as Asterisk does.
 */
import type { Test } from 'tap'
import type { MenuKey } from '../../src/core/configuration/menu.ts'
import type { Effect } from '../../src/core/effect.ts'
import {
  AgentId,
  agentLegOf,
  bridgeOf,
  callerLegOf,
  CallId,
  callOfCaller,
  earOf,
  offerIn,
  outboundCallIn,
  PbxName,
  PlaybackId,
  sideOf,
  tapOf,
  type BridgeId,
  type ChannelId,
  type OfferId,
} from '../../src/core/ids.ts'
import type { Inventory, Pbx, PbxEvent, Performed } from '../../src/acd/ports.ts'
import { until } from '../support/until.ts'
import { calledOutside } from './outside.ts'

type PbxEffect = Exclude<Effect, { do: 'FinishRecording' }>

export interface PbxWorld {
  readonly pbx: Pbx
  /** All events, in order. */
  readonly events: readonly PbxEvent[]
  /** A citizen calls, and stays until either side hangs up. */
  call(): Promise<{ id: CallId; hangUp: () => void }>
  /** The same from a phone with keys; the key is pressed as a telephone event. */
  callWithKeys(): Promise<{ id: CallId; press: (key: MenuKey) => void }>
  /** Agents' ids in the directory; each agent has a registered desk phone. */
  readonly answering: AgentId
  readonly declining: AgentId
  /** Rings until it is cancelled. */
  readonly patient: AgentId
  /** In the directory, without a registered phone. */
  readonly phoneless: AgentId
  /**
   * The patient agent dials this on the phone. The call is `answered` and stays until we hang up, or is refused as `busy`;
   * `over` resolves with whether it went so.
   */
  dials(dialled: string, goes: 'answered' | 'busy'): Promise<{ over: Promise<boolean> }>
  /** From then on the citizen of this number answers the provider's calls so. */
  citizen(number: string, how: 'picks up' | 'is engaged' | 'lets it ring'): Promise<void>
}

let offers = 0

class Scene {
  readonly world: PbxWorld

  constructor(world: PbxWorld) {
    this.world = world
  }

  perform(effect: PbxEffect): Promise<Performed> {
    return this.world.pbx.perform(effect)
  }

  ring(agent: AgentId, offer: OfferId, ringTimeoutMs = 10_000, isRecorded = true): Promise<Performed> {
    return this.perform({
      do: 'RingAgent',
      call: CallId('pbx1-contract.1'),
      offer,
      agent,
      device: 'desk',
      callerNumber: '0256123456',
      ringTimeoutMs,
      autoAnswer: false,
      isRecorded,
    })
  }

  newOffer(): OfferId {
    offers += 1
    return offerIn(CallId('pbx1-contract.1'), `contract${offers}`)
  }

  count(type: PbxEvent['type'], field: string, value: string): number {
    return this.world.events.filter((event) => event.type === type && Reflect.get(event, field) === value)
      .length
  }

  happened(type: PbxEvent['type'], field: string, value: string, times = 1): Promise<void> {
    return until(() => this.count(type, field, value) >= times)
  }

  gone(channel: ChannelId): Promise<void> {
    return this.happened('LegGone', 'channel', channel)
  }

  endOf(channel: ChannelId): string | undefined {
    const event = this.world.events.find((event) => event.type === 'LegGone' && event.channel === channel)
    return event?.type === 'LegGone' ? event.end : undefined
  }

  hangUp(channel: ChannelId): Promise<Performed> {
    return this.perform({ do: 'HangUp', channel, as: 'normal' })
  }

  async picked(isRecorded = true): Promise<{ offer: OfferId; leg: ChannelId }> {
    const offer = this.newOffer()
    const leg = agentLegOf(offer)
    await this.ring(this.world.answering, offer, 10_000, isRecorded)
    await this.happened('LegUp', 'channel', leg)
    return { offer, leg }
  }

  inventory(): Promise<Inventory> {
    return this.world.pbx.inventory()
  }
}

export async function pbxContract(t: Test, world: PbxWorld): Promise<void> {
  const scene = new Scene(world)
  await t.test('the first event is `Connected`', async (t) => {
    t.same(world.events[0], { type: 'Connected' })
  })
  await t.test('a caller arrives, is listed, and hears a message', (t) => arrival(t, scene))
  await t.test('a key is told, and interrupts a message', (t) => keyed(t, scene))
  await t.test('a phone rings once for an offer, answers, and never rings for it again', (t) =>
    ringing(t, scene),
  )
  await t.test('an unanswered leg ends with its reason', (t) => unanswered(t, scene))
  await t.test('caller and agent are bridged, held, resumed and separated', (t) => bridging(t, scene))
  await t.test('a colleague comes to the room, and a supervisor hears a leg', (t) => beside(t, scene))
  await t.test('a colleague whom a phone dials is a second line', (t) => secondLine(t, scene))
  await t.test('a citizen is called, and picks up, does not, or is let go', (t) => calledOut(t, scene))
  await t.test('a contact is called, talks, does not answer, or is let go', (t) => calledOutside(t, scene))
  await t.test('an effect on a channel or bridge that is gone is no error', (t) => gone(t, scene))
  await t.test('after its stop it does nothing more', async (t) => {
    await world.pbx.stop()
    await t.rejects(world.pbx.beat(), { name: 'PbxUnavailable' })
    await t.rejects(scene.hangUp(callerLegOf(CallId('nobody'))), { name: 'PbxUnavailable' })
  })
}

async function secondLine(t: Test, scene: Scene): Promise<void> {
  const lines = () => scene.world.events.flatMap((event) => (event.type === 'SecondLine' ? [event] : []))
  const dials = async (dialled: string, goes: 'answered' | 'busy') => {
    const before = lines().length
    const { over } = await scene.world.dials(dialled, goes)
    await until(() => lines().length > before)
    const line = lines().at(-1)
    if (line === undefined) throw new Error('unreachable')
    t.match(line, { device: 'desk', dialled })
    return { channel: line.channel, over }
  }
  const listed = async (channel: ChannelId) =>
    (await scene.inventory()).legs.find((leg) => leg.channel === channel)
  const { channel, over } = await dials('2436802', 'answered')
  const { callers } = await scene.inventory()
  t.notOk(
    callers.some(({ call }) => callerLegOf(call) === channel),
    'nobody takes it for a caller',
  )
  t.match(await listed(channel), { up: false, device: 'desk' })
  for (const times of ['once', 'twice'])
    t.equal(await scene.perform({ do: 'StartRingback', channel }), 'done', times)
  const colleague = await scene.picked()
  const side = sideOf(colleague.offer)
  t.equal(await scene.perform({ do: 'StopRingback', channel }), 'done')
  const connect: PbxEffect = { do: 'Connect', bridge: side, channels: [channel, colleague.leg] }
  for (const times of ['once', 'twice']) t.equal(await scene.perform(connect), 'done', times)
  await scene.happened('BridgeFull', 'bridge', side)
  await until(async () => (await listed(channel))?.up === true)
  t.equal(await scene.perform({ do: 'Leave', bridge: side, channels: [channel, colleague.leg] }), 'done')
  t.equal(await scene.perform({ do: 'Join', bridge: side, channels: [channel, colleague.leg] }), 'done')
  for (const muted of [true, false]) t.equal(await scene.perform({ do: 'Mute', channel, muted }), 'done')
  t.equal(await scene.hangUp(channel), 'done')
  await scene.gone(channel)
  t.ok(await over, 'answered, and hung up')
  await until(async () => (await listed(channel)) === undefined)
  await scene.hangUp(colleague.leg)
  await scene.gone(colleague.leg)
  await scene.perform({ do: 'DestroyBridge', bridge: side })

  const refused = await dials('nobody', 'busy')
  t.equal(await scene.perform({ do: 'HangUp', channel: refused.channel, as: 'busy' }), 'done')
  await scene.gone(refused.channel)
  t.ok(await refused.over, 'the phone hears that it is busy')
}

async function calledOut(t: Test, scene: Scene): Promise<void> {
  const number = '0722000111'
  const dial = async (ringTimeoutMs = 20_000, isRepeated = true) => {
    offers += 1
    const channel = callerLegOf(outboundCallIn(PbxName('pbx1'), Date.now(), `contract${offers}`))
    const effect: PbxEffect = { do: 'DialCaller', channel, number, ringTimeoutMs }
    t.equal(await scene.perform(effect), 'done')
    if (isRepeated) t.equal(await scene.perform(effect), 'done', 'twice rings once')
    return { channel, effect }
  }
  await scene.world.citizen(number, 'picks up')
  const { offer, leg } = await scene.picked()
  t.equal(await scene.perform({ do: 'StartRingback', channel: leg }), 'done')
  const reached = await dial()
  await scene.happened('CallerUp', 'channel', reached.channel)
  t.equal(await scene.perform({ do: 'StopRingback', channel: leg }), 'done')
  const bridge = bridgeOf(offer)
  t.equal(await scene.perform({ do: 'Connect', bridge, channels: [reached.channel, leg] }), 'done')
  await scene.happened('BridgeFull', 'bridge', bridge)
  t.ok(
    (await scene.inventory()).callers.some(({ call }) => call === callOfCaller(reached.channel)),
    'in the application',
  )
  for (const channel of [leg, reached.channel]) t.equal(await scene.hangUp(channel), 'done')
  await scene.gone(reached.channel)
  t.equal(await scene.perform(reached.effect), 'already gone', 'never again')
  await scene.perform({ do: 'DestroyBridge', bridge })

  await scene.world.citizen(number, 'is engaged')
  // Not repeated: the attempt may be over by then.
  const engaged = await dial(20_000, false)
  await scene.gone(engaged.channel)
  t.equal(scene.endOf(engaged.channel), 'busy')

  await scene.world.citizen(number, 'lets it ring')
  const patient = await dial(2_000)
  await scene.gone(patient.channel)
  t.equal(scene.endOf(patient.channel), 'no answer')
  const dropped = await dial()
  const { callers, channels } = await scene.inventory()
  t.ok(channels.includes(dropped.channel), 'it rings')
  t.notOk(
    callers.some(({ call }) => call === callOfCaller(dropped.channel)),
    'not in the application',
  )
  t.equal(await scene.hangUp(dropped.channel), 'done')
  await scene.gone(dropped.channel)
  for (const other of ['0722;x=1', '0722000111&1', '0900123456', '0012125550100', '112', '0256112'])
    t.equal(await scene.perform({ ...dropped.effect, number: other }), 'refused', other)
}

async function arrival(t: Test, scene: Scene): Promise<void> {
  const { id, hangUp } = await scene.world.call()
  const channel = callerLegOf(id)
  const { callers, channels } = await scene.inventory()
  t.match(
    callers.find(({ call }) => call === id),
    { line: '969', queuedAt: null, answered: false },
  )
  t.ok(channels.includes(channel))
  t.equal(await scene.perform({ do: 'AnswerCaller', channel }), 'done')
  t.equal(await scene.perform({ do: 'AnswerCaller', channel }), 'done', 'twice does no harm')
  await until(async () =>
    (await scene.inventory()).callers.some(({ call, answered }) => call === id && answered),
  )
  for (const music of ['StartMusic', 'StartMusic', 'StopMusic', 'StopMusic'] as const)
    t.equal(await scene.perform({ do: music, channel }), 'done', music)
  const playback = PlaybackId(`greeting-${id}`)
  t.equal(await scene.perform({ do: 'Play', channel, playback, prompt: { say: 'greeting' } }), 'done')
  // The end is reported for an interrupted message as well.
  hangUp()
  await scene.happened('PlaybackEnded', 'playback', playback)
  await scene.gone(channel)
  await until(async () => !(await scene.inventory()).channels.includes(channel))
}

async function keyed(t: Test, scene: Scene): Promise<void> {
  const { id, press } = await scene.world.callWithKeys()
  const channel = callerLegOf(id)
  t.equal(await scene.perform({ do: 'AnswerCaller', channel }), 'done')
  const first = PlaybackId(`menu1-${id}`)
  const second = PlaybackId(`menu2-${id}`)
  const play = (playback: PlaybackId): Promise<Performed> =>
    scene.perform({ do: 'Play', channel, playback, prompt: { say: 'greeting' } })
  t.equal(await play(first), 'done')
  press('2')
  await scene.happened('KeyPressed', 'channel', channel)
  t.match(
    scene.world.events.filter(({ type }) => type === 'KeyPressed'),
    [{ channel, key: '2' }],
    'once',
  )
  t.equal(scene.count('PlaybackEnded', 'playback', first), 0, 'it goes on until it is stopped')
  t.equal(await scene.perform({ do: 'StopPlaying', channel, playback: first }), 'done')
  t.equal(await play(second), 'done')
  await scene.happened('PlaybackEnded', 'playback', first)
  t.equal(scene.count('PlaybackEnded', 'playback', second), 0, 'the next one is heard')
  t.equal(await scene.perform({ do: 'StopPlaying', channel, playback: first }), 'already gone')
  t.equal(await scene.perform({ do: 'StopPlaying', channel, playback: second }), 'done')
  await scene.happened('PlaybackEnded', 'playback', second)
  for (const key of ['*', '#', '0'] as const) press(key)
  await scene.happened('KeyPressed', 'key', '0')
  t.same(
    scene.world.events.flatMap((event) => (event.type === 'KeyPressed' ? [event.key] : [])),
    ['2', '*', '#', '0'],
  )
  await scene.hangUp(channel)
  await scene.gone(channel)
}

async function ringing(t: Test, scene: Scene): Promise<void> {
  const offer = scene.newOffer()
  const leg = agentLegOf(offer)
  const listed = async () => (await scene.inventory()).legs.find(({ channel }) => channel === leg)
  t.equal(await scene.ring(scene.world.patient, offer), 'done')
  t.equal(await scene.ring(scene.world.patient, offer), 'done', 'the same effect again')
  await until(async () => (await listed()) !== undefined)
  t.match(await listed(), { up: false, device: 'desk' })
  t.equal(await scene.hangUp(leg), 'done')
  await scene.gone(leg)
  await until(async () => (await listed()) === undefined)
  t.equal(scene.count('LegUp', 'channel', leg), 0)
  t.equal(await scene.ring(scene.world.patient, offer), 'already gone', 'an offer that is over')

  const picked = await scene.picked()
  t.match(
    (await scene.inventory()).legs.find(({ channel }) => channel === picked.leg),
    { up: true },
  )
  t.equal(await scene.hangUp(picked.leg), 'done')
  await scene.gone(picked.leg)
}

async function unanswered(t: Test, scene: Scene): Promise<void> {
  const declined = scene.newOffer()
  t.equal(await scene.ring(scene.world.declining, declined), 'done')
  await scene.gone(agentLegOf(declined))
  t.equal(scene.endOf(agentLegOf(declined)), 'declined')
  const timedOut = scene.newOffer()
  t.equal(await scene.ring(scene.world.patient, timedOut, 1_000), 'done')
  await scene.gone(agentLegOf(timedOut))
  t.equal(scene.endOf(agentLegOf(timedOut)), 'no answer')
  t.equal(await scene.ring(scene.world.phoneless, scene.newOffer()), 'refused')
  t.equal(await scene.ring(AgentId('nobody'), scene.newOffer()), 'refused')
}

async function bridging(t: Test, scene: Scene): Promise<void> {
  const { id } = await scene.world.call()
  const { offer, leg: agent } = await scene.picked()
  const caller = callerLegOf(id)
  const bridge = bridgeOf(offer)
  const members = async () =>
    (await scene.inventory()).bridges.find((found) => found.bridge === bridge)?.channels ?? []
  const both = async () => {
    const now = await members()
    return now.includes(caller) && now.includes(agent)
  }
  const connect: PbxEffect = { do: 'Connect', bridge, channels: [caller, agent] }
  await scene.perform({ do: 'StartMusic', channel: caller })
  for (const times of ['once', 'twice'])
    t.equal(await scene.perform({ do: 'BuildBridge', bridge }), 'done', `built beforehand ${times}`)
  await until(async () => (await scene.inventory()).bridges.some((found) => found.bridge === bridge))
  t.same(await members(), [])
  t.equal(await scene.perform(connect), 'done')
  await scene.happened('BridgeFull', 'bridge', bridge)
  await until(async () =>
    (await scene.inventory()).callers.some(({ call, answered }) => call === id && answered),
  )
  t.pass('an unanswered caller is answered by it')
  t.ok(await both())
  t.equal(await scene.perform(connect), 'done', 'the same effect again')
  const full = scene.count('BridgeFull', 'bridge', bridge)

  for (const times of ['once', 'twice'])
    t.equal(await scene.perform({ do: 'Leave', bridge, channels: [caller, agent] }), 'done', `held ${times}`)
  await until(async () => (await members()).length === 0)
  t.pass('neither is heard, and the leg’s recorder pauses')
  for (const muted of [true, true, false, false])
    t.equal(await scene.perform({ do: 'Mute', channel: agent, muted }), 'done')
  for (const times of ['once', 'twice'])
    t.equal(
      await scene.perform({ do: 'Join', bridge, channels: [caller, agent] }),
      'done',
      `resumed ${times}`,
    )
  await until(both)
  await scene.happened('BridgeFull', 'bridge', bridge, full + 1)

  t.equal(await scene.hangUp(agent), 'done')
  await scene.gone(agent)
  t.equal(await scene.perform({ do: 'DestroyBridge', bridge }), 'done')
  t.equal(await scene.perform({ do: 'DestroyBridge', bridge }), 'already gone')
  t.equal(await scene.perform({ do: 'StartMusic', channel: caller }), 'done', 'the caller is still with us')
  t.equal(await scene.hangUp(caller), 'done')
  await scene.gone(caller)
  // The list may hold a bridge for a moment longer than it exists.
  await until(async () => !(await scene.inventory()).bridges.some((found) => found.bridge === bridge))
}

async function beside(t: Test, scene: Scene): Promise<void> {
  const { id } = await scene.world.call()
  const caller = callerLegOf(id)
  const [agent, colleague] = [await scene.picked(), await scene.picked()]
  const supervisor = await scene.picked(false)
  const [room, side, tap] = [bridgeOf(agent.offer), sideOf(colleague.offer), tapOf(supervisor.offer)]
  const ear = earOf(supervisor.offer, agent.offer)
  const sits = async (bridge: BridgeId, ...channels: ChannelId[]): Promise<void> => {
    await until(async () => {
      const { bridges } = await scene.inventory()
      const there = bridges.find((found) => found.bridge === bridge)?.channels ?? []
      return there.length === channels.length && channels.every((channel) => there.includes(channel))
    })
    t.pass(`${channels.length} in ${bridge.split('-')[0]}`)
  }
  const done = async (effect: PbxEffect) => t.equal(await scene.perform(effect), 'done', effect.do)

  await done({ do: 'Connect', bridge: room, channels: [caller, agent.leg] })
  await sits(room, caller, agent.leg)
  await done({ do: 'Leave', bridge: room, channels: [caller, agent.leg] })
  const leaver = await scene.picked()
  await done({ do: 'HangUp', channel: leaver.leg, as: 'normal' })
  await scene.gone(leaver.leg)
  await done({ do: 'Connect', bridge: room, channels: [caller, agent.leg, leaver.leg] })
  await sits(room, caller, agent.leg)
  t.pass('one of three who has just hung up does not keep the others apart')
  await done({ do: 'Leave', bridge: room, channels: [caller, agent.leg] })
  await done({ do: 'Connect', bridge: side, channels: [agent.leg, colleague.leg] })
  await sits(side, agent.leg, colleague.leg)
  await done({ do: 'Join', bridge: room, channels: [caller, agent.leg, colleague.leg] })
  await sits(room, caller, agent.leg, colleague.leg)
  await sits(side)
  await done({ do: 'DestroyBridge', bridge: side })
  t.equal(await scene.perform({ do: 'Join', bridge: side, channels: [agent.leg] }), 'already gone')

  const hear: PbxEffect = { do: 'Tap', bridge: tap, channel: supervisor.leg, heard: agent.leg, ear }
  await done(hear)
  await done(hear)
  await sits(tap, ear, supervisor.leg)
  const { ears, callers } = await scene.inventory()
  t.strictSame(ears, [ear])
  t.notOk(
    callers.some(({ call }) => call === CallId(ear)),
    'nobody takes it for a caller',
  )
  for (const paused of [true, true, false]) await done({ do: 'PauseRecording', channel: agent.leg, paused })
  await done({ do: 'Record', channel: supervisor.leg })
  await done({ do: 'Join', bridge: room, channels: [supervisor.leg] })
  await sits(room, caller, agent.leg, colleague.leg, supervisor.leg)
  await done({ do: 'HangUp', channel: ear, as: 'normal' })
  await until(async () => (await scene.inventory()).ears.length === 0)
  await done(hear)
  await sits(tap, ear, supervisor.leg)
  for (const { leg } of [agent, colleague, supervisor]) {
    await done({ do: 'HangUp', channel: leg, as: 'normal' })
    await scene.gone(leg)
  }
  await until(async () => (await scene.inventory()).ears.length === 0)
  t.pass('it ends with the leg that it heard')
  const late: PbxEffect = { do: 'Tap', bridge: tap, channel: supervisor.leg, heard: agent.leg, ear }
  t.equal(await scene.perform(late), 'already gone')
  for (const bridge of [room, tap]) await scene.perform({ do: 'DestroyBridge', bridge })
  await scene.hangUp(caller)
  await scene.gone(caller)
}

async function gone(t: Test, scene: Scene): Promise<void> {
  const { id } = await scene.world.call()
  const channel = callerLegOf(id)
  await scene.hangUp(channel)
  await scene.gone(channel)
  await until(async () => !(await scene.inventory()).channels.includes(channel))
  const { offer, leg } = await scene.picked()
  const bridge = bridgeOf(offer)
  const playback = PlaybackId(`greeting-${id}`)
  const effects: PbxEffect[] = [
    { do: 'AnswerCaller', channel },
    { do: 'SignalProgress', channel },
    { do: 'Play', channel, playback, prompt: { say: 'greeting' } },
    { do: 'StartMusic', channel },
    { do: 'StopMusic', channel },
    { do: 'Connect', bridge, channels: [channel, leg] },
    { do: 'Join', bridge, channels: [channel, leg] },
    { do: 'Mute', channel, muted: true },
    { do: 'HangUp', channel, as: 'normal' },
  ]
  for (const effect of effects) t.equal(await scene.perform(effect), 'already gone', effect.do)
  // Asterisk may still list the bridge in which the two did not meet.
  t.not(await scene.perform({ do: 'Leave', bridge, channels: [channel, leg] }), 'refused')
  t.notOk(
    (await scene.inventory()).bridges.some((found) => found.bridge === bridge && found.channels.length > 1),
  )
  await scene.hangUp(leg)
  await scene.gone(leg)
}
