/**
 * Privileges of the processes of `make run`: none runs as root, and each service has access only to its own
 * files.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { getPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import { Api } from '../../tools/demo/api.ts'
import { confines } from '../../src/stack/privileges/landlock.ts'
import { freePort } from '../../src/stack/services/ports.ts'
import { Service, type ServiceOptions } from '../../src/stack/services/service.ts'
import { buildUi } from '../../src/stack/install/ui-build.ts'
import { quiet } from '../../src/stack/terminal.ts'
import { openToOthers } from '../stack/programs.ts'
import { killAtExit } from '../support/at-exit.ts'
import { openTestPhone } from '../support/sip/desk-phone.ts'
import { familyOf, listeningAddresses, type ProcessFacts } from '../support/processes.ts'
import type { DemoAccount } from '../support/stack.ts'
import { eventuallyMs, until } from '../support/until.ts'

const program = fileURLToPath(new URL('../../src/stack/run.ts', import.meta.url))
const isRoot = process.getuid?.() === 0
/** cap_dac_override and cap_dac_read_search, kept only if the checkout is below a folder that others cannot enter. */
const passing = new Set(['0000000000000000', '0000000000000002', '0000000000000004'])

interface Running {
  readonly dir: string
  readonly pid: number
  readonly url: string
  output(): string
}

