/** Supervisors through the desk, the owner and Asterisk. */
import t from 'tap'
import { agentLegOf, AgentId, CallId, earOf, OfferId, QueueId, tapOf } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { ana, besideStage, ion, vera } from './beside.ts'

const redis = await testRedis(t)
const zoe = AgentId('zoe')

void t.test('listening, whispering, joining: each hears whom they should', async (t) => {
  const { stage, offer, perform, answers, hear, id } = await besideStage(t, redis)
  const supervise = (mode: 'monitor' | 'whisper' | 'barge', agent = vera) =>
    perform({ do: 'supervise', agent, call: id, mode })
  t.match(await supervise('monitor'), { ok: true })
  const veras = await answers(vera)
  const ear = earOf(veras, offer)
  await hear(['c1', offer], [veras, ear])
  t.equal(stage.asterisk.ears.get(ear), agentLegOf(offer))
  const muted = () => stage.channel(agentLegOf(veras))?.muted
  await soon(() => muted() === true)
  await supervise('whisper')
  await soon(() => muted() === false)

  t.match(await supervise('monitor', zoe), { ok: true }, 'two at once')
  const zoes = await answers(zoe)
  await hear(['c1', offer], [veras, ear], [zoes, earOf(zoes, offer)])
  await supervise('barge')
  await hear(['c1', offer, veras], [zoes, earOf(zoes, offer)])
  await supervise('monitor')
  await hear(['c1', offer], [veras, ear], [zoes, earOf(zoes, offer)])
  t.match(await perform({ do: 'stopSupervising', agent: zoe }), { ok: true })
  t.match(await perform({ do: 'hangUp', agent: vera }), { ok: true }, 'by the phone’s own key or the page')
  await hear(['c1', offer])
  await soon(() => stage.asterisk.ears.size === 0 && stage.asterisk.bridges.size === 1)
})

void t.test('a supervisor takes over, serves, and is afterwards what they were', async (t) => {
  const { stage, offer, perform, answers, hear, id, call, server } = await besideStage(t, redis)
  await perform({ do: 'supervise', agent: vera, call: id, mode: 'monitor' })
  t.match(await perform({ do: 'takeOver', agent: vera }), { refusal: 'not supervising' }, 'not picked up yet')
  const veras = await answers(vera)
  await hear(['c1', offer], [veras, earOf(veras, offer)])
  t.equal(stage.channel(agentLegOf(veras))?.recorder, 'none')
  t.match(await perform({ do: 'takeOver', agent: vera }), { ok: true, value: { state: 'talking' } })
  await hear(['c1', veras])
  t.equal(stage.channel(agentLegOf(veras))?.recorder, 'on')
  t.equal(stage.channel(agentLegOf(veras))?.muted, false)
  t.match(call(), { offer: { agent: vera }, supervisions: [], legs: [{ agent: ana }, { agent: vera }] })
  t.equal(server().agent('ana').state, 'ready')
  t.match(await perform({ do: 'hold', agent: vera }), { ok: true }, 'every command of an agent')
  await perform({ do: 'hangUp', agent: vera })
  await server().over('c1')
  t.equal(server().agent('vera').state, 'signed out')
})

void t.test('a supervisor who listens is offered no caller, and is again afterwards', async (t) => {
  const { stage, perform, answers, id, server } = await besideStage(t, redis)
  await server().work('vera')
  await perform({ do: 'pause', agent: ion, reason: 'meal' })
  await perform({ do: 'supervise', agent: vera, call: id, mode: 'monitor' })
  await answers(vera)
  stage.agents.splice(2, 1, { id: vera, username: 'vera', name: 'vera', skills: { city: 1, taxes: 1 } })
  stage.hire('eva')
  stage.asterisk.arrive('c2')
  t.equal((await server().phase('c2', 'waiting')).phase, 'waiting')
  await perform({ do: 'stopSupervising', agent: vera })
  t.match(await server().phase('c2', 'ringing'), { offer: { agent: vera } })
})

void t.test('a server that dies while a supervisor listens: the tap is there again', async (t) => {
  for (const mode of ['monitor', 'whisper', 'barge'] as const) {
    const { stage, offer, perform, answers, hear, id, call, taken } = await besideStage(t, redis)
    await perform({ do: 'supervise', agent: vera, call: id, mode })
    const veras = await answers(vera)
    const ear = earOf(veras, offer)
    const groups =
      mode === 'barge'
        ? [['c1', offer, veras]]
        : [
            ['c1', offer],
            [veras, ear],
          ]
    await hear(...groups)
    const before = stage.asterisk.done.length
    await taken()
    t.match(call(), { supervisions: [{ mode, isUp: true }] })
    await hear(...groups)
    t.notOk(
      stage.asterisk.done.slice(before).some((effect) => effect.do === 'HangUp'),
      mode,
    )
    t.equal(stage.channel(agentLegOf(veras))?.muted, mode === 'monitor')
  }
})

