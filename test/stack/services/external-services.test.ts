/** `make run` with external services: it uses them and starts no private ones. */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { Api } from '../../../tools/demo/api.ts'
import { citizensFrom, readDemoFile } from '../../../tools/demo/demo-file.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { answersHttp } from '../../../src/stack/services/probes.ts'
import { Stack } from '../../../src/stack/stack.ts'
import { builtUi } from '../../../src/stack/install/ui-build.ts'
import { isRoot, makeAccount } from '../../../src/stack/privileges/unprivileged.ts'
import { startAsterisk } from '../../support/pbx/asterisk.ts'
import { hasTone, heardSince, tone } from '../../support/sip/audio.ts'
import { openTown } from '../../support/sip/citizen.ts'
import { openTestPhone } from '../../support/sip/desk-phone.ts'
import { emptyDatabase, testDatabase } from '../../support/postgres.ts'
import { readyRedis, testRedis } from '../../support/redis.ts'
import { startRedisService } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { command } from '../programs.ts'

const program = fileURLToPath(new URL('../../../src/stack/run.ts', import.meta.url))
const agentTone = 600
const bound = { timeout: 1_500_000 }

t.test('external services carry a call, and no private service is started', bound, async (t) => {
  const dir = t.testdir({})
  const at = (name: string) => join(dir, name)
  const redis = await testRedis(t)
  const { adminUrl, name } = await emptyDatabase(t)
  const { options, layout } = await startAsterisk(t, { recordings: at('recordings') })
  // Started by root, Linia runs as the user `linia`, which needs access to the files that it shares with this Asterisk.
  if (isRoot()) {
    await makeAccount()
    execFileSync('chown', ['-R', 'linia:', options.dir, options.recordings])
  }
  const { http, ami, secrets } = options
  const login = new URL(adminUrl)
  login.username = `${name}_app`
  login.password = encodeURIComponent('chosen by the city: 100 %')
  const { PATH = '', HOME = '' } = process.env
  // Without tap's NODE_OPTIONS: another user may not write to tap's coverage folder.
  const child = spawn('env', ['-u', 'NODE_OPTIONS', process.execPath, program], {
    env: {
      PATH,
      HOME,
      VAR_DIR: at('var'),
      UI_DIR: builtUi,
      GREETING: 'none',
      DEMO_TAXPAYERS: '200',
      HTTP_PORT: String(await freePort('127.0.0.1')),
      SIP_PORT: String(options.sip.port),
      DATABASE_URL: login.href,
      DATABASE_ADMIN_URL: adminUrl,
      REDIS_URL: redis.url,
      ARI_URL: `http://${secrets.ariUser}:${secrets.ariPassword}@${http.host}:${http.port}`,
      AMI_URL: `ami://${secrets.amiUser}:${secrets.amiPassword}@${ami.host}:${ami.port}`,
      ASTERISK_ETC: layout.etcDir,
      SOUNDS_DIR: layout.soundsDir,
      CEL_FILE: layout.celFile,
      RECORDINGS_DIR: options.recordings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => output.push(line))
  const ready = () => output.some((line) => line.startsWith('ready: '))
  await Promise.race([ended, until(ready)])
  t.ok(ready(), 'ready', { output })
  t.notMatch(output, [/Starting the (ledger|line’s memory|telephone)/])
  for (const part of ['postgres', 'redis', 'asterisk']) t.notOk(existsSync(at(`var/${part}`)), `no ${part}`)

  const users = await command({ VAR_DIR: at('var') }, ['commands/cli.ts', 'user', 'list'])
  t.match(users, {
    code: 1,
    output: /^linia: Linia at \S+ was started with a database of its own \(DATABASE_URL\)/,
  })
  const demo = await readDemoFile(at('var/demo.json'))
  const agent = demo.accounts.find(({ role }) => role === 'agent')
  if (agent?.phone === undefined) throw new Error('the demo has no agent with a phone')
  const api = new Api(demo.url)
  await api.signIn(agent)
  const phone = await openTestPhone(t, { server: demo.sip, ...agent.phone })
  await phone.register()
  await until(() =>
    api.setState({ state: 'ready' }).then(
      () => true,
      () => false,
    ),
  )
  const town = await openTown(t, { target: demo.sip, from: citizensFrom(demo) })
  const citizen = await town.call()
  const talk = await phone.answerNext(tone(agentTone))
  await until(() => hasTone(agentTone, heardSince(citizen.rtp, performance.now() - 500)))
  talk.hangUp()
  t.equal((await citizen.ended).ending, 'line hung up')

  child.kill('SIGINT')
  t.same(await ended, [0, null])
  t.equal(output.at(-1), 'Stopped.')
  t.equal(await (await readyRedis(redis)).ping(), 'PONG', 'the external Redis still runs')
  t.match(await readFile(layout.celFile, 'utf8'), /CHAN_END/)
})

t.test('each fault of an external service is reported in one sentence', async (t) => {
  const dir = t.testdir({})
  await mkdir(join(dir, 'etc'))
  const unusedPort = await freePort('127.0.0.1')
  const redis = await startRedisService(t)
  const migrated = await testDatabase(t)
  const empty = await emptyDatabase(t)
  const wrongPassword = new URL(migrated.adminUrl)
  wrongPassword.password = 'wrong'
  const { options } = await startAsterisk(t)
  const { http, ami, secrets } = options
  const ariUrl = (password: string, port = http.port) =>
    `http://${secrets.ariUser}:${password}@${http.host}:${port}`
  const amiUrl = (password: string) => `ami://${secrets.amiUser}:${password}@${ami.host}:${ami.port}`
  // Asterisk's ports are open before it has loaded all modules.
  const login = `${secrets.ariUser}:${secrets.ariPassword}`
  await until(() => answersHttp(http, '/ari/asterisk/ping', (status) => status === 200, login))
  const cases: readonly [given: Record<string, string>, sentence: RegExp][] = [
    [{ DATABASE_URL: empty.adminUrl }, /^DATABASE_URL: this database has no tables of Linia yet; .*\.$/],
    [{ DATABASE_URL: wrongPassword.href }, /^DATABASE_URL: PostgreSQL at \S+ cannot be used: password .*\.$/],
    [{ DATABASE_ADMIN_URL: empty.adminUrl }, /^DATABASE_ADMIN_URL: set DATABASE_URL too, .*\.$/],
    [
      { DATABASE_URL: 'postgres://somebody:secret@127.0.0.1/linia', DATABASE_ADMIN_URL: empty.adminUrl },
      /^DATABASE_URL: .* a user whose name ends in _app, such as linia_app\.$/,
    ],
    [
      {
        DATABASE_URL: `postgres://l_app:x@127.0.0.1/l`,
        DATABASE_ADMIN_URL: `postgres://l@127.0.0.1:${unusedPort}/l`,
      },
      /^DATABASE_ADMIN_URL: PostgreSQL at \S+ cannot be used: connect ECONNREFUSED \S+\.$/,
    ],
    [
      { REDIS_URL: `redis://127.0.0.1:${unusedPort}` },
      /^REDIS_URL: Redis at \S+ cannot be used: connect ECONNREFUSED \S+\.$/,
    ],
    [
      { REDIS_URL: redis.url.replace(/:[^:@]+@/, ':wrong@') },
      /^REDIS_URL: Redis at \S+ cannot be used: WRONGPASS .+[^.]\.$/,
    ],
    [{ ARI_URL: ariUrl('x') }, /^ARI_URL and AMI_URL belong together: .*\.$/],
    [{ ARI_URL: ariUrl('x', unusedPort), AMI_URL: amiUrl('x') }, /^ARI_URL: no Asterisk answers at \S+\.$/],
    [{ ARI_URL: ariUrl('x'), AMI_URL: amiUrl('x') }, /^ARI_URL: the Asterisk at \S+ refuses .*\.$/],
    [
      { ARI_URL: ariUrl('x'), AMI_URL: amiUrl('x'), STANDBY_PBX: '1' },
      /^STANDBY_PBX: .* only for a private one.*\.$/,
    ],
    [
      { ARI_URL: ariUrl(secrets.ariPassword), AMI_URL: amiUrl('x') },
      /^AMI_URL: no Asterisk at \S+ accepts .*\.$/,
    ],
    [
      {
        ARI_URL: ariUrl(secrets.ariPassword),
        AMI_URL: amiUrl(secrets.amiPassword),
        ASTERISK_ETC: join(dir, 'etc'),
      },
      /^ASTERISK_ETC: \S+phones\.conf is missing; .*\.$/,
    ],
  ]
  for (const [given, message] of cases)
    await t.rejects(
      Stack.start({ env: { VAR_DIR: join(dir, 'var'), ...given } }),
      { name: 'UserError', message },
      Object.keys(given).join(),
    )
  t.notOk(existsSync(join(dir, 'var')), 'refused before anything is created')
})
