import { readdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { BridgeId, callerLegOf, CallId } from '../../src/core/ids.ts'
import { closedTrack, hasTone, shareOf, tone } from '../support/sip/audio.ts'
import { legOf, setScene, type Scene } from '../support/pbx/pbx-scene.ts'
import { caller, pause, phone, playAlaw } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'
import {
  amiOf,
  answered,
  cel,
  celSays,
  cityWith,
  served,
  waitingCaller,
  watchOver,
} from './fallback-scene.ts'

const sounds = t.testdir({})
const callerTone = join(sounds, 'caller.alaw')
const agentTone = join(sounds, 'agent.alaw')
await writeFile(callerTone, tone(440))
await writeFile(agentTone, tone(1000))
const city = await cityWith(sounds)
const arrivals = (scene: Scene) => scene.events.filter((event) => event.type === 'CallArrived')

void t.test(
  'without the application a caller hears music at once, then the queue rings its members',
  async (t) => {
    const scene = await setScene(t, ['ana'], { beating: false, ...city })
    const { pbx } = scene
    await pbx.setFallbackMembers([{ username: 'ana', device: 'desk' }])
    const run = await scene.phone(
      t,
      'ana',
      `${phone.invited}${phone.ringing}${phone.accept}${playAlaw(agentTone)}${pause(1500)}${phone.hangUp}`,
    )
    const call = await scene.dial(
      t,
      `${caller.invite()}${caller.answered}${caller.ack}${playAlaw(callerTone)}${caller.hungUp}`,
    )
    await until(() => answered(call))
    t.notOk(run.messages().includes('\nINVITE '), 'something is heard before anybody is rung')
    await until(() => run.messages().includes('\nINVITE '))
    t.same(arrivals(scene), [], 'the application had no part in it')
    await scene.happened('OwnCallsChanged', { username: 'ana', ownCalls: 1 })
    await celSays(scene, 'LINIA_FALLBACK_QUEUED')
    const id = /"(pbx1-\d+\.\d+)"/.exec(await cel(scene))?.[1] ?? ''
    const folder = join(scene.asterisk.options.recordings, id)
    await celSays(scene, 'LINKEDID_END')
    const legs = readdirSync(folder)
    t.equal(legs.length, 1, 'recorded on the leg of the agent, as by the application')
    for (const [track, hertz] of [
      ['caller', 440],
      ['agent', 1000],
    ] as const) {
      const { rate, samples } = await closedTrack(join(folder, legs[0] ?? '', `${track}.wav`))
      t.ok(hasTone(hertz, samples, rate), `what the ${track} said`)
      t.ok(shareOf(hertz === 440 ? 1000 : 440, samples, rate) < 0.01, 'and nothing else')
    }
  },
)

void t.test('an application that is back within five seconds gets the caller as a new one', async (t) => {
  const scene = await setScene(t, [], { beating: false, ...city })
  const call = await scene.dial(t, waitingCaller)
  await until(() => answered(call))
  await scene.startBeat()
  const arrived = await scene.happened('CallArrived')
  t.match(arrived, { answered: true, queuedAt: null })
})

void t.test(
  'an application that is back later removes the members, and waiting callers keep their place',
  async (t) => {
    const scene = await setScene(t, ['ana'], { beating: false, ...city })
    const { pbx } = scene
    await pbx.setFallbackMembers([{ username: 'ana', device: 'desk' }])
    const dialledAt = Date.now()
    await scene.dial(t, waitingCaller)
    await scene.dial(t, waitingCaller)
    await celSays(scene, 'LINIA_FALLBACK_QUEUED', 2)
    // The first is fetched from the queue, the second reaches the application on the way into it.
    await until(async () => (await cel(scene)).includes('"Queue"'))
    const backAt = Date.now()
    await scene.startBeat()
    await pbx.takeOverFallback()
    await until(() => arrivals(scene).length === 2)
    for (const event of arrivals(scene)) {
      if (event.type !== 'CallArrived') throw new Error('unreachable')
      t.equal(event.answered, true)
      t.ok(event.arrivedAt >= dialledAt && event.arrivedAt < backAt, 'with the time of the arrival')
      const place = event.queuedAt ?? 0
      const after = place - event.arrivedAt
      t.ok(after > 4000 && after < 12_000, `in the queue ${after} ms after the call`)
    }
    t.equal(await pbx.takeOverFallback(), 0)
  },
)

void t.test('a takeover and a heartbeat at once fetch each caller once', async (t) => {
  const scene = await setScene(t, [], { beating: false, ...city })
  const { pbx } = scene
  await scene.dial(t, waitingCaller)
  await scene.dial(t, waitingCaller)
  await until(async () => (await cel(scene)).split('"Queue"').length > 2)
  await Promise.all([scene.startBeat(), pbx.takeOverFallback(), pbx.takeOverFallback()])
  await until(() => arrivals(scene).length >= 2)
  // Whoever is fetched twice leaves the application at once.
  t.equal(await pbx.takeOverFallback(), 0)
  t.equal(arrivals(scene).length, 2)
  t.notOk(scene.events.some(({ type }) => type === 'CallerTaken'))
})

// While the application is away: closed first, then open.
const alone = await setScene(t, [], { beating: false, ...city })

void t.test(
  'outside the opening hours a caller hears the message and does not enter the queue',
  async (t) => {
    const scene = alone
    const from = Date.now() + 3_600_000
    await scene.pbx.applyNumbers(served([{ opensAt: from, closesAt: from + 3_600_000 }]))
    const call = await scene.dial(t, waitingCaller)
    await celSays(scene, 'LINIA_FALLBACK_CLOSED')
    t.equal(await call.done, 0)
    t.notMatch(await cel(scene), /"Queue"/)
    // The end of every channel is reported: a caller may hang up between the dialplan and the application.
    const id = /"(pbx1-\d+\.\d+)"/.exec(await cel(scene))?.[1]
    await scene.happened('LegGone', { channel: id })
  },
)

void t.test(
  'a caller who enters the queue between takeover and first heartbeat is not left there',
  async (t) => {
    const scene = alone
    await scene.pbx.applyNumbers(served('always'))
    await scene.pbx.takeOverFallback()
    await scene.dial(t, waitingCaller)
    await celSays(scene, 'Queue')
    // Each heartbeat fetches again: the CEL may be ahead of the queue.
    await scene.startBeat()
    await scene.happened('CallArrived')
  },
)

void t.test('a call is not lost when the application has just died', async (t) => {
  const scene = await setScene(t, [], city)
  scene.stopBeat()
  // Fresh however long the caller takes to dial.
  const ami = await amiOf(scene)
  const LINIA_BEAT = String(Math.floor(Date.now() / 1_000) + 60)
  await ami.action({ action: 'Setvar', variable: 'LINIA_BEAT', value: LINIA_BEAT })
  ami.stop()
  await scene.pbx.stop()
  const call = await scene.dial(t, waitingCaller)
  await until(() => answered(call))
  await celSays(scene, 'Stasis')
})

void t.test('a phone that is picked up after the application has died is hung up', async (t) => {
  const scene = await setScene(t, ['ana'], city)
  const run = await scene.phone(
    t,
    'ana',
    `${phone.invited}${phone.ringing}${pause(1500)}${phone.accept}${phone.hungUp}`,
  )
  t.equal(await scene.ring('ana', 'o1'), 'done')
  await until(() => run.messages().includes('SIP/2.0 180'))
  await scene.pbx.stop()
  await until(() => run.messages().includes('\nBYE '))
  t.pass('it does not wait in the dialplan')
})

void t.test('waiting callers are taken out of a hung application, conversations go on', async (t) => {
  const scene = await setScene(t, ['ana', 'bogdan'], city)
  const { pbx } = scene
  await scene.phone(t, 'ana', `${phone.invited}${phone.accept}${phone.hungUp}`)
  const talking = await scene.call(t, waitingCaller)
  await scene.ring('ana', 'o1')
  await scene.happened('LegUp', { channel: legOf('o1') })
  const bridge = BridgeId('bridge-o1')
  await pbx.perform({ do: 'Connect', bridge, channels: [talking.channel, legOf('o1')] })
  const waiting = await scene.call(t, waitingCaller)
  await pbx.perform({ do: 'AnswerCaller', channel: waiting.channel })

  scene.stopBeat()
  const stop = watchOver(scene)
  await celSays(scene, 'LINIA_FALLBACK_RESCUED')
  await scene.happened('CallerTaken', { channel: waiting.channel })
  const inventory = await pbx.inventory()
  t.match(inventory.callers, [{ call: talking.channel }], 'the waiting caller has left the application')
  t.equal(inventory.callers.length, 1)
  t.match(inventory.bridges, [{ bridge }])
  t.equal(inventory.bridges[0]?.channels.length, 2)
  t.ok(inventory.channels.includes(waiting.channel), 'and is in the fallback queue')
  t.notOk(scene.events.some((event) => event.type === 'LegGone'))
  await stop()

  await scene.startBeat()
  await pbx.takeOverFallback()
  await until(() => arrivals(scene).length === 3)
  t.match(arrivals(scene).at(-1), {
    call: CallId(waiting.channel),
    answered: true,
    queuedAt: waiting.arrived.arrivedAt,
  })
  await pbx.perform({ do: 'HangUp', channel: callerLegOf(waiting.arrived.call), as: 'normal' })
})
