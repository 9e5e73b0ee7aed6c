/** The rates of programs in Redis, and those of a node alone, keep the same contract. */
import t from 'tap'
import type { ProgramRates } from '../../src/http/ports.ts'
import { OwnRates } from '../../src/http/session/own-rates.ts'
import { programKeys } from '../../src/redis/keys.ts'
import { redisProgramRates } from '../../src/redis/program-rates.ts'
import { readyRedis, testRedis } from '../support/redis.ts'

const redis = await testRedis(t)
const connection = await readyRedis(redis)
const hourMs = 3_600_000

function contract(name: string, rates: ProgramRates): void {
  void t.test(
    `${name}: requests of a token are counted, and those beyond its rate are refused`,
    async (t) => {
      const first = await rates.count(1, 2)
      t.equal(first.count, 1)
      t.ok(first.endsInMs > 0 && first.endsInMs <= 60_000)
      t.equal((await rates.count(1, 2)).count, 2)
      t.same(await rates.refused(), new Map())
      const third = await rates.count(1, 2)
      t.equal(third.count, 3)
      t.ok(third.endsInMs <= first.endsInMs, 'the window does not begin anew')
      t.equal((await rates.count(2, 2)).count, 1, 'another token')
      await rates.count(1, 2)
      t.same(await rates.refused(), new Map([[1, 2]]))
    },
  )
}

contract('Redis', redisProgramRates(connection, 'contract', Date.now))
contract('a node', new OwnRates(Date.now))

void t.test('a window ends by itself; refused requests are known for a day', async (t) => {
  let now = Date.UTC(2026, 11, 1, 9, 30)
  const keys = programKeys('day')
  const [one, two] = [1, 2].map(() => redisProgramRates(connection, 'day', () => now)) as [
    ProgramRates,
    ProgramRates,
  ]
  await one.count(7, 1)
  t.equal((await two.count(7, 1)).count, 2, 'at another node')
  const ttlMs = await connection.pttl(keys.requests(7))
  t.ok(ttlMs > 0 && ttlMs <= 60_000)
  const kept = await connection.pttl(keys.refused(now / hourMs - 0.5))
  t.ok(kept > 24 * hourMs - 60_000)
  now += 23 * hourMs
  await one.count(7, 1)
  t.same(await two.refused(), new Map([[7, 2]]))
  now += hourMs
  t.same(await two.refused(), new Map([[7, 1]]), 'the older one is over')
})
