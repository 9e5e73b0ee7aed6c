/** Reconnecting to a Redis that is still loading its data. */
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t from 'tap'
import { readyRedis, testRedis } from '../support/redis.ts'
import { until } from '../support/until.ts'

const keys = 2_000
/** Delay for each key: 20 s for all. */
const slowly = ['--key-load-delay', '10000', '--loading-process-events-interval-bytes', '1024']
/** The remaining time that Redis must announce before the test goes on. */
const estimateSeconds = 12
const soonMs = 8_000

void t.test(
  'a Redis that loads its data is used as soon as it is ready, before the time that it announces',
  async (t) => {
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
    // Long enough for a client that waits for the announced time to start waiting.
    await delay(1_500)
    t.not(connection.status, 'ready', 'while it loads it answers no command')
    await operator.config('SET', 'key-load-delay', '0')
    await until(() => connection.status === 'ready', soonMs)
    t.equal(await connection.get('key 7'), 'x')
  },
)
