/** Whose turn it is: what the kernel says of a part. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { placeWhenUp, shortenTurns, takeTurns } from '../../src/stack/privileges/cpu-scheduling.ts'
import { stateOf } from '../../src/stack/privileges/process-state.ts'
import { Service, type ServiceOptions } from '../../src/stack/services/service.ts'
import { until } from '../support/until.ts'

const limit = /^Max realtime priority +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
const isRoot = process.getuid?.() === 0
/** Of this kernel, in ms; NaN: it does not say. */
const turnFile = '/proc/sys/kernel/sched_rr_timeslice_ms'
const turnMs = () => (existsSync(turnFile) ? Number(readFileSync(turnFile, 'utf8')) : NaN)
const before = turnMs()
if (isRoot) await shortenTurns()
t.teardown(() => {
  if (isRoot && !Object.is(turnMs(), before)) writeFileSync(turnFile, `${before}`)
})
const mayTakeTurns = turnMs() <= 10 && (isRoot || Number(limit?.[1] ?? 0) >= 1)
const noTurns = mayTakeTurns ? false : 'nobody may have real-time priority here'
const hasGroups = existsSync('/proc/self/autogroup')
const skip = hasGroups ? false : 'this kernel has no groups of sessions'

function part(dir: string, placing: Partial<ServiceOptions>): Service {
  return new Service({
    name: 'the part',
    command: '/bin/sleep',
    args: ['60'],
    logFile: join(dir, 'part.log'),
    probe: () => Promise.resolve(true),
    probeEveryMs: 50,
    lookEveryMs: 25,
    readyWithinMs: 30_000,
    ...placing,
  })
}

const groupOf = async (pid: number): Promise<number> =>
  Number(/nice (-?\d+)/.exec(await readFile(`/proc/${pid}/autogroup`, 'utf8'))?.[1])

/** As sched.h counts them. */
const policies = ['other', 'fifo', 'round robin']
/** The 41st field of proc_pid_stat(5); undefined: not begun, or it has ended. */
const policyOf = (pid: number | null | undefined): string | undefined =>
  policies[Number(stateOf(pid ?? 0)?.[38])]

t.test('media have their turn once they answer, and what they start', { skip: noTurns }, async (t) => {
  const dir = t.testdir()
  const [up, goOn] = [join(dir, 'up'), join(dir, 'go-on')]
  const service = part(dir, {
    precedence: 'media',
    probe: () => Promise.resolve(existsSync(up)),
    command: '/bin/sh',
    args: ['-c', `until [ -e ${goOn} ]; do sleep 0.1; done; sleep 603 & wait`],
  })
  t.teardown(() => service.stop())
  const started = service.start()
  await until(() => childrenOf(service).length > 0)
  t.equal(policyOf(service.pid), 'other', 'none while they start')
  writeFileSync(up, '')
  await started
  await until(() => policyOf(service.pid) === 'round robin')
  writeFileSync(goOn, '')
  let policy: string | undefined
  await until(() => (policy = policyOf(childOf(service, 'sleep 603'))) !== undefined)
  t.equal(policy, 'round robin')
})

t.test(
  'control has its turn while it gets too little of the processor, and not what it starts',
  { skip: noTurns },
  async (t) => {
    const dir = t.testdir({ busy: '' })
    const busy = join(dir, 'busy')
    // Six who want the same processor, until the file is gone.
    const computing = `while [ -e ${busy} ]; do :; done; sleep 604 & wait`
    const one = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
    const args = ['-c', one, 'sh', '-c', computing]
    for (let other = 1; other < 6; other += 1) {
      const { pid } = spawn('setpriv', ['--pdeathsig', 'KILL', 'taskset', ...args], {
        detached: true,
        stdio: 'ignore',
      })
      t.teardown(() => process.kill(-(pid ?? 0), 'SIGKILL'))
    }
    const service = part(dir, { precedence: 'control', command: 'taskset', args })
    await service.start()
    t.teardown(() => service.stop())
    await until(() => policyOf(service.pid) === 'round robin')
    rmSync(busy)
    let policy: string | undefined
    await until(() => (policy = policyOf(childOf(service, 'sleep 604'))) !== undefined)
    t.equal(policy, 'other')
    await until(() => policyOf(service.pid) === 'other')
  },
)

t.test(
  'where a turn is long, all stay alike',
  { skip: isRoot ? noTurns : 'only root may say so' },
  async (t) => {
    writeFileSync(turnFile, '100')
    t.teardown(() => shortenTurns())
    const service = part(t.testdir(), {})
    await service.start()
    t.teardown(() => service.stop())
    await placeWhenUp(service.pid ?? 0, 'media', 25, new AbortController().signal)
    t.equal(policyOf(service.pid), 'other')
    await takeTurns(service.pid ?? 0)
    t.equal(policyOf(service.pid), 'other')
  },
)

t.test('who is started again comes last until he answers', { skip }, async (t) => {
  let answers = true
  const service = part(t.testdir(), {
    precedence: 'control',
    givesWay: true,
    probe: () => Promise.resolve(answers),
  })
  await service.start()
  t.teardown(() => service.stop())
  const first = service.pid ?? 0
  answers = false
  process.kill(first, 'SIGKILL')
  await until(() => service.pid !== null && service.pid !== first)
  await until(async () => (await groupOf(service.pid ?? 0)) === 10)
  answers = true
  await until(async () => (await groupOf(service.pid ?? 0)) === 0)
})

t.test('what it begins in a session of its own comes last, early or late', { skip }, async (t) => {
  const dir = t.testdir()
  const [begun, goOn] = [join(dir, 'begun'), join(dir, 'go-on')]
  const service = part(dir, {
    precedence: 'control',
    probe: () => Promise.resolve(existsSync(begun)),
    command: '/bin/sh',
    args: [
      '-c',
      `setsid sleep 601 & sleep 0.3; touch ${begun}; until [ -e ${goOn} ]; do sleep 0.1; done; setsid sleep 602 & wait`,
    ],
  })
  await service.start()
  t.teardown(() => service.stop())
  for (const child of ['sleep 601', 'sleep 602']) {
    let pid = NaN
    await until(() => (pid = childOf(service, child) ?? NaN) > 0)
    t.teardown(() => process.kill(pid, 'SIGKILL'))
    await until(async () => (await groupOf(pid)) === 19)
    t.pass(`${child}, as encoding does`)
    writeFileSync(goOn, '')
  }
})

/** The one that runs this command by now. */
function childOf(service: Service, command: string): number | undefined {
  return childrenOf(service).find((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0').join(' ').trim() === command
    } catch {
      // It has ended meanwhile.
      return false
    }
  })
}

function childrenOf({ pid }: Service): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}