void t.test('a new owner removes a tap of which no call knows, and leaves the conversation', async (t) => {
  const { stage, offer, hear, taken, server } = await besideStage(t, redis)
  await server().kill()
  const unknown = OfferId('leg-unknown')
  stage.asterisk.ears.set(earOf(unknown, offer), agentLegOf(offer))
  stage.asterisk.bridges.set(tapOf(unknown), new Set())
  await taken()
  await soon(() => stage.asterisk.ears.size === 0 && stage.asterisk.bridges.size === 1)
  await hear(['c1', offer])
})

void t.test('an agent whose page reloads takes the supervisor along', async (t) => {
  const { stage, offer, perform, answers, hear, id, server } = await besideStage(t, redis)
  await perform({ do: 'pageOpened', agent: ana, instance: 'one' })
  await perform({ do: 'supervise', agent: vera, call: id, mode: 'whisper' })
  const veras = await answers(vera)
  await hear(['c1', offer], [veras, earOf(veras, offer)])
  await perform({ do: 'pageOpened', agent: ana, instance: 'two' })
  const again = await server().phase('c1', 'reconnecting')
  await soon(() => {
    const call = server().call('c1')
    return call?.phase === 'reconnecting' && call.invited
  })
  const { offer: anew } = (server().call('c1') ?? again) as typeof again
  await soon(() => stage.channel(agentLegOf(anew.id)) !== undefined)
  stage.asterisk.answer(agentLegOf(anew.id))
  await hear(['c1', anew.id], [veras, earOf(veras, anew.id)])
})

void t.test('a supervisor moves and ends waiting calls', async (t) => {
  const { stage, perform, server, queue } = await besideStage(t, redis)
  await perform({ do: 'pause', agent: ion, reason: 'meal' })
  stage.asterisk.arrive('c2')
  stage.asterisk.arrive('c3')
  await server().phase('c3', 'waiting')
  const move = (call: string, to: QueueId, toFront = false) =>
    perform({ do: 'moveCall', agent: vera, call: CallId(call), queue: to, toFront })
  t.match(await move('c3', QueueId('nowhere')), { refusal: 'unknown queue' })
  t.match(await move('c1', queue), { refusal: 'call not waiting' })
  t.match(await move('c3', QueueId('city'), true), { ok: true })
  await perform({ do: 'hangUp', agent: ana })
  await server().phase('c3', 'ringing')
  t.equal(server().call('c2')?.phase, 'waiting', 'the one in front is rung first')
  t.match(await move('c2', queue), { ok: true })
  await perform({ do: 'ready', agent: ion })
  t.match(await server().phase('c2', 'ringing'), { queue, offer: { agent: ion } })

  const end = (call: string) => perform({ do: 'endCall', agent: vera, call: CallId(call) })
  t.match(await end('c2'), { ok: true })
  await server().over('c2')
  t.equal(server().agent('ion').state, 'ready')
  t.match(await end('c2'), { refusal: 'call is over' })
})

void t.test('supervision that makes no sense is refused', async (t) => {
  const { stage, perform, answers, id, server } = await besideStage(t, redis)
  const supervise = (agent: AgentId, call = id) => perform({ do: 'supervise', agent, call, mode: 'monitor' })
  t.match(await supervise(vera, CallId('c9')), { refusal: 'no such conversation' })
  stage.asterisk.arrive('c2')
  await server().phase('c2', 'waiting')
  t.match(await supervise(vera, CallId('c2')), { refusal: 'no such conversation' }, 'nobody talks')
  t.match(await supervise(ana), { refusal: 'in a call' }, 'one’s own')
  t.match(await supervise(AgentId('nobody')), { refusal: 'unknown agent' })
  stage.asterisk.register('zoe', 'desk', false)
  await soon(() => !server().agent('zoe').phones.desk)
  t.match(await supervise(zoe), { refusal: 'no reachable phone' })
  for (const command of ['stopSupervising', 'takeOver'] as const)
    t.match(await perform({ do: command, agent: vera }), { refusal: 'not supervising' })
  await supervise(vera)
  t.match(await perform({ do: 'decline', agent: vera }), { ok: true }, 'a supervisor may think otherwise')
  t.match(await perform({ do: 'stopSupervising', agent: vera }), { refusal: 'not supervising' })
  await supervise(vera)
  const veras = await answers(vera)
  await server().work('vera')
  const toVera = { do: 'transfer', agent: ana, to: { agent: vera } } as const
  t.match(await perform(toVera), { refusal: 'colleague not free' }, 'one who listens takes no caller')
  t.match(await perform({ do: 'consult', agent: ana, to: { agent: vera }, joins: false }), {
    refusal: 'colleague not free',
  })
  t.match(await supervise(vera), { ok: true }, 'the same again')
  stage.asterisk.hangUp('c1' as never)
  await server().over('c1')
  await soon(() => stage.channel(agentLegOf(veras)) === undefined)
  t.match(await perform({ do: 'takeOver', agent: vera }), { refusal: 'not supervising' }, 'the call is over')
})
