import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { textIn } from '../../src/asterisk/ami/fields.ts'
import { BridgeId } from '../../src/core/ids.ts'
import { legOf, setScene } from '../support/pbx/pbx-scene.ts'
import { phone } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'
import { amiOf, celSays, cityWith, waitingCaller, watchOver } from './fallback-scene.ts'

const city = await cityWith(t.testdir({}))
/** Time for several looks of the watchdog, one each second. */
const looksMs = 2_500
/** The dialplan counts whole seconds: a heartbeat is stale after more than three. */
const oldAfterMs = 4_500

void t.test('an application that takes no new calls keeps callers on hold, and their agents', async (t) => {
  const scene = await setScene(t, ['ana'], city)
  const { pbx } = scene
  await scene.phone(t, 'ana', `${phone.invited}${phone.accept}${phone.hungUp}`)
  const held = await scene.call(t, waitingCaller)
  await scene.ring('ana', 'o2', { call: held.arrived.call })
  await scene.happened('LegUp', { channel: legOf('o2') })
  const bridge = BridgeId('bridge-o2')
  await pbx.perform({ do: 'Connect', bridge, channels: [held.channel, legOf('o2')] })
  await scene.happened('BridgeFull', { bridge })
  await pbx.perform({ do: 'Leave', bridge, channels: [held.channel, legOf('o2')] })
  await pbx.perform({ do: 'StartMusic', channel: held.channel })
  const waiting = await scene.call(t, waitingCaller)

  scene.stopBeat()
  const signs = setInterval(() => void pbx.stillHere().catch(() => undefined), 1000)
  t.teardown(() => clearInterval(signs))
  const stop = watchOver(scene)
  await scene.happened('CallerTaken', { channel: waiting.channel })
  await delay(looksMs)
  t.match(await pbx.inventory(), { callers: [{ call: held.channel }], legs: [{ up: true }] })
  t.notOk(scene.events.some((event) => event.type === 'LegGone'))

  clearInterval(signs)
  await scene.happened('CallerTaken', { channel: held.channel })
  await scene.gone(legOf('o2'))
  await stop()
})

void t.test(
  'a heartbeat that is hours old by the clock but changes each second counts as alive',
  async (t) => {
    const scene = await setScene(t, [], { beating: true, ...city })
    const { channel } = await scene.call(t, waitingCaller)
    scene.stopBeat()
    const ami = await amiOf(scene)
    t.teardown(() => ami.stop())
    // As if the machine's clock was set forward, or the application's is behind.
    let seconds = 0
    const beat = () => {
      seconds += 1
      return ami.action({ action: 'Setvar', variable: 'LINIA_BEAT', value: `17000000${seconds}` })
    }
    await beat()
    const beats = setInterval(() => void beat().catch(() => undefined), 1_000)
    t.teardown(() => clearInterval(beats))
    const stop = watchOver(scene)
    await delay(looksMs)
    t.match(await scene.pbx.inventory(), { callers: [{ call: channel }] })
    clearInterval(beats)
    await scene.happened('CallerTaken', { channel })
    await stop()
  },
)

void t.test('rescued callers are queued by arrival, before new callers', async (t) => {
  const scene = await setScene(t, [], city)
  const waiting: string[] = []
  // Enough callers to be out of order by chance in a hash.
  for (let index = 0; index < 6; index++) waiting.push((await scene.call(t, waitingCaller)).channel)
  scene.stopBeat()
  await delay(oldAfterMs)
  await scene.dial(t, waitingCaller)
  await celSays(scene, 'LINIA_FALLBACK_QUEUED')
  await celSays(scene, 'Queue')
  const ami = await amiOf(scene)
  t.teardown(() => ami.stop())
  const inQueue = async () =>
    (await ami.list({ action: 'QueueStatus', queue: 'linia-fallback' }))
      .filter((item) => textIn(item, 'event') === 'QueueEntry')
      .sort((a, b) => Number(textIn(a, 'position')) - Number(textIn(b, 'position')))
      .map((item) => textIn(item, 'uniqueid'))
  await until(async () => (await inQueue()).length === 1)
  const [newcomer] = await inQueue()
  const stop = watchOver(scene)
  await until(async () => (await inQueue()).length > waiting.length)
  t.same(await inQueue(), [...waiting, newcomer])
  await stop()
})
