import t from 'tap'
import { AgentId, CallId, ChannelId } from '../../src/core/ids.ts'
import { redisAcdFeed } from '../../src/redis/feed.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { soon } from '../support/until.ts'
import { Stage, type Server } from './stage.ts'

const ana = AgentId('ana')
/** A lease lasts two seconds. */
const leaseMs = 2_000
/** A Redis that was away is used once a process has started, a connection is made and the lease is renewed. */
const backMs = 3_000

/** Redis holds the same state as the owner's memory. */
async function agrees(stage: Stage, server: Server, calls: readonly string[]): Promise<boolean> {
  const redis = await readyRedis(stage.redis)
  const snapshot = await redisAcdFeed(redis, () => stage.redis.connect({}), stage.keys).snapshot()
  redis.disconnect()
  const ids = snapshot.calls.map(({ id }) => id as string).sort()
  return (
    JSON.stringify(ids) === JSON.stringify([...calls].sort()) &&
    snapshot.calls.every((call) => JSON.stringify(call) === JSON.stringify(server.call(call.id)))
  )
}

void t.test(
  'Redis dies and comes back empty: talking and ending go on, the line is written back',
  async (t) => {
    const redis = await testRedis(t)
    const stage = new Stage(t, redis, ['ana', 'ion'])
    const server = await stage.server().start()
    await server.work('ana', 'ion')
    stage.asterisk.arrive('c1')
    const offer = await server.talk('c1')
    stage.asterisk.arrive('c2')
    await server.talk('c2')
    stage.asterisk.arrive('c3')
    await server.phase('c3', 'waiting')

    await redis.kill()
    await soon(() => !server.owner.takesCalls())
    t.ok(server.owner.missing().includes('redis'))
    t.ok(stage.hear('c1', offer), 'talking goes on')
    stage.asterisk.hangUp(ChannelId('c2'))
    await server.over('c2')
    await soon(() => stage.recorded.includes('c2'))
    const rung = stage.did('RingAgent').length
    t.equal(server.agent('ion').state, 'ready')
    stage.asterisk.arrive('c4')
    await server.phase('c4', 'waiting')
    t.equal(stage.did('RingAgent').length, rung, 'no call is offered meanwhile')
    t.match(
      await server.owner.desk.perform({ do: 'pause', agent: ana, reason: 'meal' }),
      { ok: true },
      'the desk goes on in memory',
    )

    const back = Date.now()
    await redis.start()
    await soon(() => server.owner.takesCalls(), backMs)
    t.comment(`running again after ${Date.now() - back} ms`)
    await server.phase('c3', 'ringing')
    await soon(() => agrees(stage, server, ['c1', 'c3', 'c4']))
    await server.owner.desk.perform({ do: 'hangUp', agent: ana })
    t.match(server.agent('ana'), { state: 'paused', reason: 'meal' })
    const numbers = stage.events.filter(({ id }) => id === 'c2').map(({ seq }) => seq)
    t.same(
      numbers,
      Array.from(numbers, (_, index) => index + 1),
    )
    t.same(stage.losses, [])
  },
)

void t.test('the ACD recovers when Redis hangs and goes on without a reconnect', async (t) => {
  const redis = await testRedis(t)
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  redis.signal('SIGSTOP')
  stage.asterisk.arrive('c1')
  await soon(() => server.owner.missing().includes('redis'))
  redis.signal('SIGCONT')
  await soon(() => server.owner.takesCalls(), backMs)
  await server.talk('c1')
  await soon(() => agrees(stage, server, ['c1']))
  t.same(stage.losses, [])
})

void t.test(
  'the owner goes on when Redis hangs for longer than the lease and no other node took it',
  async (t) => {
    const redis = await testRedis(t)
    const stage = new Stage(t, redis, ['ana'])
    const server = await stage.server().start()
    await server.work('ana')
    stage.asterisk.arrive('c1')
    const offer = await server.talk('c1')
    const hungAt = Date.now()
    redis.signal('SIGSTOP')
    await soon(() => server.owner.missing().includes('lease'), leaseMs)
    // Redis expires the lease only once it goes on.
    await soon(() => Date.now() - hungAt > leaseMs + 200, leaseMs)
    // A commit may reach Redis before the renewal of the lease.
    redis.signal('SIGCONT')
    await server.owner.desk.perform({ do: 'mute', agent: ana, muted: true })
    await soon(() => !server.owner.missing().includes('lease'), backMs)
    // The fallback's callers, if any, are taken back with the next second.
    await stage.seconds(() => server.owner.takesCalls())
    t.same(stage.losses, [])
    t.ok(stage.hear('c1', offer))
    await soon(() => agrees(stage, server, ['c1']))
  },
)

void t.test('a state in Redis that is older than memory is overwritten', async (t) => {
  const redis = await testRedis(t)
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  await server.work('ana')
  stage.asterisk.arrive('c1')
  await server.phase('c1', 'ringing')
  const inspect = await readyRedis(redis)
  await inspect.hset(stage.keys.versions, 'call:c1', 1)
  await server.talk('c1')
  await soon(() => agrees(stage, server, ['c1']))
  t.ok(stage.alarms.includes('state was stale'))
  await soon(() => server.owner.takesCalls())
})

