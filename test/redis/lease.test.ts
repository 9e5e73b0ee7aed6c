import t from 'tap'
import { systemClock } from '../../src/clock.ts'
import { releaseLease } from '../../src/redis/release-lease.ts'
import { redisLease } from '../../src/redis/lease.ts'
import type { AcdKeys } from '../../src/redis/keys.ts'
import { readyRedis, testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'
import { replies } from './samples.ts'

const redis = await testRedis(t)

async function aLease(keys: AcdKeys, node: string) {
  const connection = await readyRedis(redis)
  const time = { aheadMs: 0, able: true }
  const clock = { ...systemClock, monotonic: () => performance.now() + time.aheadMs }
  const lease = redisLease(connection, keys, { node, clock, able: () => time.able })
  t.teardown(() => lease.release())
  return { lease, connection, time }
}

void t.test('one node holds the lease, the other waits; each holder’s fence is greater', async (t) => {
  const keys = redis.keys()
  const one = await aLease(keys, 'one')
  const two = await aLease(keys, 'two')
  t.equal(one.lease.token(), '')
  t.equal(one.lease.held(), false)
  const first = await one.lease.acquire()
  t.equal(one.lease.held(), true)
  t.match(one.lease.token(), /^one:\d+$/)
  const waiting = two.lease.acquire()
  await until(async () => (await one.connection.pttl(keys.lease)) < 1_900)
  t.equal(two.lease.held(), false)
  await one.lease.release()
  t.equal(one.lease.held(), false)
  const second = await waiting
  t.ok(second.fence > first.fence)
  await one.lease.release()
  t.equal(two.lease.held(), true, 'a late release takes nothing from the next holder')
  t.match(await one.connection.get(keys.lease), /^two:/)
})

void t.test(
  'the lease is renewed, and counts as held only while the monotonic clock proves it',
  async (t) => {
    const keys = redis.keys()
    const { lease, connection, time } = await aLease(keys, 'one')
    await lease.acquire()
    const token = lease.token()
    await until(async () => (await connection.pttl(keys.lease)) < 1_700)
    await until(async () => (await connection.pttl(keys.lease)) > 1_900)
    t.equal(lease.token(), token, 'the same holder keeps its fence')
    time.aheadMs = 1_700
    t.equal(lease.held(), false, 'before the expiry in Redis')
  },
)

void t.test('a lease taken by another node is lost, which is reported once', async (t) => {
  const keys = redis.keys()
  const { lease, connection } = await aLease(keys, 'one')
  let lost = 0
  lease.onLost(() => (lost += 1))
  await lease.acquire()
  await connection.set(keys.lease, 'two:9999999999999999')
  await until(() => lost > 0)
  t.equal(lost, 1)
  t.equal(lease.held(), false)
  t.equal(lease.token(), '')
})

void t.test('the next holder learns until when the one before saw all calls', async (t) => {
  const keys = redis.keys()
  const one = await aLease(keys, 'one')
  t.equal((await one.lease.acquire()).lastSeenAt, null)
  let sees = true
  one.lease.recordSeen(() => (sees ? Date.now() : null))
  await until(async () => (await one.connection.get(keys.lastSeen)) !== null)
  sees = false
  const atLeast = Number(await one.connection.get(keys.lastSeen))
  await until(async () => (await one.connection.pttl(keys.lease)) < 1_700)
  await until(async () => (await one.connection.pttl(keys.lease)) > 1_900)
  await one.lease.release()
  const releasedAt = Date.now()
  const { lastSeenAt } = await (await aLease(keys, 'two')).lease.acquire()
  t.ok(
    lastSeenAt !== null && lastSeenAt >= atLeast && lastSeenAt < releasedAt - 200,
    'not by a renewal that saw nothing',
  )
})

void t.test('a restarted node takes its own old lease at once, with a new fence', async (t) => {
  const keys = redis.keys()
  const before = await aLease(keys, 'one')
  const { fence } = await before.lease.acquire()
  const after = await aLease(keys, 'one')
  t.ok((await after.lease.acquire()).fence > fence)
})

void t.test('the lease of a dead node is released for it, and a waiting node has it at once', async (t) => {
  const keys = redis.keys()
  const dead = await aLease(keys, 'one')
  const { fence } = await dead.lease.acquire()
  const next = await aLease(keys, 'two')
  const waiting = next.lease.acquire()
  await until(() => next.lease.holder() === 'one')
  t.equal(
    await releaseLease(redis.url, keys, 'on'),
    false,
    'not the lease of a node whose name only begins alike',
  )
  t.match(await dead.connection.get(keys.lease), /^one:/)
  // It renews no more, and its lease never expires.
  dead.connection.disconnect()
  await next.connection.persist(keys.lease)
  t.equal(await releaseLease(redis.url, keys, 'one'), true)
  t.ok((await waiting).fence > fence)
  t.equal(await releaseLease(redis.url, keys, 'one'), false, 'not the lease of the next holder')
  t.equal(next.lease.held(), true)
})

void t.test('without an answer from Redis nothing is released, and the release rejects', async (t) => {
  const gone = await testRedis(t)
  await gone.kill()
  await t.rejects(releaseLease(gone.url, gone.keys(), 'one'))
  const hung = await testRedis(t)
  hung.signal('SIGSTOP')
  await t.rejects(releaseLease(hung.url, hung.keys(), 'one'))
  hung.signal('SIGCONT')
})

void t.test('a suspended node does not set its lease again after another held and released it', async (t) => {
  const keys = redis.keys()
  const { lease, connection } = await aLease(keys, 'one')
  let lost = 0
  lease.onLost(() => (lost += 1))
  await lease.acquire()
  await connection.multi().del(keys.lease).set(keys.lastLease, ':9999999999999999').exec()
  await until(() => lost > 0)
  t.equal(lease.token(), '')
  t.equal(await connection.get(keys.lease), null)
})

void t.test('a lease that expired without another holder is its holder’s again', async (t) => {
  const keys = redis.keys()
  const { lease, connection } = await aLease(keys, 'one')
  await lease.acquire()
  const token = lease.token()
  await connection.del(keys.lease)
  await until(async () => (await connection.get(keys.lease)) === token)
  t.equal(lease.held(), true)
})

void t.test('an older state of Redis with another node’s older lease does not end a term', async (t) => {
  const keys = redis.keys()
  const { lease, connection } = await aLease(keys, 'one')
  await lease.acquire()
  await connection.set(keys.lease, 'two:1')
  await connection.set(keys.lastLease, 'two:1')
  await until(async () => (await connection.get(keys.lease)) === lease.token())
  t.equal(lease.held(), true)
})

void t.test('a node that does not reach Asterisk leaves the lease to one that does', async (t) => {
  const keys = redis.keys()
  const holder = await aLease(keys, 'one')
  await holder.lease.acquire()
  t.equal(holder.lease.standbyAble(), false)
  const able = await aLease(keys, 'two')
  const unable = await aLease(keys, 'three')
  unable.time.able = false
  const taken: string[] = []
  const waits = [able, unable].map(async ({ lease }) => {
    await lease.acquire()
    taken.push(lease.token().split(':')[0] ?? '')
  })
  await until(() => holder.lease.standbyAble())
  t.equal(able.lease.holder(), 'one')
  await holder.lease.release()
  await until(() => taken.length > 0)
  t.same(taken, ['two'])
  await able.lease.release()
  await Promise.all(waits)
  t.same(taken, ['two', 'three'], 'if no node reaches Asterisk, one takes the lease all the same')
})

void t.test('a node that does not reach Asterisk leaves even a vacant lease to one that does', async (t) => {
  const keys = redis.keys()
  const able = await aLease(keys, 'two')
  const unable = await aLease(keys, 'three')
  unable.time.able = false
  await able.connection.set(keys.standby, 'two', 'PX', 60_000)
  let refused = 0
  replies(unable.connection, 'takeLease', () => (refused += 1))
  const waiting = unable.lease.acquire()
  await until(() => refused >= 3)
  t.equal(unable.lease.held(), false)
  t.equal(await able.connection.get(keys.lease), null)
  await able.lease.acquire()
  t.match(await able.connection.get(keys.lease), /^two:/)
  await able.lease.release()
  await waiting
  t.equal(unable.lease.held(), true, 'no other node is left')
})

void t.test('a fence does not go back with the clock of Redis', async (t) => {
  const keys = redis.keys()
  const { lease, connection } = await aLease(keys, 'one')
  // By a clock that was years ahead.
  const ahead = 4_000_000_000_000_000
  await connection.set(keys.lastLease, `:${ahead}`)
  t.equal((await lease.acquire()).fence, ahead + 1)
})

void t.test(
  'the lease counts from when it was requested: its life in Redis began before the reply',
  async (t) => {
    const { lease, connection, time } = await aLease(redis.keys(), 'one')
    // A reply that takes longer than a holder may count on its lease.
    let slowMs = 1_700
    const slowly = () => (time.aheadMs += slowMs)
    replies(connection, 'takeLease', slowly)
    const renewed = Promise.withResolvers<undefined>()
    await lease.acquire()
    t.equal(lease.held(), false, 'when it is taken')
    slowMs = 0
    await until(() => lease.held())
    slowMs = 1_700
    replies(connection, 'renewLease', () => {
      slowly()
      renewed.resolve(undefined)
    })
    await renewed.promise
    await new Promise(setImmediate)
    t.equal(lease.held(), false, 'when it is renewed')
  },
)

void t.test('after Redis was away the earlier holder goes first', async (t) => {
  const own = await testRedis(t)
  const keys = own.keys()
  const holder = redisLease(await readyRedis(own), keys, { node: 'one', clock: systemClock })
  const other = redisLease(await readyRedis(own), keys, { node: 'two', clock: systemClock })
  t.teardown(() => Promise.all([holder.release(), other.release()]))
  let lost = 0
  holder.onLost(() => (lost += 1))
  await holder.acquire()
  const gone = other.acquire().catch(() => 'no longer wanted')
  await until(() => other.holder() === 'one')
  for (let round = 0; round < 3; round += 1) {
    await own.kill()
    await until(() => !holder.held())
    t.equal(holder.away(), true)
    await own.start()
    await until(() => holder.held())
  }
  t.equal(lost, 0)
  t.equal(other.token(), '')
  await other.release()
  t.equal(await gone, 'no longer wanted')
})

void t.test('a Redis that hangs for longer than a lease ends no term', async (t) => {
  const own = await testRedis(t)
  const keys = own.keys()
  const holder = redisLease(await readyRedis(own, { commandTimeoutMs: 300 }), keys, {
    node: 'one',
    clock: systemClock,
  })
  const other = redisLease(await readyRedis(own, { commandTimeoutMs: 300 }), keys, {
    node: 'two',
    clock: systemClock,
  })
  t.teardown(() => Promise.all([holder.release(), other.release()]))
  let lost = 0
  holder.onLost(() => (lost += 1))
  await holder.acquire()
  const gone = other.acquire().catch(() => 'no longer wanted')
  await until(() => other.holder() === 'one')
  const token = holder.token()
  own.signal('SIGSTOP')
  const hungAt = performance.now()
  await until(() => holder.away() && performance.now() - hungAt > 2_500)
  own.signal('SIGCONT')
  await until(() => holder.held() && !holder.away())
  t.equal(holder.token(), token)
  t.equal(lost, 0)
  t.equal(other.token(), '')
  await other.release()
  await gone
})

void t.test('the holder sets its lease again in a Redis that comes back empty', async (t) => {
  const own = await testRedis(t)
  const keys = own.keys()
  const connection = await readyRedis(own)
  const lease = redisLease(connection, keys, { node: 'one', clock: systemClock })
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

void t.test('Redis is emptied while all are connected: the holder keeps the lease', async (t) => {
  const own = await testRedis(t)
  for (let round = 0; round < 5; round += 1) {
    const keys = own.keys()
    const cleaner = await readyRedis(own)
    const holder = redisLease(await readyRedis(own), keys, { node: 'one', clock: systemClock })
    const other = redisLease(await readyRedis(own), keys, { node: 'two', clock: systemClock })
    let lost = 0
    holder.onLost(() => (lost += 1))
    await holder.acquire()
    const gone = other.acquire().catch(() => 'no longer wanted')
    await until(() => other.holder() === 'one')
    const token = holder.token()
    // A standby asks five times as often as the holder renews.
    await cleaner.flushall()
    await until(async () => (await cleaner.get(keys.lease)) !== null)
    t.equal(await cleaner.get(keys.lease), token)
    t.equal(lost, 0)
    await other.release()
    await gone
    await holder.release()
  }
})

void t.test('Redis is emptied and the holder is gone: another node takes the lease', async (t) => {
  const own = await testRedis(t)
  const keys = own.keys()
  const connection = await readyRedis(own)
  const holder = redisLease(connection, keys, { node: 'one', clock: systemClock })
  const other = redisLease(await readyRedis(own), keys, { node: 'two', clock: systemClock })
  t.teardown(() => Promise.all([holder.release(), other.release()]))
  await holder.acquire()
  const taken = other.acquire()
  await until(() => other.holder() === 'one')
  const cleaner = await readyRedis(own)
  connection.disconnect()
  await cleaner.flushall()
  await taken
  t.equal(other.held(), true)
})
