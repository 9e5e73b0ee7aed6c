/** A part under its supervisor: start, silence, restart and stop. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { markOf } from '../../../src/stack/lock.ts'
import { lives, Silence } from '../../../src/stack/services/liveness.ts'
import { Service } from '../../../src/stack/services/service.ts'
import { until } from '../../support/until.ts'

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
    // The answer comes a turn of the event loop later.
    await delay(10)
    return answer
  }
  const idle = spawn('sleep', ['60'], { stdio: 'ignore' })
  t.teardown(() => idle.kill('SIGKILL'))
  const pid = idle.pid ?? 0
  t.equal(await lives(() => heldUp(false), pid), null)
  t.equal(await lives(() => heldUp(true), pid), true)
  // Three probes, because a machine that stalls meanwhile makes a single result unknown (null).
  const answers: (boolean | null)[] = []
  for (let ask = 0; ask < 3; ask += 1) answers.push(await lives(() => delay(100, false), pid))
  t.ok(answers.includes(false), 'a negative answer counts as silence')
  t.notOk(answers.includes(true), 'and never as an answer')
})

t.test('what waits for a processor most of the time shows nothing by its silence', async (t) => {
  const loop = ['sh', '-c', 'while :; do :; done']
  const onFirstCore = (...command: string[]) => {
    const child = spawn('taskset', ['--cpu-list', '0', ...command], { stdio: 'ignore' })
    t.teardown(() => child.kill('SIGKILL'))
    return child.pid ?? 0
  }
  onFirstCore(...loop)
  const starved = onFirstCore('chrt', '--idle', '0', ...loop)
  await until(() => markOf(starved) !== null)
  const idle = onFirstCore('sleep', '60')
  const looks: (boolean | null)[][] = []
  // A machine that stalls makes one look unknown; ten do not stall.
  for (let look = 0; look < 10 && looks.at(-1)?.[1] !== false; look += 1)
    looks.push(await Promise.all([starved, idle].map((pid) => lives(() => delay(600, false), pid))))
  t.strictSame(looks.at(-1), [null, false])
})

t.test('three silent looks in a row are too many, and so are twenty-four unknown ones', async (t) => {
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
  const reports: string[] = []
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
      readyWithinMs: 3_000,
      startsMax: 2,
      onChange: (line) => reports.push(line),
    })
  const service = answersAt(2)
  t.teardown(() => service.stop())
  await service.start()
  t.match(reports, [/does not answer after 3 s; killing it/])
  t.ok(service.pid !== null)
  await service.stop()
  await rm(tries)
  await t.rejects(answersAt(3).start(), {
    name: 'UserError',
    message: /does not answer after 3 s\. The end of/,
  })
  t.equal(await readFile(tries, 'utf8'), 'one more\none more\n', 'no more than `startsMax` times')
})

t.test(
  'a part is restarted even when its log cannot be written and its `ended` callback fails',
  async (t) => {
    const dir = await mkdtemp(join(t.testdir(), 'x'))
    const reports: string[] = []
    const service = new Service({
      name: 'the part',
      command: '/bin/sleep',
      args: ['60'],
      logFile: join(dir, 'log', 'part.log'),
      probe: () => Promise.resolve(true),
      readyWithinMs: 5_000,
      ended: () => Promise.reject(new Error('no space left')),
      onChange: (line) => reports.push(line),
    })
    await service.start()
    t.teardown(() => service.stop())
    const first = service.pid ?? 0
    await rm(join(dir, 'log'), { recursive: true })
    await writeFile(join(dir, 'log'), 'a file where a folder is needed')
    process.kill(first, 'SIGKILL')
    await until(() => service.pid !== null && service.pid !== first)
    t.match(reports, [
      /what should follow failed.*no space left/,
      /starting it again/,
      /goes without its log/,
    ])
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

t.test('a Node part is dead when its event loop does not turn, not when it answers nobody', async (t) => {
  const dir = t.testdir({
    'part.mjs': `
      import { beat } from '${new URL('../../../src/heartbeat.ts', import.meta.url).href}'
      beat()
      setInterval(() => console.log('turned'), 500)
      process.on('SIGUSR2', () => { for (;;); })
      console.log('ready')`,
  })
  const logFile = join(dir, 'part.log')
  const printed = () => readFile(logFile, 'utf8').catch(() => '')
  const reports: string[] = []
  let asked = 0
  const service = new Service({
    name: 'the part',
    command: process.execPath,
    args: [join(dir, 'part.mjs')],
    logFile,
    // It answers once in each life: only the start asks.
    probe: async () => (await printed()).split('ready').length - 1 > asked && ++asked > 0,
    life: 'beats',
    lookEveryMs: 700,
    readyWithinMs: 60_000,
    onChange: (line) => reports.push(line),
  })
  t.teardown(() => service.stop())
  await service.start()
  const { pid } = service
  // Five looks.
  await until(async () => (await printed()).split('turned').length > 7)
  t.equal(service.pid, pid)
  t.strictSame(reports, [])
  process.kill(pid ?? 0, 'SIGUSR2')
  await until(() => service.pid !== null && service.pid !== pid, 60_000)
  t.match(reports, [/does not answer any more; killing it/, /starting it again/])
})

t.test('a start that computes goes on beyond the time that an idle one has', async (t) => {
  const dir = t.testdir()
  const up = join(dir, 'up')
  const service = new Service({
    name: 'the part',
    command: process.execPath,
    args: [
      '-e',
      `while (performance.now() < 3000); require('fs').writeFileSync('${up}', ''); setInterval(() => 0, 1e6)`,
    ],
    logFile: join(dir, 'part.log'),
    probe: () => Promise.resolve(existsSync(up)),
    readyWithinMs: 1_000,
  })
  t.teardown(() => service.stop())
  await service.start()
  t.ok(service.isUp)
})
