/** A colleague who is asked by the second line of a desk phone, through the owner and Asterisk. */
import t from 'tap'
import { agentLegOf, ChannelId, secondEarOf } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { ana, besideStage, ion, vera } from './beside.ts'

const redis = await testRedis(t)

async function secondLineStage(t: Parameters<typeof besideStage>[0]) {
  const scene = await besideStage(t, redis)
  const { stage, offer, call } = scene
  const leg = agentLegOf(offer)
  const { device } =
    'offer' in scene.call()
      ? (scene.call() as { offer: { device: 'web' | 'desk' } }).offer
      : { device: 'desk' as const }
  const key = (channel: ChannelId, held: boolean) => stage.asterisk.holdKey(channel, held)
  const dial = (dialled: string, username = 'ana') => stage.asterisk.dialLine(username, device, dialled)
  const gone = (channel: ChannelId) => soon(() => stage.channel(channel) === undefined)
  const phase = (wanted: string) => soon(() => call().phase === wanted)
  const transferKey = (channel: ChannelId, other: ChannelId | null) =>
    stage.asterisk.emit({ type: 'TransferAsked', channel, to: null, other })
  /** What the phone was told of its transfer key. */
  const told = () =>
    stage.asterisk.done.flatMap((effect) => (effect.do === 'AnswerTransferKey' ? [effect.isSentOn] : []))
  /** The caller is on hold at the phone, and the colleague is asked. */
  const asks = async () => {
    key(leg, true)
    await phase('held')
    const line = dial('ion')
    await soon(() => call().consult !== null)
    return line
  }
  return { ...scene, leg, device, key, dial, gone, phase, transferKey, told, asks }
}

void t.test('hold, dial, to and fro, transfer: each hears whom they should', async (t) => {
  const { stage, offer, leg, key, answers, hear, call, asks, transferKey, told, gone, server } =
    await secondLineStage(t)
  const line = await asks()
  await soon(() => stage.channel(line)?.ringback === true)
  const ions = await answers(ion)
  await hear([line, ions])
  t.equal(stage.channel('c1')?.music, true)
  t.equal(stage.channel(line)?.ringback, false)
  key(line, true)
  key(leg, false)
  await hear(['c1', offer])
  await soon(() => stage.channel(agentLegOf(ions))?.music === true)
  key(leg, true)
  key(line, false)
  await hear([line, ions])
  t.match(call(), { phase: 'held', consult: { seat: 'side' } })
  transferKey(leg, line)
  await hear(['c1', ions])
  t.same(told(), [true])
  t.match(call(), { offer: { agent: ion }, transfer: { by: ana, state: 'taken' } })
  for (const channel of [leg, line]) await gone(channel)
  const did = stage.asterisk.done.map((effect) => effect.do)
  t.ok(did.indexOf('AnswerTransferKey') < did.indexOf('HangUp'), 'told before its legs end')
  await soon(() => server().agent('ana').phones.ownCalls === 0)
})

void t.test(
  'back to the caller while the colleague rings, then to the second line: each hears whom they should',
  async (t) => {
    const { stage, offer, leg, key, answers, hear, call, asks, phase } = await secondLineStage(t)
    const line = await asks()
    // A phone cannot put on hold what still rings.
    key(line, true)
    key(leg, false)
    await hear(['c1', offer])
    const ions = await answers(ion)
    await soon(() => stage.channel(agentLegOf(ions))?.music === true)
    key(leg, true)
    await hear([line, ions])
    t.equal(stage.channel('c1')?.music, true)
    t.match(call(), { phase: 'held', consult: { seat: 'side', secondLine: { isActive: true } } })
    key(line, true)
    key(leg, false)
    await hear(['c1', offer])
    key(leg, true)
    await phase('held')
    t.match(call(), { consult: { seat: 'music' } }, 'both on hold')
  },
)

