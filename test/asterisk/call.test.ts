import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { BridgeId, PlaybackId } from '../../src/core/ids.ts'
import { closedTrack, hasTone, loudness, shareOf, tone } from '../support/sip/audio.ts'
import { legOf, setScene } from '../support/pbx/pbx-scene.ts'
import { caller, pause, phone, playAlaw } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'

const scene = await setScene(t, ['ana', 'bogdan', 'carmen', 'dan', 'elena', 'florin'])
const { pbx, events, asterisk } = scene
const sounds = t.testdir({})
const callerTone = join(sounds, 'caller.alaw')
const agentTone = join(sounds, 'agent.alaw')
await writeFile(callerTone, tone(440))
await writeFile(agentTone, tone(1000))

/** With music, before a phone rings for the call. */
const waitsMs = 2_000
const heldMs = 2_500

const talkingCaller = `${caller.invite()}${caller.answered}${caller.ack}${playAlaw(callerTone)}`
const talkingPhone = `${phone.invited}${phone.ringing}${phone.accept}${playAlaw(agentTone)}`

const track = (call: string, offer: string, name: string) =>
  closedTrack(join(asterisk.options.recordings, call, legOf(offer), `${name}.wav`))
const secondsOf = ({ samples, rate }: { samples: Int16Array; rate: number }) => samples.length / rate
const failedMessages = (run: { messages: () => string }) =>
  /Unexpected[^]{0,900}/.exec(run.messages())?.[0] ?? 'ended as written'
const playbackEnds = (id: string) => scene.happened('PlaybackEnded', { playback: PlaybackId(id) })

void t.test('caller and agent talk; both tracks are recorded; the caller hangs up', async (t) => {
  await scene.phone(t, 'ana', `${talkingPhone}${phone.hungUp}`)
  const { run, arrived, channel } = await scene.call(t, `${talkingCaller}${pause(3500)}${caller.hangUp}`)
  const arrivedAt = performance.now()
  t.equal(await pbx.perform({ do: 'StartMusic', channel }), 'done')
  await delay(waitsMs)
  t.notOk(existsSync(join(asterisk.options.recordings, arrived.call)), 'a caller who waits has no recorder')
  t.equal(await scene.ring('ana', 'o1', { call: arrived.call }), 'done')
  const bridge = BridgeId('bridge-o1')
  const connect = { do: 'Connect', bridge, channels: [channel, legOf('o1')] } as const
  await scene.happened('LegUp', { channel: legOf('o1') })
  t.equal(await pbx.perform(connect), 'done')
  await scene.happened('BridgeFull', { bridge })
  t.equal(await pbx.perform(connect), 'done', 'the same effect again')

  t.equal(await run.done, 0, failedMessages(run))
  t.match(await scene.gone(channel), { end: 'hung up' })
  const wholeS = (performance.now() - arrivedAt) / 1000
  t.equal(await pbx.perform({ do: 'HangUp', channel: legOf('o1'), as: 'normal' }), 'done')
  await scene.gone(legOf('o1'))
  t.equal(await pbx.perform({ do: 'DestroyBridge', bridge }), 'done')
  t.equal(await pbx.perform({ do: 'DestroyBridge', bridge }), 'already gone')
  t.equal(await pbx.perform(connect), 'already gone')

  const [fromCaller, fromAgent] = await Promise.all([
    track(arrived.call, 'o1', 'caller'),
    track(arrived.call, 'o1', 'agent'),
  ])
  t.ok(hasTone(440, fromCaller.samples, fromCaller.rate), "the caller's tone on the caller's track")
  t.ok(shareOf(1000, fromCaller.samples, fromCaller.rate) < 0.01, 'and nothing of the agent')
  t.ok(hasTone(1000, fromAgent.samples, fromAgent.rate), "the agent's tone on the agent's track")
  t.ok(shareOf(440, fromAgent.samples, fromAgent.rate) < 0.01, 'and nothing of the caller')
  const seconds = secondsOf(fromCaller)
  t.ok(
    seconds > 1 && seconds < wholeS - 1.5,
    `only while bridged: ${seconds.toFixed(2)} of ${wholeS.toFixed(2)} s`,
  )
  // Asterisk destroys a bridge in a separate thread, and lists it until then.
  await until(async () => (await pbx.inventory()).bridges.length === 0)
  t.pass('no empty bridge is left')
})