/** Starts what `make run` starts. An ordinary user does so in `stack/commands.test.ts`. */
async function run(t: Test, dir: string): Promise<Running> {
  await buildUi(quiet)
  const [http, sip] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')]
  // Without NODE_OPTIONS, by which tap instruments child processes: another user cannot write to tap's folder.
  const args = ['-u', 'NODE_OPTIONS', process.execPath, program]
  const ports = { HTTP_PORT: `${http}`, SIP_PORT: `${sip}` }
  const child = spawn('env', args, {
    env: { ...process.env, VAR_DIR: dir, ...ports, GREETING: 'none', DEMO_TAXPAYERS: '200' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  killAtExit(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  t.teardown(async () => {
    child.kill('SIGTERM')
    await ended
    if (!t.passing())
      t.comment(
        output,
        existsSync(join(dir, 'log/server1.log')) ? readFileSync(join(dir, 'log/server1.log'), 'utf8') : '',
      )
  })
  await until(() => /^ready: /m.test(output) || child.exitCode !== null, 300_000)
  if (child.pid === undefined || child.exitCode !== null) throw new Error(`it did not start:\n${output}`)
  return { dir, pid: child.pid, url: `http://127.0.0.1:${http}`, output: () => output }
}

function checkRights(t: Test, one: ProcessFacts): void {
  const name = one.command.slice(-60)
  const field = (key: string) => one.status.get(key) ?? ''
  for (const key of ['Uid', 'Gid']) t.notMatch(field(key), /(^|\s)0(\s|$)/, `${key} of ${name}`)
  t.equal(field('NoNewPrivs'), '1', `no new privileges for ${name}`)
  for (const key of ['CapEff', 'CapPrm', 'CapInh', 'CapAmb'])
    t.ok(passing.has(field(key)), `${key} ${field(key)} of ${name}`)
  if (isRoot) {
    t.ok([field('Gid').split(/\s+/)[0], ''].includes(field('Groups').trim()), `no other groups for ${name}`)
    t.ok(passing.has(field('CapBnd')), `CapBnd ${field('CapBnd')} of ${name}`)
  }
}

const parts = {
  supervisor: /stack\/run\.ts/,
  server: /src\/main\.ts/,
  watchdog: /watchdog\.ts/,
  Asterisk: /asterisk\.conf/,
  Redis: /redis-server/,
  PostgreSQL: /postgres -D/,
  Caddy: /caddy run/,
}

/** One answered and recorded call, to show that the privileges are sufficient. */
async function oneCall(t: Test, { dir, url }: Running): Promise<void> {
  const demo = JSON.parse(readFileSync(join(dir, 'demo.json'), 'utf8')) as {
    sip: { host: string; port: number }
    accounts: DemoAccount[]
  }
  const account = demo.accounts.find(({ username }) => username === 'agent01')
  if (account?.phone === undefined) throw new Error('no agent01 in the demo')
  const api = new Api(url)
  await api.signIn(account)
  const phone = await openTestPhone(t, { server: demo.sip, ...account.phone })
  await phone.register()
  await until(() =>
    api.setState({ state: 'ready' }).then(
      () => true,
      () => false,
    ),
  )
  // Its speech is made first.
  await api.ask('POST', '/api/demo/call-me', undefined, AbortSignal.timeout(eventuallyMs))
  const talk = await phone.answerNext(null)
  await until(async () => (await api.get<{ agent: { state: string } }>('/api/me')).agent.state === 'talking')
  await until(() => talk.rtp.heard().length > 50)
  talk.hangUp()
  const first = async () =>
    (await api.get<{ items: { id: string; recording: string }[] }>('/api/calls')).items[0]
  await until(async () => (await first())?.recording === 'ready')
  t.equal((await api.ask('GET', `/api/calls/${(await first())?.id}/recording`)).status, 200)
}

t.test(
  '`make run` as root runs nothing as root',
  { timeout: 1_500_000, skip: isRoot ? false : 'not root here' },
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'linia-rights-'))
    t.teardown(() => rmSync(dir, { recursive: true, force: true }))
    const running = await run(t, dir)
    const family = familyOf(running.pid)
    for (const [name, pattern] of Object.entries(parts))
      t.ok(
        family.some(({ command }) => pattern.test(command)),
        `${name} runs`,
      )
    for (const one of family) checkRights(t, one)
    const closed = family.some((one) => one.status.get('CapEff') !== '0000000000000000')
    t.equal(/Only root may enter/.test(running.output()), closed, 'a kept capability is reported')
    // Asterisk gets its priority from a resource limit that root has set, not from a capability.
    const asterisk = family.find(({ command }) => parts.Asterisk.test(command))
    const mayAllow = spawnSync('prlimit', ['--nice=35:35', 'true']).status === 0
    t.equal(getPriority(asterisk?.pid ?? 0), mayAllow ? -15 : 0, 'media has priority if root can allow it')
    const server = family.find(({ command }) => parts.server.test(command))
    // The server gets priority only while it is starved of CPU (decision 0032).
    t.ok(
      (mayAllow ? [-10, 0] : [0]).includes(getPriority(server?.pid ?? 0)),
      'control never has priority over media',
    )
    await oneCall(t, running)
    for (const one of familyOf(running.pid)) checkRights(t, one)
    t.same(openToOthers(dir), [])
    // Without LAN all services listen on this machine only.
    const addresses = new Set(family.flatMap(({ pid }) => listeningAddresses(pid)))
    t.same([...addresses], ['0100007F'])
  },
)

t.test(
  'a service can access its own folders and no others',
  { skip: confines() ? false : 'no Landlock on this kernel' },
  async (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'linia-reach-'))
    t.teardown(() => rmSync(dir, { recursive: true, force: true }))
    for (const name of ['own', 'others']) mkdirSync(join(dir, name))
    for (const name of ['own/note', 'others/secret']) writeFileSync(join(dir, name), 'text')
    // Both services run as one user, as in `make run`.
    const identity = isRoot ? ['--reuid', 'nobody', '--regid', 'nogroup', '--clear-groups'] : []
    if (isRoot) spawnSync('chown', ['-R', 'nobody:', dir])
    const other = spawn('setpriv', [...identity, '--', 'sleep', '60'], { stdio: 'ignore' })
    killAtExit(other)
    t.teardown(() => other.kill())
    await until(() => readFileSync(`/proc/${other.pid}/comm`, 'utf8') === 'sleep\n')
    const attempts = {
      'reads its own': 'cat own/note',
      'writes its own': 'echo x > own/new && mv own/new own/newer && rm own/newer',
      'reads another service’s secrets': 'cat others/secret',
      'lists another service’s folder': 'ls others',
      'writes beside its own': 'echo x > others/new',
      'reads another service’s environment': `cat /proc/${other.pid}/environ`,
      'runs what it wrote': 'cp /bin/true own/program && own/program',
      'writes to /tmp': 'echo x > /tmp/linia-was-here',
    }
    const script = Object.entries(attempts)
      .map(([name, line]) => `(${line}) > /dev/null 2>&1 && echo "${name}"`)
      .join('\n')
    const outcome = async (reach: Partial<ServiceOptions>) => {
      const logFile = join(dir, 'log')
      const service = new Service({
        name: 'a service',
        command: '/bin/sh',
        args: ['-c', `cd ${dir}\n${script}\nrm -f /tmp/linia-was-here\necho done; exec sleep 60`],
        logFile,
        identity,
        ...reach,
        readyWithinMs: 10_000,
        probe: async () => existsSync(logFile) && readFileSync(logFile, 'utf8').endsWith('done\n'),
      })
      t.teardown(() => service.stop())
      await service.start()
      await service.stop()
      const succeeded = readFileSync(logFile, 'utf8').trim().split('\n')
      rmSync(logFile)
      return succeeded
    }
    t.same(await outcome({}), [...Object.keys(attempts), 'done'], 'without Landlock all of this is possible')
    t.same(await outcome({ reach: { reads: [], writes: [join(dir, 'own')] } }), [
      'reads its own',
      'writes its own',
      'done',
    ])
  },
)
