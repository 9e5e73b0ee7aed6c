/** A server of this release on the state of a newer one, as after a failed update of one node. */
import { Redis } from 'ioredis'
import t from 'tap'
import { currentVersion } from '../../src/core/versions.ts'
import type { Readiness } from '../../src/http/nodes/wire.ts'
import { acdKeys } from '../../src/redis/keys.ts'
import { startLinia } from '../support/stack.ts'
import { until } from '../support/until.ts'

t.test('a server declines ownership while the state in Redis is of a newer release', async (t) => {
  const linia = await startLinia(t)
  const redis = new Redis(linia.stack.environment['REDIS_URL'] ?? '')
  t.teardown(() => redis.disconnect())
  const { lease, states } = acdKeys(linia.stack.settings.keyPrefix, linia.stack.settings.pbxName)
  const readiness = async (): Promise<Partial<Readiness>> => {
    try {
      return (await (await fetch(`${linia.url}/readyz`)).json()) as Readiness
    } catch {
      // While the server restarts the front answers without JSON.
      return {}
    }
  }

  await redis.hset(states, 'call:newer', JSON.stringify({ v: currentVersion + 1 }))
  linia.kill('server1')
  let told: Partial<Readiness> = {}
  await until(async () => {
    told = await readiness()
    return told.declines !== undefined
  })
  t.match(told, { ready: false, missing: ['owner'], role: 'standby' })
  t.match(told.declines, /^a call has format version \d+, and this release reads/)
  // That of the killed server expires, and nobody takes it.
  await until(async () => (await redis.exists(lease)) === 0)
  await until(async () => (await readiness()).owner === null)

  await redis.hdel(states, 'call:newer')
  await until(async () => (await readiness()).ready === true)
  t.match(await readiness(), { role: 'owner' })
  t.notOk('declines' in (await readiness()))
})
