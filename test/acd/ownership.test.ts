/** Which node may command Asterisk while ownership is in doubt. */
import t from 'tap'
import { AgentId, agentLegOf, ChannelId } from '../../src/core/ids.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage } from './stage.ts'

const redis = await testRedis(t)
const ana = AgentId('ana')
/** How long a lease lasts. */
const leaseMs = 2_000

void t.test('a node that was suspended for longer than its lease checks it before it acts', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  await server.talk('c1')
  const done = stage.asterisk.done.length
  stage.sleptMs += 5_000
  t.match(await server.owner.desk.perform({ do: 'hangUp', agent: ana }), {
    ok: false,
    refusal: 'line is away',
  })
  t.notOk(server.owner.takesCalls())
  t.equal(stage.asterisk.done.length, done)
  await soon(() => !server.owner.missing().includes('lease'))
  stage.second()
  await soon(() => server.owner.takesCalls())
  t.match(
    await server.owner.desk.perform({ do: 'hangUp', agent: ana }),
    { ok: true },
    'no other node had taken over: it goes on',
  )
  await server.over('c1')
})

void t.test(
  'another came and went while it slept: it does nothing, and tells the ledger nothing',
  async (t) => {
    const stage = new Stage(t, redis, ['ana'])
    const server = await stage.server('one').start()
    await server.work('ana')
    stage.asterisk.arrive('c1')
    await server.talk('c1')
    const inspect = await readyRedis(redis)
    const versions = await inspect.hgetall(stage.keys.versions)
    const told = stage.events.length
    await inspect.multi().del(stage.keys.lease).set(stage.keys.lastLease, 'two:9999999999999999').exec()
    const done = stage.asterisk.done.length
    stage.sleptMs += 5_000
    stage.asterisk.hangUp(ChannelId('c1'))
    await soon(() => stage.losses.length > 0)
    await server.owner.stop()
    t.equal(stage.asterisk.done.length, done)
    t.same(await inspect.hgetall(stage.keys.versions), versions)
    const withdrawn = new Set(stage.withdrawn)
    t.same(
      stage.events.slice(told).filter((event) => !withdrawn.has(event)),
      [],
    )
    t.equal(await inspect.get(stage.keys.lease), null, 'the old token is not set again')
  },
)

void t.test(
  'without Redis, calls are torn down only while Asterisk confirms that the application is ours',
  async (t) => {
    const redis = await testRedis(t)
    const stage = new Stage(t, redis, ['ana', 'ion'])
    const server = await stage.server().start()
    await server.work('ana', 'ion')
    stage.asterisk.arrive('c1')
    const first = await server.talk('c1')
    stage.asterisk.arrive('c2')
    const second = await server.talk('c2')
    await redis.kill()
    await soon(() => server.owner.missing().includes('lease'), leaseMs)
    stage.asterisk.hangUp(ChannelId('c1'))
    await soon(() => !stage.asterisk.channels.has(agentLegOf(first)))
    t.pass('the agent’s leg goes with the caller')
    server.pbx.isOurs = () => false
    stage.asterisk.hangUp(ChannelId('c2'))
    await server.over('c2')
    t.ok(stage.asterisk.channels.has(agentLegOf(second)), 'in doubt nothing is sent')
    await redis.start()
    await soon(() => !server.owner.missing().includes('lease'), leaseMs)
    stage.second()
    await soon(() => !stage.asterisk.channels.has(agentLegOf(second)))
    t.pass('and it is done once the lease is surely ours')
  },
)

void t.test('an owner that cannot reach Asterisk yields to a node that can, and only then', async (t) => {
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server('one').start()
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'waiting')
  stage.asterisk.disconnect()
  const inspect = await readyRedis(redis)
  let looks = 0
  server.pbx.isOurs = () => {
    looks += 1
    return false
  }
  // Five looks a second; Asterisk may be out of reach for 700 ms.
  await soon(() => looks > 5, 2_000)
  t.same(stage.losses, [], 'there is no standby')
  const other = stage.server('two')
  const starting = other.start()
  await soon(() => stage.losses.length > 0, 2_000)
  t.match(stage.losses, ['another node reaches the pbx, and this one does not'])
  await server.owner.stop()
  await starting
  t.match(await inspect.get(stage.keys.lease), /^two:/)
  t.equal(other.call('c1')?.phase, 'waiting')
})
