/** The connection to a Redis that comes back. */
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import { readyRedis, testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'

const keys = 2_000
/** Of each key: twenty seconds for all. */
const slowly = ['--key-load-delay', '10000', '--loading-process-events-interval-bytes', '1024']
/** Redis says of itself when it will have loaded everything, and may be wrong by as much. */
const estimateSeconds = 5
const soonMs = 3_000

void t.test('a Redis that loads what it knew is used as soon as it has, whatever it expects', async (t) => {
  const redis = await testRedis(t)
  const connection = await readyRedis(redis)
  const values = Array.from({ length: keys }, (_, key) => [`key ${key}`, 'x'])
  await connection.mset(...values.flat())
  await connection.save()
  await redis.kill()
  await redis.start(slowly)

  const operator = new Redis(redis.url, { enableReadyCheck: false })
  t.teardown(() => operator.disconnect())
  const expected = async (): Promise<number> =>
    Number(/loading_eta_seconds:(\d+)/.exec(await operator.info('persistence'))?.[1] ?? 0)
  await until(async () => (await expected()) >= estimateSeconds)
  // Whoever believed it would come back in so many seconds.
  await delay(1_500)
  t.not(connection.status, 'ready', 'while it loads it answers nothing')
  await operator.config('SET', 'key-load-delay', '0')
  await until(() => connection.status === 'ready', soonMs)
  t.equal(await connection.get('key 7'), 'x')
})
