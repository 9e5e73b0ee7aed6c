/** People whose account is closed while they work, or whose skills change. */
import t from 'tap'
import { ChannelId } from '../../src/core/ids.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { agentNamed, Stage } from './stage.ts'

const redis = await testRedis(t)

t.test(
  'accounts closed while ringing, talking and ready: the calls go on, the agents are signed out',
  async (t) => {
    const stage = new Stage(t, redis, ['ana', 'ion', 'eva'])
    const server = await stage.server().start()
    await server.work('ana')
    stage.asterisk.arrive('c1')
    await server.talk('c1')
    await server.work('ion')
    stage.asterisk.arrive('c2')
    await server.phase('c2', 'ringing')
    await server.work('eva')

    stage.dismiss('ana', 'ion')
    await soon(() => server.agent('ion').state === 'signed out')
    await soon(() => server.agent('eva').state === 'offered')
    t.match(await server.phase('c2', 'ringing'), { offer: { agent: 'eva' } }, 'it rings at another’s phone')
    t.equal(server.call('c1')?.phase, 'talking', 'the conversation goes on')
    stage.asterisk.hangUp(ChannelId('c1'))
    await soon(() => server.agent('ana').state === 'signed out')
    stage.asterisk.hangUp(ChannelId('c2'))
    await server.over('c2')
    stage.dismiss('eva')
    await soon(() => server.agent('eva').state === 'signed out')
    t.same(stage.alarms, [])
  },
)

void t.test('an account closed while the server was down is signed out', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const first = await stage.server().start()
  await first.work('ana', 'ion')
  await first.kill()
  stage.dismiss('ana')
  await stage.leaseLapses()
  const second = await stage.server('two').start()
  await soon(() => second.agent('ana').state === 'signed out')
  t.equal(second.agent('ion').state, 'ready', 'the others go on')
})

void t.test('an agent who gets a queue’s skill is rung at once for a caller who waits in it', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  stage.agents.push({ ...agentNamed('ion'), skills: {} })
  const server = await stage.server().start()
  await server.work('ion')
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
  stage.agents.splice(1, 1, agentNamed('ion'))
  stage.reconfigure(...stage.queues)
  t.match(server.call('c1'), { phase: 'ringing', offer: { agent: 'ion' } })
})
