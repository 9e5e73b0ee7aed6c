/** A part under its supervisor: start, silence, restart and stop. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { markOf } from '../../../src/stack/lock.ts'
import { answersNow, Silence } from '../../../src/stack/services/probes.ts'
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
