/** What was trimmed from Redis is gone from its file after the nightly rewrite, on our own Redis. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import t from 'tap'
import { compactRedis } from '../../../src/jobs/retention/compact-redis.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { redisService, redisUrlOf } from '../../../src/stack/services/redis.ts'
import { attack } from '../../support/attack.ts'
import { until } from '../../support/until.ts'

await attack(
  t,
  {
    attack: 'looks for a number of trimmed events in Redis’s file',
    before:
      'after the nightly rewrite the file, a dump, still had it: a stream keeps trimmed bytes of a node in use',
    now: 'the rewritten file is a list of commands, without it',
  },
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'linia-redis-'))
    const port = await freePort('127.0.0.1')
    const service = await redisService({ dir, port, password: 'of-this-test', logFile: `${dir}.log` })
    await service.start()
    const url = redisUrlOf(port, 'of-this-test')
    const redis = new Redis(url)
    t.teardown(async () => {
      redis.disconnect()
      await service.stop()
      rmSync(dir, { recursive: true, force: true })
      rmSync(`${dir}.log`, { force: true })
    })
    const holding = (text: string) =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => readFileSync(file, 'utf8').includes(text))
    for (let event = 0; event < 10; event += 1) await redis.xadd('events', '*', 'e', 'of +40256555987')
    await redis.xadd('events', '*', 'e', 'of +40256555111')
    await until(() => holding('+40256555987').length > 0)
    await redis.xtrim('events', 'MAXLEN', 1)
    await compactRedis(url)
    await until(() => holding('+40256555987').length === 0).catch(() => undefined)
    t.same(holding('+40256555987'), [])
    t.equal(holding('+40256555111').length, 1, 'what is younger is there')
    await service.stop()
    await service.start()
    const again = new Redis(url)
    t.teardown(() => again.disconnect())
    t.equal(await again.xlen('events'), 1, 'and is loaded at the next start')
  },
)
