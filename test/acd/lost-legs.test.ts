/** Conversations whose agent's leg was lost: when the same agent is rung again. */
import t from 'tap'
import { agentLegOf, AgentId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')

void t.test('an agent who was rung again in vain is rung at the phone that they choose then', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.register('ana', 'desk')
  await soon(() => server.agent('ana').phones.desk)
  stage.asterisk.arrive('c1')
  const lost = await server.talk('c1')
  const rings = () => stage.did('RingAgent')
  stage.asterisk.onRing = (leg) => void stage.asterisk.hangUp(leg, 'no answer')
  stage.asterisk.hangUp(agentLegOf(lost), 'no audio')
  await soon(() => rings().length === 2)
  t.match(rings()[1], { device: 'web' }, 'the phone of the conversation first')
  await soon(() => {
    const call = server.call('c1')
    return call?.phase === 'reconnecting' && !call.invited
  })
  stage.second()
  t.match(server.call('c1'), { phase: 'reconnecting', invited: false }, 'the same phone is not rung again')
  t.equal(rings().length, 2)
  stage.asterisk.onRing = (leg) => stage.asterisk.answer(leg)
  await server.owner.desk.perform({ do: 'chooseDevice', agent: ana, device: 'desk' })
  await server.phase('c1', 'talking')
  t.match(rings()[2], { device: 'desk', autoAnswer: true })
})

void t.test('a phone that never rings is not rung again for its caller before it answers', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  const lost = await server.talk('c1')
  stage.asterisk.unrungMs = 50
  stage.asterisk.deafen('ana', 'web')
  stage.asterisk.hangUp(agentLegOf(lost), 'no audio')
  await soon(() => !server.agent('ana').phones.web)
  stage.second()
  t.match(server.call('c1'), { phase: 'reconnecting', invited: false })
  t.equal(stage.did('RingAgent').length, 2)
  stage.asterisk.onRing = (leg) => stage.asterisk.answer(leg)
  stage.asterisk.register('ana', 'web')
  await server.phase('c1', 'talking')
  t.match(server.agent('ana'), { state: 'talking', missed: 0 })
})

void t.test(
  'a phone that registers anew is rung again at once for the caller who waits for it',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    const server = await stage.server().start()
    await server.work('ana')
    stage.asterisk.arrive('c1')
    const lost = await server.talk('c1')
    stage.asterisk.onRing = (leg) => void stage.asterisk.hangUp(leg, 'no answer')
    stage.asterisk.hangUp(agentLegOf(lost), 'no audio')
    await soon(() => {
      const call = server.call('c1')
      return stage.did('RingAgent').length === 2 && call?.phase === 'reconnecting' && !call.invited
    })
    stage.asterisk.onRing = (leg) => stage.asterisk.answer(leg)
    // It was reachable before as well: nothing about the agent changes.
    stage.asterisk.register('ana', 'web')
    await server.phase('c1', 'talking')
  },
)
