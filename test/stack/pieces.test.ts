import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { isUsable } from '../../src/stack/install/asterisk-tree.ts'
import { isAlive, lockHolder, markOf, Processes, releaseLock, takeLock } from '../../src/stack/lock.ts'
import { citizensFrom } from '../../tools/demo/demo-file.ts'
import { citizensAddress } from '../../tools/demo/seed/seed-demo.ts'
import { missingPackages } from '../../src/stack/install/packages.ts'
import { choosePorts } from '../../src/stack/services/ports.ts'
import { answersNow, Silence } from '../../src/stack/services/probes.ts'
import { quiet, UserError } from '../../src/stack/terminal.ts'
import { loadSecrets } from '../../src/stack/secrets.ts'
import { Service } from '../../src/stack/services/service.ts'
import { killAtExit } from '../support/at-exit.ts'
import { TestCount } from '../support/test-count.ts'
import { until } from '../support/until.ts'

t.test('only Asterisk 22 from 22.10.1 on is used', async (t) => {
  for (const version of ['Asterisk 22.10.1+dfsg+~cs6.17', 'Asterisk 22.11.0', 'Asterisk 22.10.12'])
    t.ok(isUsable(version), version)
  for (const version of [
    'Asterisk 22.9.0',
    'Asterisk 22.10.0',
    'Asterisk 20.20.0',
    'Asterisk 22.11.0-rc1',
    'Asterisk 23.1.0',
    '',
  ])
    t.notOk(isUsable(version), version)
})

t.test('an external service needs no package', async (t) => {
  const bare = () => false
  const all = missingPackages('run', undefined, bare).map((one) => one.package)
  const given = { databaseUrl: 'postgres://city/linia', redisUrl: 'redis://city' }
  const fewer = missingPackages('run', given, bare).map((one) => one.package)
  t.strictSame(
    all.filter((name) => !fewer.includes(name)),
    ['redis-server', 'postgresql'],
  )
})

t.test('secrets are kept, and those that a newer version needs are added', async (t) => {
  const file = join(t.testdir(), 'secrets.json')
  const first = await loadSecrets(file)
  t.strictSame(await loadSecrets(file), first)
  const { phones: _, ...older } = first
  await writeFile(file, JSON.stringify(older))
  const upgraded = await loadSecrets(file)
  t.equal(upgraded.session, first.session)
  t.match(upgraded.phones, /^[\w-]{43}$/)
})

t.test('damaged secrets are reported and not replaced', async (t) => {
  const file = join(t.testdir({ 'secrets.json': '{"session": ' }), 'secrets.json')
  await t.rejects(loadSecrets(file), UserError)
  t.equal(await readFile(file, 'utf8'), '{"session": ')
})

