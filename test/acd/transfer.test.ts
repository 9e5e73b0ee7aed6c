/** Transfers through the desk, the owner and Asterisk: to a queue, to a colleague, and back. */
import t, { type Test } from 'tap'
import { extensionOf, spelled } from '../../src/acd/desk/extensions.ts'
import { agentLegOf, AgentId, ChannelId, QueueId } from '../../src/core/ids.ts'
import { newQueue } from '../../src/core/queue.ts'
import { bounds } from '../../src/core/rules.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { agentNamed, Stage } from './stage.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')
const ion = AgentId('ion')
const taxes = QueueId('taxes')

/** Ana serves the city's queue, Ion and Eva both; who is not named is not at work. */
async function stageWith(t: Test, ...working: string[]) {
  const stage = new Stage(t, redis, ['ana'])
  stage.queues.push(newQueue(taxes, 'Taxe'))
  for (const name of ['ion', 'eva']) stage.agents.push({ ...agentNamed(name), skills: { city: 1, taxes: 1 } })
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const offer = await server.talk('c1')
  await server.work(...working)
  const transfer = (to: { queue: QueueId } | { agent: AgentId }, by = ana) =>
    server.owner.desk.perform({ do: 'transfer', agent: by, to })
  const rung = async (agent: AgentId) => {
    await soon(() => {
      const call = server.call('c1')
      return call?.phase === 'ringing' && call.offer.agent === agent
    })
    const { offer: made } = await server.phase('c1', 'ringing')
    await soon(() => stage.channel(agentLegOf(made.id)) !== undefined)
    return made.id
  }
  const answeredBy = async (agent: AgentId) => {
    const answered = await rung(agent)
    stage.asterisk.answer(agentLegOf(answered))
    await server.phase('c1', 'talking')
    await soon(() => stage.hear('c1', answered))
  }
  return { stage, server, offer, transfer, answeredBy, rung }
}

void t.test('a caller sent to a queue is served there, and the sender is free', async (t) => {
  const { stage, server, offer, transfer, answeredBy } = await stageWith(t, 'ion')
  t.match(await transfer({ queue: taxes }), { ok: true })
  await soon(() => stage.channel(agentLegOf(offer)) === undefined)
  t.equal(server.agent('ana').state, 'ready')
  await answeredBy(ion)
  t.match(server.call('c1'), {
    queue: taxes,
    transfer: { state: 'taken', by: ana },
    legs: [{ agent: ana }, { agent: ion, until: null }],
  })
  t.equal(stage.channel('c1')?.music, false)
  t.match(await transfer({ queue: taxes }), { refusal: 'not in a call' }, 'twice')
})

void t.test('a held caller hears music on the way, and no silence', async (t) => {
  const { stage, server, transfer, answeredBy } = await stageWith(t, 'ion')
  await server.owner.desk.perform({ do: 'hold', agent: ana })
  await server.phase('c1', 'held')
  t.match(await transfer({ agent: ion }), { ok: true })
  await soon(() => stage.channel('c1')?.music === true)
  await answeredBy(ion)
})

void t.test('a colleague who declines: the caller is back with the sender', async (t) => {
  const { stage, server, transfer, answeredBy, rung } = await stageWith(t, 'ion', 'eva')
  await transfer({ agent: ion })
  stage.asterisk.hangUp(agentLegOf(await rung(ion)), 'declined')
  await answeredBy(ana)
  t.match(server.call('c1'), { transfer: { state: 'failed' }, queue: 'city' })
})

void t.test(
  'the sender has taken another caller: the next free colleague gets the one who comes back',
  async (t) => {
    const { stage, server, transfer, rung } = await stageWith(t, 'ion')
    await transfer({ agent: ion })
    const offer = await rung(ion)
    stage.asterisk.arrive('c2')
    await server.talk('c2')
    stage.asterisk.hangUp(agentLegOf(offer), 'declined')
    t.match(await server.phase('c1', 'waiting'), { reservedFor: { agent: ana } })
    await server.work('eva')
    stage.aheadMs += bounds.reservedMs
    stage.second()
    await rung(AgentId('eva'))
  },
)

