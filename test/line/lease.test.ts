import t from 'tap'
import { systemClock } from '../../src/clock.ts'
import { redisLease } from '../../src/line/lease.ts'
import type { LineKeys } from '../../src/line/keys.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'

const redis = await testRedis(t)

async function aLease(keys: LineKeys, node: string) {
  const connection = await readyRedis(redis)
  const time = { aheadMs: 0 }
  const lease = redisLease(connection, keys, node, {
    ...systemClock,
    monotonic: () => performance.now() + time.aheadMs,
  })
  t.teardown(() => lease.release())
  return { lease, connection, time }
}

void t.test('one holds it, the other waits; each holder’s fence is greater', async (t) => {
  const keys = redis.keys()
  const one = await aLease(keys, 'one')
  const two = await aLease(keys, 'two')
  t.equal(one.lease.token(), '')
  t.equal(one.lease.held(), false)
  const first = await one.lease.acquire()
  t.equal(one.lease.held(), true)
  t.match(one.lease.token(), /^one:\d+$/)
  const waiting = two.lease.acquire()
  await until(async () => (await one.connection.pttl(keys.lease)) < 2_600)
  t.equal(two.lease.held(), false)
  await one.lease.release()
  t.equal(one.lease.held(), false)
  const second = await waiting
  t.ok(second.fence > first.fence)
  await one.lease.release()
  t.equal(two.lease.held(), true, 'a release that comes late takes nothing from the next')
  t.match(await one.connection.get(keys.lease), /^two:/)
})

void t.test('it is renewed, and surely held only as long as the monotonic clock says', async (t) => {
  const keys = redis.keys()
  const { lease, connection, time } = await aLease(keys, 'one')
  await lease.acquire()
  const token = lease.token()
  await until(async () => (await connection.pttl(keys.lease)) < 2_200)
  await until(async () => (await connection.pttl(keys.lease)) > 2_900)
  t.equal(lease.token(), token, 'the same holder keeps his fence')
  time.aheadMs = 2_600
  t.equal(lease.held(), false, 'before Redis lets it go')
})

void t.test('a lease that another took is lost, told once', async (t) => {
  const keys = redis.keys()
  const { lease, connection } = await aLease(keys, 'one')
  let lost = 0
  lease.onLost(() => (lost += 1))
  await lease.acquire()
  await connection.set(keys.lease, 'two:1')
  await until(() => lost > 0)
  t.equal(lost, 1)
  t.equal(lease.held(), false)
  t.equal(lease.token(), '')
})

void t.test('a node that starts anew takes its own old lease at once, with a new fence', async (t) => {
  const keys = redis.keys()
  const before = await aLease(keys, 'one')
  const { fence } = await before.lease.acquire()
  const after = await aLease(keys, 'one')
  t.ok((await after.lease.acquire()).fence > fence)
})

void t.test('Redis that comes back empty is told again who holds it', async (t) => {
  const own = await testRedis(t)
  const keys = own.keys()
  const connection = await readyRedis(own)
  const lease = redisLease(connection, keys, 'one', systemClock)
  t.teardown(() => lease.release())
  let lost = 0
  lease.onLost(() => (lost += 1))
  await lease.acquire()
  const token = lease.token()
  await own.kill()
  await until(() => !lease.held())
  await own.start()
  await until(() => lease.held())
  t.equal(lease.token(), token)
  t.equal(lost, 0)
})