t.test('ports are kept while they are free', async (t) => {
  const file = join(t.testdir(), 'ports.json')
  const first = await choosePorts(file, 2)
  t.strictSame(await choosePorts(file, 2), first)
  const taken = first.get('redis')
  const server = createServer().listen(taken, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const second = await choosePorts(file, 2)
  t.not(second.get('redis'), taken)
  t.equal(second.get('postgres'), first.get('postgres'))
})

t.test('a port given to another process is not given again, even before that process listens', async (t) => {
  const file = join(t.testdir(), 'ports.json')
  const ours = await choosePorts(file, 1)
  const program = `
    const { choosePorts } = await import('${new URL('../../src/stack/services/ports.ts', import.meta.url).href}')
    console.log(JSON.stringify([...(await choosePorts('${file}', 1)).values()]))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
  const theirs = JSON.parse(stdout) as number[]
  t.equal(theirs.length, ours.size)
  for (const [name, port] of ours) t.notOk(theirs.includes(port), name)
})

const runningAt = (url: string) => ({ url, ledger: 'private' }) as const

t.test('one process holds the lock, and a lock of a dead process is free', async (t) => {
  const dir = t.testdir()
  t.equal(await takeLock(dir, runningAt('http://first')), null)
  t.match(await takeLock(dir, runningAt('http://second')), { pid: process.pid, url: 'http://first' })
  await releaseLock(dir)
  t.equal(await lockHolder(dir), null)
  t.equal(await takeLock(dir, runningAt('http://third')), null)
  await writeFile(
    join(dir, 'run', 'linia.lock'),
    JSON.stringify({ pid: process.pid, startedAt: '1', url: 'http://dead' }),
  )
  t.equal(await takeLock(dir, runningAt('http://fourth')), null)
})

t.test('a process is identified by its id and its start time', async (t) => {
  const own = markOf(process.pid)
  t.ok(own !== null && isAlive(own))
  t.notOk(isAlive({ pid: process.pid, startedAt: '1' }))
})

t.test('a process list that cannot be written is reported and stops nothing', async (t) => {
  const dir = t.testdir({ run: 'a file where a folder is needed' })
  const told: string[] = []
  const processes = new Processes(dir, (line) => told.push(line))
  processes.started(process.pid)
  await until(() => told.length > 0)
  t.match(told, [/processes\.json could not be written/])
  await rm(join(dir, 'run'))
  processes.started(process.pid)
  await until(() => existsSync(join(dir, 'run/processes.json')))
  await processes.clear()
})

t.test('the next run ends only processes that a killed run has left', async (t) => {
  const dir = t.testdir()
  const left = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  killAtExit(left)
  const ended = once(left, 'exit')
  const { pid = 0 } = left
  const mark = markOf(pid)
  await mkdir(join(dir, 'run'))
  const marks = [mark, { pid: process.pid, startedAt: '1' }]
  await writeFile(join(dir, 'run/processes.json'), JSON.stringify(marks))
  t.equal(await new Processes(dir, quiet).endLeftovers(), 1)
  t.notSame(await ended, [0, null])
})

t.test('a part that ends during its start is reported with the end of its log', async (t) => {
  const dir = await mkdtemp(join(t.testdir(), 'x'))
  const service = new Service({
    name: 'the part',
    command: '/bin/sh',
    args: ['-c', 'echo "no such port" >&2; exit 3'],
    logFile: join(dir, 'part.log'),
    probe: () => Promise.resolve(false),
    readyWithinMs: 5_000,
  })
  await t.rejects(service.start(), {
    name: 'UserError',
    message: /the part ended while starting[\s\S]*no such port/,
  })
  t.equal(service.pid, null)
})

t.test('a starved prober does not count a missing answer as silence', async (t) => {
  const heldUp = async (answer: boolean) => {
    const till = performance.now() + 700
    while (performance.now() < till);
    await delay(10)
    return answer
  }
  t.equal(await answersNow(() => heldUp(false)), null)
  t.equal(await answersNow(() => heldUp(true)), true)
  // Three probes, because a machine that stalls meanwhile makes a single result unknown (null).
  const answers: (boolean | null)[] = []
  for (let ask = 0; ask < 3; ask += 1) answers.push(await answersNow(() => delay(100, false)))
  t.ok(answers.includes(false), 'a negative answer counts as silence')
  t.notOk(answers.includes(true), 'and never as an answer')
})

t.test('three silent probes in a row are too many, and so are twenty-four unknown ones', async (t) => {
  const silence = new Silence()
  const untilTooLong = (answers: false | null) => {
    let probes = 0
    for (; !silence.tooLong; probes += 1) silence.goesOn(answers)
    silence.broken()
    return probes
  }
  t.equal(untilTooLong(false), 3)
  t.equal(untilTooLong(null), 24)
  silence.goesOn(false)
  silence.goesOn(false)
  silence.broken()
  t.equal(untilTooLong(false), 3, 'an answer in between restarts the count')
})

t.test('a part that hangs during its start is killed and started again', async (t) => {
  const dir = await mkdtemp(join(t.testdir(), 'x'))
  const tries = join(dir, 'tries')
  const told: string[] = []
  const answersAt = (attempt: number) =>
    new Service({
      name: 'the part',
      command: '/bin/sh',
      args: ['-c', `echo one more >> ${tries}; exec sleep 60`],
      logFile: join(dir, 'part.log'),
      probe: () =>
        readFile(tries, 'utf8').then(
          (text) => text.split('\n').length > attempt,
          () => false,
        ),
      readyWithinMs: 2_000,
      startsMax: 2,
      onChange: (line) => told.push(line),
    })
  const service = answersAt(2)
  t.teardown(() => service.stop())
  await service.start()
  t.match(told, [/does not answer after 2 s; killing it/])
  t.ok(service.pid !== null)
  await rm(tries)
  await t.rejects(answersAt(3).start(), {
    name: 'UserError',
    message: /does not answer after 2 s\. The end of/,
  })
  t.equal(await readFile(tries, 'utf8'), 'one more\none more\n', 'no more than `startsMax` times')
})

t.test(
  'a part is restarted even when its log cannot be written and its `ended` callback fails',
  async (t) => {
    const dir = await mkdtemp(join(t.testdir(), 'x'))
    const told: string[] = []
    const service = new Service({
      name: 'the part',
      command: '/bin/sleep',
      args: ['60'],
      logFile: join(dir, 'log', 'part.log'),
      probe: () => Promise.resolve(true),
      readyWithinMs: 5_000,
      ended: () => Promise.reject(new Error('no space left')),
      onChange: (line) => told.push(line),
    })
    await service.start()
    t.teardown(() => service.stop())
    const first = service.pid ?? 0
    await rm(join(dir, 'log'), { recursive: true })
    await writeFile(join(dir, 'log'), 'a file where a folder is needed')
    process.kill(first, 'SIGKILL')
    await until(() => service.pid !== null && service.pid !== first)
    t.match(told, [/what should follow failed.*no space left/, /starting it again/, /goes without its log/])
  },
)

t.test('a part that ignores the request to stop is killed within its bound, with its children', async (t) => {
  const dir = await mkdtemp(join(t.testdir(), 'x'))
  const service = new Service({
    name: 'the stubborn part',
    command: '/bin/sh',
    args: ['-c', `trap '' TERM; sleep 60 & echo $! > ${join(dir, 'child')}; while :; do wait; done`],
    logFile: join(dir, 'part.log'),
    probe: async () =>
      readFile(join(dir, 'child'), 'utf8').then(
        (text) => text.endsWith('\n'),
        () => false,
      ),
    readyWithinMs: 5_000,
    stopWithinMs: 300,
  })
  await service.start()
  const child = Number(await readFile(join(dir, 'child'), 'utf8'))
  t.ok(markOf(child) !== null)
  await service.stop()
  t.equal(service.pid, null)
  // The child is killed with its process group; the kernel needs a moment to remove it.
  await until(() => markOf(child) === null)
})

t.test('the demo’s citizens call from the first trunk address that belongs to this machine', async (t) => {
  t.equal(await citizensAddress(['127.0.0.2']), '127.0.0.2')
  t.equal(await citizensAddress(['198.51.100.20', '10.0.0.0/8', '127.0.0.3', '127.0.0.2']), '127.0.0.3')
  const trunk = await citizensAddress(['198.51.100.20', '127.0.0.0/8'])
  t.equal(trunk, null)
  const demo = { url: '', line: '969', sip: { host: '127.0.0.1', port: 5060 }, trunk, accounts: [] }
  t.throws(() => citizensFrom(demo), { name: 'UserError', message: /TRUNK_HOSTS/ })
})

t.test('assertions are counted, and a file that breaks counts as a failure', async (t) => {
  const said: string[] = []
  const count = new TestCount((line) => said.push(line))
  count.input.end(
    [
      'TAP version 14',
      '# Subtest: a.test.ts',
      '    # Subtest: inner',
      '        ok 1 - fine',
      '        not ok 2 - wrong',
      '        1..2',
      '    not ok 1 - inner',
      '    1..1',
      'not ok 1 - a.test.ts # time=5ms',
      '# Subtest: b.test.ts',
      '    ok 1 - fine',
      '    1..1',
      'not ok 2 - b.test.ts # time=5ms',
      '  ---',
      '  exitCode: 1',
      '  ...',
      '# Subtest: c.test.ts',
      '    ok 1 - only for root # SKIP not root here',
      '    not ok 2 - later # TODO',
      '    1..2',
      'ok 3 - c.test.ts # time=5ms',
      '1..3',
      ' call-step.ts | 99.61 | 275',
      '',
    ].join('\n'),
  )
  t.strictSame(await count.ended(), { passed: 2, failed: 2, skipped: 2 })
  t.ok(said.some((line) => line.includes('c.test.ts › only for root: left out (not root here)')))
  t.ok(said.some((line) => line.includes('a.test.ts › inner › wrong')))
  t.equal(said.at(-1), ' call-step.ts | 99.61 | 275', 'uncovered lines are reported')
})

t.test('comments are printed for a failed file, and always for the simulator', async (t) => {
  const said: string[] = []
  const count = new TestCount((line) => said.push(line))
  count.input.end(
    [
      'TAP version 14',
      '# Subtest: a.test.ts',
      '    # Subtest: inner',
      '        # took 4 ms',
      '        ok 1 - fine',
      '        1..1',
      '    ok 1 - inner # time=5ms',
      '    1..1',
      'ok 1 - a.test.ts # time=5ms',
      '# Subtest: b.test.ts',
      '    # Subtest: inner',
      '        # SEED=17',
      '        #   3 ms  a caller',
      '        not ok 1 - wrong',
      '        1..1',
      '        # time=3ms',
      '    not ok 1 - inner # time=5ms',
      '    1..1',
      '    # { total: 1, fail: 1 }',
      'not ok 2 - b.test.ts # time=5ms',
      '# Subtest: test/tools/simulation/c.test.ts',
      '    # 5 transitions',
      '    ok 1 - fine',
      '    1..1',
      'ok 3 - test/tools/simulation/c.test.ts # time=5ms',
      '1..3',
      '',
    ].join('\n'),
  )
  await count.ended()
  t.strictSame(said, [
    'ok     a.test.ts (0.0 s)',
    '  ✗ b.test.ts › inner › wrong',
    'FAILED b.test.ts (0.0 s)',
    '  # SEED=17',
    '  #   3 ms  a caller',
    'ok     test/tools/simulation/c.test.ts (0.0 s)',
    '  # 5 transitions',
  ])
})