void t.test('a server that dies on the way loses nobody', async (t) => {
  const { stage, server, transfer, rung } = await stageWith(t, 'ion')
  await transfer({ agent: ion })
  const offer = await rung(ion)
  await server.kill()
  await stage.leaseLapses()
  const second = await stage.server('two').start()
  await soon(() => second.call('c1')?.phase === 'ringing')
  stage.asterisk.answer(agentLegOf(offer))
  t.match(await second.phase('c1', 'talking'), { transfer: { state: 'taken', by: ana } })
})

void t.test('a transfer to where nobody would take the caller is refused, and nothing changes', async (t) => {
  const { stage, server, transfer } = await stageWith(t)
  for (const [to, refusal] of [
    [{ agent: ana }, 'a transfer to oneself'],
    [{ agent: AgentId('nobody') }, 'unknown agent'],
    [{ agent: ion }, 'colleague not free'],
    [{ queue: QueueId('nowhere') }, 'unknown queue'],
    [{ queue: taxes }, 'queue not served'],
    [{ queue: QueueId('city') }, 'queue not served'],
  ] as const) {
    t.match(await transfer(to), { refusal }, JSON.stringify(to))
  }
  await server.work('ion')
  await server.owner.desk.perform({ do: 'pause', agent: ion, reason: 'meal' })
  t.match(await transfer({ agent: ion }), { refusal: 'colleague not free' }, 'paused')
  t.match(await transfer({ queue: taxes }), { refusal: 'queue not served' }, 'paused')
  t.match(await transfer({ agent: ana }, ion), { refusal: 'not in a call' })
  t.equal(server.call('c1')?.phase, 'talking')
  stage.asterisk.hangUp('c1' as never)
  await server.over('c1')
  t.match(await transfer({ queue: taxes }), { refusal: 'not in a call' }, 'the caller has hung up')
})

void t.test(
  'while nobody can be rung a transfer is refused, and a reservation does not run out',
  async (t) => {
    const { stage, server, transfer, answeredBy } = await stageWith(t, 'ion')
    stage.redis.signal('SIGSTOP')
    t.teardown(() => stage.redis.signal('SIGCONT'))
    // The lease lasts two seconds.
    await soon(() => !server.owner.takesCalls(), 2_000)
    t.match(await transfer({ agent: ion }), { refusal: 'line is away' })
    t.equal(server.call('c1')?.phase, 'talking')
    stage.redis.signal('SIGCONT')
    await soon(() => server.owner.takesCalls())
    await transfer({ agent: ion })
    await answeredBy(ion)
  },
)

void t.test("the transfer key of the agent's phone does what the desk's command does", async (t) => {
  const { stage, server, offer, answeredBy } = await stageWith(t, 'ion')
  const leg = agentLegOf(offer)
  // As on the keys of a telephone: T is on 8, A on 2, X on 9, E on 3, S on 7.
  stage.asterisk.emit({ type: 'TransferAsked', channel: leg, to: '82937', other: null })
  await soon(() => stage.channel(leg) === undefined)
  const done = stage.asterisk.done.filter((effect) => 'channel' in effect && effect.channel === leg)
  t.same(
    done.map((effect) => effect.do),
    ['AnswerTransferKey', 'HangUp'],
    'the phone learns of it before its leg ends',
  )
  t.match(done[0], { isSentOn: true })
  await answeredBy(ion)
  t.match(server.call('c1'), { queue: taxes, transfer: { state: 'taken', by: ana } })
})

void t.test('what a phone cannot be connected with is refused, and nothing changes', async (t) => {
  const { stage, server, offer } = await stageWith(t)
  const leg = agentLegOf(offer)
  const refused = () => stage.did('AnswerTransferKey').length
  for (const [to, why] of [
    ['nobody', 'unknown'],
    ['0722000111', 'a number outside'],
    ['112', 'the emergency number'],
    ['ana', 'oneself'],
    ['ion', 'not at work'],
    ['taxes', 'a queue that nobody serves'],
    ['', 'nothing'],
    [null, 'another call of the phone'],
  ] as const) {
    const before = refused()
    stage.asterisk.emit({ type: 'TransferAsked', channel: leg, to, other: null })
    await soon(() => refused() > before)
    t.match(stage.did('AnswerTransferKey').at(-1), { channel: leg, isSentOn: false }, why)
    t.match(server.call('c1'), { phase: 'talking', transfer: null, offer: { id: offer } }, why)
  }
  t.ok(stage.hear('c1', offer))
  const before = refused()
  stage.asterisk.emit({ type: 'TransferAsked', channel: ChannelId('pbx1-77.1'), to: 'ion', other: null })
  stage.asterisk.emit({ type: 'TransferAsked', channel: leg, to: 'nobody', other: null })
  await soon(() => refused() > before)
  t.equal(refused(), before + 1, 'a call of the phone’s own is left alone')
})