void t.test('the desk joins, cancels and completes; the phone’s end of the line cancels', async (t) => {
  const { stage, offer, leg, key, perform, answers, hear, asks, gone, phase, call, server } =
    await secondLineStage(t)
  const line = await asks()
  const ions = await answers(ion)
  await hear([line, ions])
  t.match(await perform({ do: 'resume', agent: ana }), { refusal: 'held at the phone' })
  t.match(await perform({ do: 'joinConsult', agent: ana }), { ok: true })
  await hear(['c1', line, ions])
  t.match(await perform({ do: 'resume', agent: ana }), { refusal: 'held at the phone' }, 'from all three')
  t.match(await perform({ do: 'cancelConsult', agent: ana }), { ok: true })
  await gone(line)
  t.match(call(), { phase: 'held', byPhone: true, consult: null })
  await soon(() => server().agent('ion').state === 'ready')
  key(leg, false)
  await hear(['c1', offer])

  const again = await asks()
  await answers(ion)
  await soon(() => call().consult?.seat === 'side')
  stage.asterisk.hangUp(again)
  await soon(() => call().consult === null)
  t.match(call(), { phase: 'held', byPhone: true })
  key(leg, false)
  await phase('talking')

  const third = await asks()
  t.match(await perform({ do: 'completeConsult', agent: ana }), { ok: true }, 'while the colleague rings')
  for (const channel of [leg, third]) await gone(channel)
  t.match(call(), { phase: 'ringing', offer: { agent: ion } })
})

void t.test('an idle line is hung up: all three talk on, also if no server saw it', async (t) => {
  for (const isSeen of [true, false]) {
    const { stage, offer, key, leg, perform, answers, hear, call, asks, gone, taken } =
      await secondLineStage(t)
    const line = await asks()
    const ions = await answers(ion)
    await hear([line, ions])
    key(line, true)
    key(leg, false)
    await hear(['c1', offer])
    await perform({ do: 'joinConsult', agent: ana })
    await hear(['c1', offer, ions])
    if (isSeen) stage.asterisk.hangUp(line)
    else {
      const dying = taken()
      stage.asterisk.disconnect()
      stage.asterisk.hangUp(line)
      await dying
    }
    await soon(() => call().consult?.secondLine === null)
    await hear(['c1', offer, ions])
    await gone(line)
    t.match(call(), { phase: 'talking', consult: { seat: 'room' } })
  }
})

void t.test(
  'what is dialled without a caller on hold at the phone, or to nobody who is free, ends',
  async (t) => {
    const { stage, key, leg, device, dial, gone, phase, call, asks, perform, server } =
      await secondLineStage(t)
    const ends = async (dialled: string, why: string, username?: string) => {
      const before = stage.asterisk.done.length
      const line = dial(dialled, username)
      await gone(line)
      const hungUp = stage.asterisk.done.slice(before).find((effect) => effect.do === 'HangUp')
      t.equal(call().consult, null, why)
      return hungUp?.do === 'HangUp' ? hungUp.as : null
    }
    t.equal(await ends('ion', 'talking, not on hold'), 'congestion')
    t.equal(await ends('ana', 'no call', 'ion'), 'congestion')
    t.equal(await ends('ana', 'nobody of ours', 'stranger'), 'congestion')
    await server().owner.desk.perform({ do: 'hold', agent: ana })
    t.equal(await ends('ion', 'on hold at the desk alone'), 'congestion')
    key(leg, true)
    await soon(() => {
      const now = call()
      return now.phase === 'held' && now.byPhone
    })
    t.equal(await ends('nobody', 'no such name'), 'congestion')
    t.equal(await ends('taxes', 'a queue is not asked'), 'congestion')
    t.equal(await ends('ana', 'oneself'), 'congestion')
    t.equal(await ends('vera', 'not at work'), 'busy')
    const refused = dial('vera')
    await gone(refused)
    const again = { type: 'SecondLine', channel: refused, username: 'ana', device } as const
    stage.asterisk.emit({ ...again, dialled: 'ion' })
    await perform({ do: 'askForHelp', agent: ana, wanted: true })
    t.equal(call().consult, null, 'reported again, it is no line any more')
    const line = await asks()
    const second = dial('ion')
    await gone(second)
    t.ok(stage.channel(line), 'the first one goes on')
    stage.asterisk.emit({
      type: 'SecondLine',
      channel: line,
      username: 'ana',
      device,
      dialled: 'ion',
    })
    await phase('held')
    t.ok(stage.channel(line), 'reported twice')
  },
)