void t.test('hold gives the caller music outside the bridge; resume brings the caller back', async (t) => {
  await scene.phone(t, 'bogdan', `${talkingPhone}${pause(15_000)}${phone.hangUp}`)
  // A silent caller: whatever is heard on the track is not theirs.
  const silentCaller = `${caller.invite()}${caller.answered}${caller.ack}${caller.hungUp}`
  const { arrived, channel } = await scene.call(t, silentCaller)
  await scene.ring('bogdan', 'o2', { call: arrived.call })
  const bridge = BridgeId('bridge-o2')
  await scene.happened('LegUp', { channel: legOf('o2') })
  await pbx.perform({ do: 'Connect', bridge, channels: [channel, legOf('o2')] })
  await scene.happened('BridgeFull', { bridge })
  const talkedSince = performance.now()

  const hold = { do: 'Leave', bridge, channels: [channel, legOf('o2')] } as const
  t.equal(await pbx.perform(hold), 'done')
  t.equal(await pbx.perform(hold), 'done', 'the same effect again')
  await pbx.perform({ do: 'StartMusic', channel })
  t.same((await pbx.inventory()).bridges, [{ bridge, channels: [] }], 'nobody hears the agent either')
  await delay(heldMs)
  const before = events.length
  t.equal(await pbx.perform({ do: 'Join', bridge, channels: [channel, legOf('o2')] }), 'done')
  await until(() => events.slice(before).some((event) => event.type === 'BridgeFull'))

  t.equal(await pbx.perform({ do: 'Mute', channel: legOf('o2'), muted: true }), 'done')
  t.equal(await pbx.perform({ do: 'Mute', channel: legOf('o2'), muted: false }), 'done')

  t.match(await scene.gone(legOf('o2')), { end: 'hung up' }, 'the agent hangs up')
  const talkedS = (performance.now() - talkedSince - heldMs) / 1000
  t.equal(await pbx.perform({ do: 'HangUp', channel, as: 'normal' }), 'done')
  await scene.gone(channel)
  await pbx.perform({ do: 'DestroyBridge', bridge })
  const [fromCaller, fromAgent] = await Promise.all([
    track(arrived.call, 'o2', 'caller'),
    track(arrived.call, 'o2', 'agent'),
  ])
  t.ok(loudness(fromCaller.samples) < 0.005, `no music: ${loudness(fromCaller.samples)}`)
  t.ok(hasTone(1000, fromAgent.samples, fromAgent.rate))
  const seconds = secondsOf(fromAgent)
  t.ok(seconds > 1 && seconds < talkedS + 0.5, `without the hold: ${seconds} of ${talkedS} s`)
})

void t.test('a muted agent is not heard', async (t) => {
  await scene.phone(t, 'carmen', `${talkingPhone}${phone.hungUp}`)
  const { arrived, channel, run } = await scene.call(t, `${talkingCaller}${pause(2000)}${caller.hangUp}`)
  await scene.ring('carmen', 'o3', { call: arrived.call })
  await scene.happened('LegUp', { channel: legOf('o3') })
  t.equal(await pbx.perform({ do: 'Mute', channel: legOf('o3'), muted: true }), 'done')
  const bridge = BridgeId('bridge-o3')
  await pbx.perform({ do: 'Connect', bridge, channels: [channel, legOf('o3')] })
  t.equal(await run.done, 0, failedMessages(run))
  await scene.gone(channel)
  await pbx.perform({ do: 'HangUp', channel: legOf('o3'), as: 'normal' })
  await scene.gone(legOf('o3'))
  await pbx.perform({ do: 'DestroyBridge', bridge })
  const { samples, rate } = await track(arrived.call, 'o3', 'agent')
  const size = rate / 50
  const loud = Array.from({ length: Math.floor(samples.length / size) }, (_, at) => at).filter(
    (at) => loudness(samples.subarray(at * size, (at + 1) * size)) > 0.01,
  )
  t.ok(
    loudness(samples) < 0.005,
    `silence: ${loudness(samples)} in ${samples.length / rate} s; louder frames of 20 ms: ${loud.join(', ') || 'none'}`,
  )
})

