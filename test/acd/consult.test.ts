/** Consultation through the desk, the owner and Asterisk. */
import t from 'tap'
import { agentLegOf, AgentId, sideOf } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { ana, besideStage, ion, vera } from './beside.ts'

const redis = await testRedis(t)

void t.test('to and fro, all three, and handed over: each hears whom they should', async (t) => {
  const { stage, offer, perform, answers, hear, call, server } = await besideStage(t, redis)
  t.match(await perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false }), { ok: true })
  await soon(() => stage.channel('c1')?.music === true)
  const ions = await answers(ion)
  await hear([offer, ions])
  t.equal(server().agent('ion').state, 'talking')
  t.equal(stage.channel('c1')?.music, true)

  await perform({ do: 'resume', agent: ana })
  await hear(['c1', offer])
  await soon(() => stage.channel(agentLegOf(ions))?.music === true)
  await perform({ do: 'hold', agent: ana })
  await hear([offer, ions])
  await soon(() => stage.channel(agentLegOf(ions))?.music === false)

  t.match(await perform({ do: 'joinConsult', agent: ana }), { ok: true })
  await hear(['c1', offer, ions])
  t.match(await perform({ do: 'completeConsult', agent: ana }), { ok: true })
  await hear(['c1', ions])
  t.match(call(), { offer: { agent: ion }, transfer: { by: ana, state: 'taken' } })
  t.equal(server().agent('ana').state, 'ready')
  await soon(() => stage.channel(agentLegOf(offer)) === undefined)
  t.equal(stage.asterisk.bridges.has(sideOf(ions)), false, 'nothing is left over')
  t.match(await perform({ do: 'hangUp', agent: ion }), { ok: true })
  await server().over('c1')
  await soon(() => stage.asterisk.channels.size === 0 && stage.asterisk.bridges.size === 0)
})

void t.test('a colleague who declines, hangs up or is no longer wanted is free again', async (t) => {
  const { stage, offer, perform, answers, hear, call, server } = await besideStage(t, redis)
  const consult = () => perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false })
  await consult()
  await soon(() => server().agent('ion').state === 'offered')
  t.match(await perform({ do: 'decline', agent: ion }), { ok: true })
  t.match(call(), { phase: 'held', consult: null })
  stage.aheadMs += 10_000
  await consult()
  await answers(ion)
  await soon(() => server().agent('ion').state === 'talking')
  t.match(await perform({ do: 'hangUp', agent: ion }), { ok: true })
  t.match(call(), { phase: 'held', consult: null })
  t.equal(server().agent('ion').state, 'ready')
  await consult()
  const ions = await answers(ion)
  await hear([offer, ions])
  t.match(await perform({ do: 'cancelConsult', agent: ana }), { ok: true })
  await hear(['c1', offer])
  t.equal(server().agent('ion').state, 'ready')
})

void t.test('a colleague who signs out or reloads the page while asked leaves the call', async (t) => {
  const { perform, answers, call, server } = await besideStage(t, redis)
  await perform({ do: 'pageOpened', agent: ion, instance: 'one' })
  await perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false })
  await answers(ion)
  await soon(() => server().agent('ion').state === 'talking')
  await perform({ do: 'pageOpened', agent: ion, instance: 'two' })
  t.match(call(), { phase: 'held', consult: null })
  await perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false })
  await soon(() => server().agent('ion').state === 'offered')
  await perform({ do: 'signOut', agent: ion })
  t.match(call(), { phase: 'held', consult: null })
  t.equal(server().agent('ion').state, 'signed out')
})

void t.test('a server that dies changes nothing that is heard, in each seat of the colleague', async (t) => {
  for (const seat of ['side', 'music', 'room'] as const) {
    const scene = await besideStage(t, redis)
    const { stage, offer, perform, answers, hear, call, taken } = scene
    await perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false })
    const ions = await answers(ion)
    await hear([offer, ions])
    if (seat === 'music') await perform({ do: 'resume', agent: ana })
    if (seat === 'room') await perform({ do: 'joinConsult', agent: ana })
    const groups = { side: [[offer, ions]], music: [['c1', offer]], room: [['c1', offer, ions]] }[seat]
    await hear(...groups)
    const before = stage.asterisk.done.length
    const server = await taken()
    t.match(call(), { consult: { seat } }, seat)
    await hear(...groups)
    const done = stage.asterisk.done.slice(before).map((effect) => effect.do)
    t.notOk(done.includes('HangUp') || done.includes('DestroyBridge'), `${seat}: ${done.join(' ')}`)
    t.match(await server.owner.desk.perform({ do: 'completeConsult', agent: ana }), { ok: true })
    await hear(['c1', ions])
  }
})