void t.test(
  'a transfer key on either line, also while the colleague rings; with another call it is refused',
  async (t) => {
    for (const by of ['first', 'second', 'dialled'] as const) {
      const { stage, leg, asks, transferKey, told, gone, call, server } = await secondLineStage(t)
      const line = await asks()
      transferKey(leg, ChannelId('pbx1-77.1'))
      transferKey(leg, null)
      transferKey(line, line)
      stage.asterisk.emit({ type: 'TransferAsked', channel: line, to: 'ion', other: null })
      await soon(() => told().length === 4)
      t.same(told(), [false, false, false, false])
      if (by === 'dialled')
        stage.asterisk.emit({ type: 'TransferAsked', channel: leg, to: 'ion', other: null })
      else if (by === 'first') transferKey(leg, line)
      else transferKey(line, leg)
      for (const channel of [leg, line]) await gone(channel)
      t.same(told().at(-1), true, by)
      t.match(call(), { phase: 'ringing', offer: { agent: ion }, transfer: { state: 'under way' } })
      t.equal(server().agent('ana').state, 'ready')
    }
  },
)

void t.test('a phone that hangs up both lines after a refused transfer keeps its caller', async (t) => {
  const { stage, leg, asks, answers, transferKey, gone, phase } = await secondLineStage(t)
  const line = await asks()
  stage.asterisk.hangUp(agentLegOf(await answers(ion)))
  await gone(line)
  // The key was pressed before the phone knew that the colleague had left.
  transferKey(line, leg)
  stage.asterisk.hangUp(leg)
  await phase('reconnecting')
  t.ok(stage.channel('c1'))
})

void t.test('a phone whose second line has no sound is lost: the other two talk on', async (t) => {
  const { stage, asks, answers, hear, perform, phase, call } = await secondLineStage(t)
  const line = await asks()
  const ions = await answers(ion)
  await hear([line, ions])
  await perform({ do: 'joinConsult', agent: ana })
  await hear(['c1', line, ions])
  stage.asterisk.hangUp(line, 'no audio')
  await phase('reconnecting')
  await hear(['c1', ions])
  t.match(call(), { consult: { seat: 'room', secondLine: null } })
})

void t.test('a server that dies changes nothing that is heard; what ended meanwhile is found', async (t) => {
  for (const ended of [null, 'line', 'leg'] as const) {
    const { stage, leg, asks, answers, hear, call, taken, phase } = await secondLineStage(t)
    const line = await asks()
    const ions = await answers(ion)
    await hear([line, ions])
    const before = stage.asterisk.done.length
    if (ended !== null) stage.asterisk.onEmit = () => undefined
    const dying = taken()
    if (ended !== null) {
      stage.asterisk.disconnect()
      stage.asterisk.hangUp(ended === 'line' ? line : leg)
    }
    const server = await dying
    if (ended === null) {
      await hear([line, ions])
      const done = stage.asterisk.done.slice(before).map((effect) => effect.do)
      t.notOk(done.includes('HangUp') || done.includes('DestroyBridge'), done.join(' '))
      t.match(await server.owner.desk.perform({ do: 'completeConsult', agent: ana }), { ok: true })
      await hear(['c1', ions])
    } else if (ended === 'line') {
      await soon(() => call().consult === null)
      t.match(call(), { phase: 'held', byPhone: true })
    } else await phase('reconnecting')
    await soon(() => stage.channel(line) === undefined)
  }
})

void t.test('a line of which no call knows is hung up by a new owner, and is no caller', async (t) => {
  const { stage, taken, gone, server } = await secondLineStage(t)
  await server().kill()
  const line = stage.asterisk.dialLine('vera', 'desk', 'ion')
  await taken()
  await gone(line)
  t.equal(server().owner.line.calls().length, 1)
})

void t.test('a supervisor hears the agent on either line', async (t) => {
  const { stage, offer, leg, key, perform, answers, hear, asks } = await secondLineStage(t)
  const line = await asks()
  const ions = await answers(ion)
  await hear([line, ions])
  await perform({ do: 'supervise', agent: vera, call: 'c1' as never, mode: 'monitor' })
  const veras = await answers(vera)
  await hear([line, ions], [secondEarOf(veras, ions), veras])
  key(line, true)
  key(leg, false)
  await soon(() => [...stage.asterisk.ears.values()].includes(leg))
  t.equal(stage.asterisk.ears.size, 1)
  t.ok(offer)
})