void t.test("the phone's own hold key is an event", async (t) => {
  await scene.phone(
    t,
    'dan',
    `${talkingPhone}${pause(1500)}${phone.reInvite('sendonly', 1)}${pause(6_000)}${phone.reInvite('sendrecv', 2)}${phone.hungUp}`,
  )
  const { channel } = await scene.call(t, `${talkingCaller}${caller.hungUp}`)
  await scene.ring('dan', 'o4')
  const bridge = BridgeId('bridge-o4')
  await scene.happened('LegUp', { channel: legOf('o4') })
  await pbx.perform({ do: 'Connect', bridge, channels: [channel, legOf('o4')] })
  await scene.happened('LegHeld', { channel: legOf('o4'), held: true })
  const heldAt = performance.now()
  t.equal(await pbx.perform({ do: 'Leave', bridge, channels: [channel, legOf('o4')] }), 'done')
  await pbx.perform({ do: 'StartMusic', channel })
  await scene.happened('LegHeld', { channel: legOf('o4'), held: false })
  t.ok(
    performance.now() - heldAt > 1_500,
    'it is over when the key says so, not as the leg leaves the bridge',
  )
  t.equal(await pbx.perform({ do: 'HangUp', channel: legOf('o4'), as: 'normal' }), 'done')
  await scene.gone(legOf('o4'))
  await pbx.perform({ do: 'HangUp', channel, as: 'normal' })
  await pbx.perform({ do: 'DestroyBridge', bridge })
})

void t.test("the phone's own transfer key is an event, and moves no channel", async (t) => {
  const run = await scene.phone(
    t,
    'florin',
    `${talkingPhone}${pause(1000)}${phone.refer('<sip:dan@127.0.0.1>', 1)}${pause(500)}` +
      `${phone.refer('<sip:dan@127.0.0.1?Replaces=1%3Bto-tag%3D2%3Bfrom-tag%3D3>', 2)}${pause(500)}` +
      `${phone.refer('"Dan" <sip:dan@127.0.0.1:5070;user=phone>', 3)}${phone.hungUp}`,
  )
  const { channel } = await scene.call(t, `${talkingCaller}${caller.hungUp}`)
  await scene.ring('florin', 'o5')
  const bridge = BridgeId('bridge-o5')
  const leg = legOf('o5')
  await scene.happened('LegUp', { channel: leg })
  await pbx.perform({ do: 'Connect', bridge, channels: [channel, leg] })
  const asked = () =>
    events.flatMap((event) => (event.type === 'TransferAsked' && event.channel === leg ? [event.to] : []))
  for (const [at, isSentOn] of [false, false, true].entries()) {
    await until(() => asked().length > at)
    t.equal((await pbx.inventory()).bridges[0]?.channels.length, 2, 'they talk on')
    t.equal(await pbx.perform({ do: 'AnswerTransferKey', channel: leg, isSentOn }), 'done')
  }
  t.same(asked(), ['dan', null, 'dan'], 'what was dialled; null: another call of the phone')
  const reports = () =>
    [...run.messages().matchAll(/^SIP\/2\.0 (\d{3}) [A-Z][a-z]+\s*$/gm)].map(([, code]) => code)
  await until(() => reports().filter((code) => code === '603').length === 2)
  t.equal(await pbx.perform({ do: 'HangUp', channel: leg, as: 'normal' }), 'done')
  await scene.gone(leg)
  t.equal(asked().length, 3, 'our answers are no keys')
  t.equal(await pbx.perform({ do: 'AnswerTransferKey', channel: leg, isSentOn: false }), 'already gone')
  await pbx.perform({ do: 'HangUp', channel, as: 'normal' })
  await pbx.perform({ do: 'DestroyBridge', bridge })
})

void t.test('prompts play before and after the answer, and their ends are reported', async (t) => {
  const early = `${caller.invite()}<recv response="100" optional="true"/><recv response="183"/>${caller.answered}`
  const { channel, run } = await scene.call(t, `${early}${caller.ack}${caller.hungUp}`)
  t.equal(await pbx.perform({ do: 'SignalProgress', channel }), 'done')
  const say = { say: 'waited too long' } as const
  t.equal(await pbx.perform({ do: 'Play', channel, playback: PlaybackId('p1'), prompt: say }), 'done')
  const inventory = await pbx.inventory()
  t.match(inventory.callers, [{ call: channel, answered: false }])
  await playbackEnds('p1')
  t.equal(await pbx.perform({ do: 'AnswerCaller', channel }), 'done')
  const closed = { say: 'closed', opensAt: Date.now() + 3 * 86_400_000 } as const
  t.equal(await pbx.perform({ do: 'Play', channel, playback: PlaybackId('p2'), prompt: closed }), 'done')
  t.match((await pbx.inventory()).callers, [{ call: channel, answered: true }])
  t.equal(await pbx.perform({ do: 'HangUp', channel, as: 'normal' }), 'done')
  t.equal(await run.done, 0, failedMessages(run))
  await playbackEnds('p2')
  const late = { do: 'Play', channel, playback: PlaybackId('p3'), prompt: say } as const
  t.equal(await pbx.perform(late), 'already gone')
})
