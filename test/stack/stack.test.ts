import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import t from 'tap'
import { acdKeys } from '../../src/redis/keys.ts'
import { Stack } from '../../src/stack/stack.ts'
import { startLinia } from '../support/stack.ts'
import { until } from '../support/until.ts'

const program = fileURLToPath(new URL('./fake-server.ts', import.meta.url))

t.test('the lease of an ended node is released; another node’s lease is not', async (t) => {
  const linia = await startLinia(t, { program, overrides: { NODES: '2' } })
  const redis = new Redis(linia.stack.environment['REDIS_URL'] ?? '')
  t.teardown(() => redis.disconnect())
  const { lease, lastLease } = acdKeys(linia.stack.settings.keyPrefix, linia.stack.settings.pbxName)
  await redis.mset(lease, 'node1:7', lastLease, 'node1:7')
  const other = linia.stack.parts.get('server2')?.pid
  linia.kill('server2')
  await until(() => ![other, null].includes(linia.stack.parts.get('server2')?.pid ?? null))
  t.equal(await redis.get(lease), 'node1:7')
  linia.kill('server1')
  await until(async () => (await redis.get(lease)) === null)
  t.equal(await redis.get(lastLease), ':7', 'its fencing number is kept')
})

t.test(
  'a system whose parts are killed or hang, and a second start beside it',
  { timeout: 1_500_000 },
  async (t) => {
    const linia = await startLinia(t, { program })

    await t.test('a second start for the same folder is refused with the address of the first', async (t) => {
      await t.rejects(Stack.start({ env: { VAR_DIR: linia.dir } }), {
        name: 'UserError',
        message: new RegExp(`already running at ${linia.url} `),
      })
    })

    await t.test('a taken port is reported in a sentence before anything starts', async (t) => {
      const port = new URL(linia.url).port
      const dir = join(linia.dir, 'second')
      await t.rejects(
        Stack.start({ env: { VAR_DIR: dir, HTTP_PORT: port, SIP_PORT: String(linia.sip.port) } }),
        {
          name: 'UserError',
          message:
            /Port \d+ on 127\.0\.0\.1 \(the screens\) is taken by another program.*\n.*\(SIP\) is taken/,
        },
      )
      t.notOk(existsSync(join(dir, 'redis')))
    })

    await t.test(
      'only this user can read secrets and demo passwords, and no command line contains them',
      async (t) => {
        for (const file of ['secrets.json', 'demo.json', 'redis/redis.conf'])
          t.equal((await stat(join(linia.dir, file))).mode & 0o777, 0o600, file)
        const secrets = Object.values(linia.stack.secrets)
        for (const service of linia.stack.parts.values()) {
          const command = await readFile(`/proc/${service.pid}/cmdline`, 'utf8')
          t.notOk(
            secrets.some((secret) => command.includes(secret)),
            service.options.name,
          )
        }
      },
    )

    await t.test(
      'a killed server is restarted before a waiting request fails, and no other part is restarted',
      async (t) => {
        const others = () =>
          (['redis', 'asterisk', 'front'] as const).map((part) => linia.stack.parts.get(part)?.pid)
        const before = others()
        const first = await (await fetch(`${linia.url}/api/pid`)).text()
        const killedAt = performance.now()
        linia.kill('server1')
        // The front holds the request until the new process answers.
        const second = await (await fetch(`${linia.url}/api/pid`)).text()
        t.not(second, first)
        t.comment(`the answer came after ${Math.round(performance.now() - killedAt)} ms`)
        t.strictSame(others(), before)
      },
    )

    await t.test('a part that hangs is killed and restarted', async () => {
      const before = linia.stack.parts.get('redis')?.pid
      linia.kill('redis', 'SIGSTOP')
      await until(() => {
        const now = linia.stack.parts.get('redis')?.pid
        return now !== null && now !== before
      }, 40_000)
    })

    await t.test('a stopped system leaves no process', async (t) => {
      const pids = [...linia.stack.parts.values()].map((service) => service.pid)
      await linia.stack.stop()
      t.strictSame(
        pids.filter((pid) => existsSync(`/proc/${pid}`)),
        [],
      )
    })
  },
)