void t.test('when server and Redis both die, the callers in Asterisk are served again', async (t) => {
  const redis = await testRedis(t)
  const stage = new Stage(t, redis, ['ana'])
  const first = await stage.server().start()
  await first.work('ana')
  stage.asterisk.arrive('talks')
  const offer = await first.talk('talks')
  const older = Date.now() - 30_000
  stage.asterisk.arrive('waits', { arrivedAt: older })
  await first.phase('waits', 'waiting')
  await first.kill()
  await redis.kill()
  await redis.start()
  const second = await stage.server().start()
  const ids = ['talks', 'waits'].map((id) => second.call(id)?.phase)
  t.same(ids, ['waiting', 'waiting'], 'the agent is not known; no caller is lost')
  t.equal(second.call('waits')?.queuedAt, older, 'waiting since the arrival')
  await soon(() => !stage.hear('talks', offer))
})

void t.test('event numbers continue from the ledger when Redis has lost them', async (t) => {
  const redis = await testRedis(t)
  const stage = new Stage(t, redis, ['ana'])
  const first = await stage.server().start()
  await first.work('ana')
  stage.asterisk.arrive('c1')
  await first.phase('c1', 'ringing')
  await first.kill()
  const last = (subject: string) =>
    Math.max(...stage.events.filter(({ id }) => id === subject).map(({ seq }) => seq))
  const record = { ana: last('ana'), c1: last('c1') }
  await redis.kill()
  await redis.start()

  stage.told = {
    agents: new Map([[ana, record.ana]]),
    calls: new Map([[CallId('c1'), record.c1]]),
  }
  const told = stage.events.length
  const second = await stage.server().start()
  await second.work('ana')
  stage.asterisk.arrive('c2')
  await second.talk('c1')
  await soon(() => second.owner.takesCalls())
  const numbers = (subject: string) =>
    stage.events.slice(told).flatMap(({ id, seq }) => (id === subject ? [seq] : []))
  for (const subject of ['ana', 'c1'] as const) {
    t.ok(numbers(subject).length > 1, subject)
    t.same(
      numbers(subject),
      Array.from(numbers(subject), (_, index) => record[subject] + 1 + index),
    )
  }
  t.equal(numbers('c2')[0], 1)
  await soon(() => agrees(stage, second, ['c1', 'c2']))
  t.notOk(stage.alarms.includes('state was stale'), 'Redis takes the numbers as they are')
})

void t.test('callers who went to the fallback during a long Redis outage come back', async (t) => {
  const redis = await testRedis(t)
  const stage = new Stage(t, redis, ['ana'])
  const server = await stage.server().start()
  stage.asterisk.arrive('waits')
  await server.phase('waits', 'waiting')
  await redis.kill()
  // Without a heartbeat for three seconds.
  await soon(() => server.owner.missing().includes('reconciliation'), 4_000)
  stage.asterisk.rescue('waits')
  stage.asterisk.arrive('newcomer', {}, false)
  await redis.start()
  await soon(() => server.owner.missing().join() === 'reconciliation', backMs)
  await stage.seconds(() => server.owner.takesCalls())
  await server.phase('newcomer', 'waiting')
  t.equal(stage.channel('waits')?.here, true)
  await server.work('ana')
  t.match(await server.phase('waits', 'ringing'), { id: 'waits' }, 'in the order in which they came')
})

void t.test('during a long Redis outage a held caller stays with the agent and can be resumed', async (t) => {
  const redis = await testRedis(t)
  const stage = new Stage(t, redis, ['ana', 'ion'])
  const server = await stage.server().start()
  await server.work('ana', 'ion')
  stage.asterisk.arrive('early')
  const early = await server.talk('early')
  const holder = (await server.phase('early', 'talking')).offer.agent
  stage.asterisk.arrive('later')
  const later = await server.talk('later')
  const other = (await server.phase('later', 'talking')).offer.agent
  stage.asterisk.arrive('waits')
  await server.phase('waits', 'waiting')
  await server.owner.desk.perform({ do: 'hold', agent: holder })

  await redis.kill()
  await soon(() => !server.owner.takesCalls())
  const signs = stage.asterisk.signsOfLife
  stage.second()
  await soon(() => stage.asterisk.signsOfLife > signs)
  stage.asterisk.rescueAll(true)
  t.match(await server.owner.desk.perform({ do: 'hold', agent: other }), { ok: true })
  await server.phase('later', 'held')
  stage.asterisk.rescueAll(true)
  await soon(() => stage.channel('waits')?.here === false)
  for (const id of ['early', 'later']) t.match(stage.channel(id), { here: true, music: true }, id)
  t.match(await server.owner.desk.perform({ do: 'resume', agent: holder }), { ok: true })
  t.match(await server.owner.desk.perform({ do: 'resume', agent: other }), { ok: true })
  await soon(() => stage.hear('early', early) && stage.hear('later', later))
  await redis.start()
  await soon(() => !server.owner.missing().some((what) => what !== 'reconciliation'), backMs)
  await stage.seconds(() => server.owner.takesCalls())
  const { signsOfLife, beats } = stage.asterisk
  await stage.seconds(() => stage.asterisk.beats > beats + 1)
  t.equal(stage.asterisk.signsOfLife, signsOfLife, 'the beat says it all again')
})
