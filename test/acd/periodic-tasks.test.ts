/** What the owner does each second. */
import t from 'tap'
import { AgentId } from '../../src/core/ids.ts'
import { PbxUnavailable } from '../../src/acd/ports.ts'
import { testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')

void t.test('the agents at work are members of the fallback queue', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.second()
  await soon(() => stage.asterisk.members.length === 1)
  t.same(stage.asterisk.members, [{ username: 'ana', device: 'web' }])
  await server.owner.desk.perform({ do: 'pause', agent: ana, reason: 'meal' })
  stage.second()
  await soon(() => stage.asterisk.members.length === 0)
  t.ok(stage.asterisk.beats > 0)
})

void t.test('the members of the fallback queue are updated one list after the other', async (t) => {
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  const tell = server.pbx.setFallbackMembers.bind(server.pbx)
  const slow = Promise.withResolvers<undefined>()
  let told = 0
  server.pbx.setFallbackMembers = async (members) => {
    told += 1
    if (told === 1) await slow.promise
    return tell(members)
  }
  await server.work('ana')
  stage.second()
  await soon(() => told === 1)
  await server.work('ion')
  const { beats } = stage.asterisk
  stage.second()
  await soon(() => stage.asterisk.beats > beats)
  t.equal(told, 1)
  slow.resolve(undefined)
  await soon(() => stage.asterisk.members.length === 1)
  stage.second()
  await soon(() => stage.asterisk.members.length === 2)
})

void t.test('a change of people that Asterisk did not take is repeated', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  const apply = server.pbx.applyDirectory.bind(server.pbx)
  let tried = 0
  server.pbx.applyDirectory = (...directory) => {
    tried += 1
    return tried === 1 ? Promise.reject(new PbxUnavailable('no answer')) : apply(...directory)
  }
  stage.hire('ion')
  await stage.seconds(() => tried === 2)
  const { beats } = stage.asterisk
  stage.second()
  await soon(() => stage.asterisk.beats > beats)
  t.equal(tried, 2, 'and no more once it was')
})
