/** CPU scheduling of the stack's parts, as the kernel reports it in /proc. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import {
  scheduleOnceReady,
  shortenTimeSlice,
  enableRealTime,
} from '../../../src/stack/privileges/cpu-scheduling.ts'
import { stateOf } from '../../../src/stack/privileges/process-state.ts'
import { Service, type ServiceOptions } from '../../../src/stack/services/service.ts'
import { until } from '../../support/until.ts'

const limit = /^Max realtime priority +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
const isRoot = process.getuid?.() === 0
const timeSliceFile = '/proc/sys/kernel/sched_rr_timeslice_ms'
/** NaN: the kernel has no such file. */
const timeSliceMs = () => (existsSync(timeSliceFile) ? Number(readFileSync(timeSliceFile, 'utf8')) : NaN)
const before = timeSliceMs()
if (isRoot) await shortenTimeSlice()
t.teardown(() => {
  if (isRoot && !Object.is(timeSliceMs(), before)) writeFileSync(timeSliceFile, `${before}`)
})
const mayUseRealTime = timeSliceMs() <= 10 && (isRoot || Number(limit?.[1] ?? 0) >= 1)
const noRealTime = mayUseRealTime ? false : 'real-time priority is not permitted here'
const hasAutogroups = existsSync('/proc/self/autogroup')
const skip = hasAutogroups ? false : 'this kernel has no autogroups'

function part(dir: string, change: Partial<ServiceOptions>): Service {
  return new Service({
    name: 'the part',
    command: '/bin/sleep',
    args: ['60'],
    logFile: join(dir, 'part.log'),
    probe: () => Promise.resolve(true),
    lookEveryMs: 50,
    starvationCheckEveryMs: 25,
    readyWithinMs: 30_000,
    ...change,
  })
}

const autogroupNiceOf = async (pid: number): Promise<number> =>
  Number(/nice (-?\d+)/.exec(await readFile(`/proc/${pid}/autogroup`, 'utf8'))?.[1])

/** In the order of sched.h. */
const policies = ['other', 'fifo', 'round robin']
/** Field 41 of proc_pid_stat(5); undefined: the process has not started or has ended. */
const policyOf = (pid: number | null | undefined): string | undefined =>
  policies[Number(stateOf(pid ?? 0)?.[38])]

t.test(
  'a media process and its children get real-time priority once it answers',
  { skip: noRealTime },
  async (t) => {
    const dir = t.testdir()
    const [up, goOn] = [join(dir, 'up'), join(dir, 'go-on')]
    const service = part(dir, {
      cpuScheduling: 'media',
      probe: () => Promise.resolve(existsSync(up)),
      command: '/bin/sh',
      args: ['-c', `until [ -e ${goOn} ]; do sleep 0.1; done; sleep 603 & wait`],
    })
    t.teardown(() => service.stop())
    const started = service.start()
    await until(() => childrenOf(service).length > 0)
    t.equal(policyOf(service.pid), 'other', 'no priority during the start')
    writeFileSync(up, '')
    await started
    await until(() => policyOf(service.pid) === 'round robin')
    writeFileSync(goOn, '')
    let policy: string | undefined
    await until(() => (policy = policyOf(childOf(service, 'sleep 603'))) !== undefined)
    t.equal(policy, 'round robin')
  },
)

t.test(
  'a control process gets real-time priority while it is starved; its children do not',
  { skip: noRealTime },
  async (t) => {
    const dir = t.testdir({ busy: '' })
    const busy = join(dir, 'busy')
    // Six processes compete for one processor until the file is removed.
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
    const service = part(dir, { cpuScheduling: 'control', command: 'taskset', args })
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
  'with a long time slice every process keeps the default policy',
  { skip: isRoot ? noRealTime : 'only root may change the time slice' },
  async (t) => {
    writeFileSync(timeSliceFile, '100')
    t.teardown(() => shortenTimeSlice())
    const service = part(t.testdir(), {})
    await service.start()
    t.teardown(() => service.stop())
    await scheduleOnceReady(service.pid ?? 0, 'media', 25, new AbortController().signal)
    t.equal(policyOf(service.pid), 'other')
    await enableRealTime(service.pid ?? 0)
    t.equal(policyOf(service.pid), 'other')
  },
)

t.test(
  'a process whose work another one does restarts with a low priority until it answers',
  { skip },
  async (t) => {
    let answers = true
    let isReplaced = true
    const service = part(t.testdir(), {
      cpuScheduling: 'control',
      hasSubstitute: () => isReplaced,
      probe: () => Promise.resolve(answers),
    })
    await service.start()
    t.teardown(() => service.stop())
    const first = service.pid ?? 0
    answers = false
    process.kill(first, 'SIGKILL')
    await until(() => service.pid !== null && service.pid !== first)
    await until(async () => (await autogroupNiceOf(service.pid ?? 0)) === 10)
    const second = service.pid ?? 0
    process.kill(second, 'SIGKILL')
    await until(() => service.pid !== null && service.pid !== second)
    // A lowered priority would be there by then.
    await delay(300)
    t.equal(await autogroupNiceOf(service.pid ?? 0), 0, 'a start in vain is not repeated with a low priority')
    answers = true
    const third = service.pid ?? 0
    await until(() => service.isUp)
    // The low priority is not looked for faster than it ends.
    answers = false
    process.kill(third, 'SIGKILL')
    await until(() => service.pid !== null && service.pid !== third)
    await until(async () => (await autogroupNiceOf(service.pid ?? 0)) === 10)
    answers = true
    await until(async () => (await autogroupNiceOf(service.pid ?? 0)) === 0)
    await until(() => service.isUp)

    const fourth = service.pid ?? 0
    isReplaced = false
    answers = false
    process.kill(fourth, 'SIGKILL')
    await until(() => service.pid !== null && service.pid !== fourth)
    t.notOk(service.isUp)
    // A lowered priority would be there by then.
    await delay(300)
    t.equal(await autogroupNiceOf(service.pid ?? 0), 0, 'without a substitute it has the usual priority')
  },
)

t.test(
  'children in sessions of their own get the lowest priority, whenever they start',
  { skip },
  async (t) => {
    const dir = t.testdir()
    const [begun, goOn] = [join(dir, 'begun'), join(dir, 'go-on')]
    const service = part(dir, {
      cpuScheduling: 'control',
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
      await until(async () => (await autogroupNiceOf(pid)) === 19)
      t.pass(`${child}, like an encoder`)
      writeFileSync(goOn, '')
    }
  },
)

/** The child that runs this command. */
function childOf(service: Service, command: string): number | undefined {
  return childrenOf(service).find((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0').join(' ').trim() === command
    } catch {
      // It has ended.
      return false
    }
  })
}

function childrenOf({ pid }: Service): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}
