import t from 'tap'
import { textIn } from '../../src/asterisk/ami/fields.ts'
import { BridgeId, callerLegOf } from '../../src/core/ids.ts'
import { trunkAddress } from '../support/pbx/asterisk.ts'
import { legOf, setScene } from '../support/pbx/pbx-scene.ts'
import { openTown } from '../support/sip/citizen.ts'
import { caller, pause, phone } from '../support/sip/sipp.ts'
import { until } from '../support/until.ts'
import { amiOf } from './fallback-scene.ts'

const waitingCaller = `${caller.invite()}${caller.answered}${caller.ack}`

void t.test('a new process lists what exists and gets its events again', async (t) => {
  const scene = await setScene(t, ['ana', 'bogdan'])
  await scene.phone(t, 'ana', `${phone.invited}${phone.accept}${phone.hungUp}`)
  await scene.phone(t, 'bogdan', `${phone.invited}${phone.ringing}${phone.cancelled}`)
  const talking = await scene.call(t, `${waitingCaller}${caller.hungUp}`)
  await scene.ring('ana', 't1')
  await scene.happened('LegUp', { channel: legOf('t1') })
  const bridge = BridgeId('bridge-t1')
  await scene.pbx.perform({ do: 'Connect', bridge, channels: [talking.channel, legOf('t1')] })
  await scene.happened('BridgeFull', { bridge })
  const town = await openTown(t, { target: scene.asterisk.options.sip, from: trunkAddress })
  const citizen = await town.call()
  const arrivals = () => scene.events.flatMap((event) => (event.type === 'CallArrived' ? [event] : []))
  await until(() => arrivals().length === 2)
  const arrived = arrivals()[1]!
  const waiting = { arrived, channel: callerLegOf(arrived.call) }
  await scene.pbx.perform({ do: 'AnswerCaller', channel: waiting.channel })
  await scene.ring('bogdan', 't2')
  scene.stopBeat()
  await scene.pbx.stop()
  await until(() => scene.events.some(({ type }) => type === 'Disconnected'))

  const { pbx, events } = scene.asterisk.pbx()
  await pbx.start(() => true)
  const found = await pbx.inventory()
  t.equal(found.callers.length, 2)
  t.match(
    found.callers.find(({ call }) => call === waiting.arrived.call),
    { ...waiting.arrived, answered: true },
    'the caller with the data of the arrival',
  )
  t.same(
    found.bridges.map((one) => ({ ...one, channels: [...one.channels].sort() })),
    [{ bridge, channels: [legOf('t1'), talking.channel] }],
  )
  t.same(
    [...found.legs].sort((a, b) => a.channel.localeCompare(b.channel)),
    [
      { channel: legOf('t1'), up: true, username: 'ana', device: 'desk' },
      { channel: legOf('t2'), up: false, username: 'bogdan', device: 'desk' },
    ],
  )
  t.equal(found.channels.length, 4)
  t.same(
    [...found.phones].sort((a, b) => a.username.localeCompare(b.username)),
    [
      { username: 'ana', desk: true, web: false, ownCalls: 0 },
      { username: 'bogdan', desk: true, web: false, ownCalls: 0 },
    ],
  )

  citizen.hangUp()
  t.match(await citizen.ended, { ending: 'hung up' })
  await until(() => events.some((event) => event.type === 'LegGone' && event.channel === waiting.channel))
  await pbx.perform({ do: 'HangUp', channel: legOf('t2'), as: 'normal' })
  await until(() => events.some((event) => event.type === 'LegGone' && event.channel === legOf('t2')))
  await pbx.perform({ do: 'HangUp', channel: talking.channel, as: 'normal' })
  await until(() => events.some((event) => event.type === 'LegGone' && event.channel === talking.channel))
  t.equal(await talking.run.done, 0)
})

void t.test(
  'a caller whom the dialplan of an earlier release handed over is listed with the data of the arrival',
  async (t) => {
    const scene = await setScene(t, [])
    const { arrived, channel } = await scene.call(t, `${waitingCaller}${pause(25_000)}${caller.hangUp}`)
    await scene.pbx.perform({ do: 'AnswerCaller', channel })
    const ami = await amiOf(scene)
    t.teardown(() => ami.stop())
    const earlier = 'dialplan add extension s,1,Stasis(linia,inbound) into linia-earlier'
    await ami.action({ action: 'Command', command: earlier })
    const channelName = textIn(
      (await ami.list({ action: 'CoreShowChannels' })).find((one) => textIn(one, 'uniqueid') === channel) ??
        {},
      'channel',
    )
    await ami.action({
      action: 'Redirect',
      channel: channelName,
      context: 'linia-earlier',
      exten: 's',
      priority: '1',
    })
    await until(() => scene.events.filter(({ type }) => type === 'CallArrived').length === 2)
    t.match((await scene.pbx.inventory()).callers, [{ ...arrived, answered: true }])
  },
)

void t.test('a frozen Asterisk is noticed by its silence, and reconnected', async (t) => {
  const scene = await setScene(t, [])
  const { channel, run } = await scene.call(t, `${waitingCaller}${caller.hungUp}`)
  await scene.pbx.perform({ do: 'AnswerCaller', channel })
  scene.asterisk.signal('SIGSTOP')
  await until(() => scene.events.some(({ type }) => type === 'Disconnected'))
  await t.rejects(scene.pbx.perform({ do: 'StartMusic', channel }), { name: 'PbxUnavailable' })
  scene.asterisk.signal('SIGCONT')
  await until(() => scene.events.filter(({ type }) => type === 'Connected').length === 2)
  t.notOk(
    scene.events.some(({ type }) => type === 'Replaced'),
    'its own old connection does not count as a takeover',
  )
  t.match((await scene.pbx.inventory()).callers, [{ call: channel, answered: true }])
  await scene.pbx.perform({ do: 'HangUp', channel, as: 'normal' })
  await scene.gone(channel)
  t.equal(await run.done, 0)
})
