/** Transfers through the desk, the owner and Asterisk: to a queue, to a colleague, and back. */
import t, { type Test } from 'tap'
import { agentLegOf, AgentId, QueueId } from '../../src/core/ids.ts'
import { newQueue } from '../../src/core/queue.ts'
import { bounds } from '../../src/core/rules.ts'
import { testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
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
    await until(() => {
      const call = server.call('c1')
      return call?.phase === 'ringing' && call.offer.agent === agent
    })
    const { offer: made } = await server.phase('c1', 'ringing')
    await until(() => stage.channel(agentLegOf(made.id)) !== undefined)
    return made.id
  }
  const answeredBy = async (agent: AgentId) => {
    const answered = await rung(agent)
    stage.asterisk.answer(agentLegOf(answered))
    await server.phase('c1', 'talking')
    await until(() => stage.hear('c1', answered))
  }
  return { stage, server, offer, transfer, answeredBy, rung }
}

void t.test('a caller sent to a queue is served there, and the sender is free', async (t) => {
  const { stage, server, offer, transfer, answeredBy } = await stageWith(t, 'ion')
  t.match(await transfer({ queue: taxes }), { ok: true })
  await until(() => stage.channel(agentLegOf(offer)) === undefined)
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
  await until(() => stage.channel('c1')?.music === true)
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
  await until(() => second.call('c1')?.phase === 'ringing')
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
    await until(() => !server.owner.takesCalls(), 20_000)
    t.match(await transfer({ agent: ion }), { refusal: 'line is away' })
    t.equal(server.call('c1')?.phase, 'talking')
    stage.redis.signal('SIGCONT')
    await until(() => server.owner.takesCalls(), 20_000)
    await transfer({ agent: ion })
    await answeredBy(ion)
  },
)
