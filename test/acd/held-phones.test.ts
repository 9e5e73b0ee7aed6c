import t, { type Test } from 'tap'
import { agentLegOf, AgentId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage, type Server } from './stage.ts'

const ana = AgentId('ana')
const redis = await testRedis(t)

/** A process that was suspended acts once it has its lease again. */
const leaseIsRenewed = (server: Server) => soon(() => !server.owner.missing().includes('lease'))

/** A server with Ana's desk phone in a conversation. */
async function conversation(t: Test) {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  stage.asterisk.register('ana', 'desk')
  await soon(() => server.agentOrNull('ana')?.phones.desk === true)
  await server.owner.desk.perform({ do: 'signIn', agent: ana })
  await server.owner.desk.perform({ do: 'ready', agent: ana })
  stage.asterisk.arrive('c1')
  const offer = await server.talk('c1')
  const leg = agentLegOf(offer)
  const holdKey = (held: boolean) => stage.asterisk.emit({ type: 'LegHeld', channel: leg, held })
  return { stage, server, leg, holdKey }
}

void t.test('when a phone dies while its hold key is on, the caller is first in the queue', async (t) => {
  const { stage, server, leg, holdKey } = await conversation(t)
  holdKey(true)
  await server.phase('c1', 'held')
  stage.asterisk.register('ana', 'desk', false)
  await soon(() => !server.agent('ana').phones.desk)
  stage.second()
  t.equal(server.call('c1')?.phase, 'held', 'it may be a hiccup')
  stage.sleptMs += 15_000
  await leaseIsRenewed(server)
  stage.second()
  await server.phase('c1', 'reconnecting')
  // Events follow the commit a moment later.
  const lost = () => stage.events.findLast(({ event }) => event.type === 'AgentLegLost')
  await soon(() => lost() !== undefined)
  t.match(lost()?.event, { cause: 'phone gone' })
  await soon(() => stage.channel(leg) === undefined)
  stage.aheadMs += 11_000
  stage.second()
  await server.work('ion')
  t.equal((await server.phase('c1', 'ringing')).offer.agent, 'ion')
})

void t.test('a phone that registers anew while its hold key was on is rung again', async (t) => {
  const { stage, server, leg, holdKey } = await conversation(t)
  // Held at the desk first: the key pressed after that allows silence all the same.
  await server.owner.desk.perform({ do: 'hold', agent: ana })
  holdKey(true)
  stage.asterisk.register('ana', 'desk', false)
  stage.asterisk.register('ana', 'desk', true)
  await soon(() => stage.events.filter(({ event }) => event.type === 'PhonesChanged').length >= 3)
  stage.second()
  await soon(() => stage.did('RingAgent').length === 2)
  t.match(stage.did('RingAgent').at(-1), { device: 'desk', autoAnswer: true })
  await soon(() => stage.channel(leg) === undefined)
})

void t.test(
  'held at the desk, or talking: missing audio tells, and a phone that is not reached does not',
  async (t) => {
    const { stage, server, leg, holdKey } = await conversation(t)
    await server.owner.desk.perform({ do: 'hold', agent: ana })
    stage.asterisk.register('ana', 'desk', false)
    await soon(() => !server.agent('ana').phones.desk)
    stage.second()
    stage.sleptMs += 16_000
    await leaseIsRenewed(server)
    stage.second()
    t.equal(server.call('c1')?.phase, 'held')
    holdKey(true)
    holdKey(false)
    await server.phase('c1', 'talking')
    stage.sleptMs += 16_000
    await leaseIsRenewed(server)
    stage.second()
    t.equal(server.call('c1')?.phase, 'talking')
    t.ok(stage.channel(leg))
  },
)