void t.test('only who serves the caller may send them on: a consulted colleague is refused', async (t) => {
  const { stage, server, offer } = await stageWith(t, 'ion', 'eva')
  await server.owner.desk.perform({ do: 'consult', agent: ana, to: { agent: ion }, joins: false })
  await soon(() => server.call('c1')?.consult?.seat === 'ringing')
  const asked = server.call('c1')?.consult?.offer.id ?? offer
  await soon(() => stage.channel(agentLegOf(asked)) !== undefined)
  stage.asterisk.answer(agentLegOf(asked))
  await soon(() => server.call('c1')?.consult?.seat === 'side')
  stage.asterisk.emit({ type: 'TransferAsked', channel: agentLegOf(asked), to: 'eva', other: null })
  await soon(() => stage.did('AnswerTransferKey').length === 1)
  t.match(stage.did('AnswerTransferKey'), [{ channel: agentLegOf(asked), isSentOn: false }])
  t.match(server.call('c1'), { offer: { id: offer }, transfer: null, consult: { seat: 'side' } })
})

void t.test(
  'a phone that hangs up because it was refused is rung again; later it is a hang-up',
  async (t) => {
    const { stage, server, offer } = await stageWith(t)
    stage.asterisk.emit({ type: 'TransferAsked', channel: agentLegOf(offer), to: '0722000111', other: null })
    await soon(() => stage.did('AnswerTransferKey').length === 1)
    stage.asterisk.onRing = (leg) => stage.asterisk.answer(leg)
    stage.asterisk.hangUp(agentLegOf(offer))
    await soon(() => {
      const call = server.call('c1')
      return call?.phase === 'talking' && call.offer.id !== offer
    })
    const again = (await server.phase('c1', 'talking')).offer.id
    await soon(() => stage.hear('c1', again))
    stage.asterisk.emit({ type: 'TransferAsked', channel: agentLegOf(again), to: 'nobody', other: null })
    await soon(() => stage.did('AnswerTransferKey').length === 2)
    stage.sleptMs += 5_000
    stage.asterisk.hangUp(agentLegOf(again))
    await soon(() => server.call('c1') === undefined)
    // The events are read a moment after the state.
    const ended = () => stage.events.find((one) => one.subject === 'call' && one.after.phase === 'ended')
    await soon(() => ended() !== undefined)
    t.match(ended()?.event, { type: 'AgentHungUp' })
  },
)

void t.test('names are found as letters and as digits; one that is not the only one is nobody', (t) => {
  const queues = () => [newQueue(taxes, 'Taxe')]
  const found = (dialled: string, ...names: string[]) =>
    extensionOf(dialled, { agents: () => names.map((name) => agentNamed(name)), queues })
  t.equal(spelled('a.pop-2'), '27672')
  t.same(found('Ana.Pop', 'ana.pop', 'ion'), { agent: 'ana.pop' })
  t.same(found('262767', 'ana.pop', 'ion'), { agent: 'ana.pop' })
  t.same(found('82937', 'ana.pop'), { queue: 'taxes' })
  t.equal(found('262', 'ana', 'bob'), null, 'both are 262')
  t.same(found('bob', 'ana', 'bob'), { agent: 'bob' })
  t.equal(found('taxes', 'taxes'), null, 'an agent and a queue')
  for (const other of ['', '9', '+40256969', 'ana pop', 'sip:ana', 'ana@elsewhere'])
    t.equal(found(other, 'ana.pop'), null, other)
  t.end()
})