void t.test('a caller whom the fallback queue has taken meanwhile is never hung up', async (t) => {
  const { stage, offer, perform, answers, hear, taken, server } = await besideStage(t, redis)
  await perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false })
  const ions = await answers(ion)
  await hear([offer, ions])
  await server().kill()
  stage.asterisk.rescueAll()
  t.same([...stage.asterisk.channels.keys()], ['c1'], 'the agents’ legs are gone')
  const second = await taken()
  await soon(() => second.call('c1')?.consult === null)
  stage.aheadMs += stage.rules.reconnectMs
  stage.second()
  await second.phase('c1', 'ringing')
  t.ok(stage.channel('c1'), 'the caller is back, and an agent is rung')
  t.equal(second.agent('ion').state, 'ready')
})

void t.test('a phone that is picked up while no server lives joins the consultation', async (t) => {
  const { stage, offer, perform, hear, call, taken, server } = await besideStage(t, redis)
  await perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false })
  const ions = call().consult?.offer.id ?? offer
  await soon(() => stage.channel(agentLegOf(ions)) !== undefined)
  await server().kill()
  stage.asterisk.answer(agentLegOf(ions))
  await taken()
  await hear([offer, ions])
  t.match(call(), { consult: { seat: 'side' } })
})

void t.test('an agent whose page reloads comes back into the conversation of three', async (t) => {
  const { stage, offer, perform, answers, hear, server } = await besideStage(t, redis)
  await perform({ do: 'pageOpened', agent: ana, instance: 'one' })
  await perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false })
  const ions = await answers(ion)
  await hear([offer, ions])
  await perform({ do: 'joinConsult', agent: ana })
  await hear(['c1', offer, ions])
  await perform({ do: 'pageOpened', agent: ana, instance: 'two' })
  await hear(['c1', ions])
  t.equal(stage.channel('c1')?.music, false, 'the caller goes on talking')
  await soon(() => {
    const call = server().call('c1')
    return call?.phase === 'reconnecting' && call.invited
  })
  const again = await server().phase('c1', 'reconnecting')
  await soon(() => stage.channel(agentLegOf(again.offer.id)) !== undefined)
  stage.asterisk.answer(agentLegOf(again.offer.id))
  await hear(['c1', again.offer.id, ions])
})

void t.test('a consultation that makes no sense is refused, and nothing changes', async (t) => {
  const { stage, perform, answers, call, server } = await besideStage(t, redis)
  const consult = (to: AgentId, agent = ana) =>
    perform({ do: 'consult', agent, to: { agent: to }, joins: false })
  t.match(await consult(ana), { refusal: 'a transfer to oneself' })
  t.match(await consult(AgentId('nobody')), { refusal: 'unknown agent' })
  t.match(await consult(vera), { refusal: 'colleague not free' }, 'not signed in')
  t.match(await consult(ana, ion), { refusal: 'not in a call' })
  for (const command of ['joinConsult', 'completeConsult', 'cancelConsult'] as const)
    t.match(await perform({ do: command, agent: ana }), { refusal: 'nobody consulted' })
  await consult(ion)
  t.match(await consult(ion), { refusal: 'already consulting' })
  t.match(await perform({ do: 'joinConsult', agent: ana }), { refusal: 'nobody consulted' }, 'still ringing')
  await answers(ion)
  await soon(() => server().agent('ion').state === 'talking')
  t.match(
    await perform({ do: 'hold', agent: ion }),
    { refusal: 'not in a call' },
    'the colleague only leaves',
  )
  t.match(await perform({ do: 'transfer', agent: ion, to: { agent: vera } }), { refusal: 'not in a call' })
  t.match(call(), { phase: 'held', consult: { seat: 'side' } })
  stage.asterisk.hangUp('c1' as never)
  await server().over('c1')
  for (const name of ['ana', 'ion']) t.equal(server().agent(name).state, 'ready')
  t.match(await perform({ do: 'completeConsult', agent: ana }), { refusal: 'not in a call' })
})

void t.test('help and a recording’s pause are asked for at the desk', async (t) => {
  const { stage, offer, perform, call } = await besideStage(t, redis)
  t.match(await perform({ do: 'askForHelp', agent: ana, wanted: true }), { ok: true })
  t.type(call().helpSince, 'number')
  const recorder = () => stage.channel(agentLegOf(offer))?.recorder
  t.match(await perform({ do: 'pauseRecording', agent: ana, reason: 'password' }), { ok: true })
  await soon(() => recorder() === 'paused')
  t.match(await perform({ do: 'resumeRecording', agent: ana }), { ok: true })
  await soon(() => recorder() === 'on')
  for (const command of [
    { do: 'askForHelp', wanted: true },
    { do: 'pauseRecording', reason: 'password' },
    { do: 'resumeRecording' },
  ] as const)
    t.match(await perform({ ...command, agent: ion }), { refusal: 'not in a call' })
})
