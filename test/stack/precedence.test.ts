/** Whose processor time comes first: what the kernel says of a part. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { Service, type ServiceOptions } from '../../src/stack/service.ts'
import { until } from '../support/until.ts'

const limit = /^Max realtime priority +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))
const mayTakeTurns = process.getuid?.() === 0 || Number(limit?.[1] ?? 0) >= 1
const noTurns = mayTakeTurns ? false : 'nobody may have real-time priority here'
const hasGroups = existsSync('/proc/self/autogroup')
const skip = hasGroups ? false : 'this kernel has no groups of sessions'

type Placing = Pick<ServiceOptions, 'precedence' | 'givesWay'>

function part(dir: string, placing: Placing, probe: () => Promise<boolean>): Service {
  return new Service({
    name: 'the part',
    command: '/bin/sleep',
    args: ['60'],
    logFile: join(dir, 'part.log'),
    probe,
    probeEveryMs: 50,
    lookEveryMs: 25,
    readyWithinMs: 30_000,
    ...placing,
  })
}

const groupOf = async ({ pid }: Service): Promise<number> =>
  Number(/nice (-?\d+)/.exec(await readFile(`/proc/${pid}/autogroup`, 'utf8'))?.[1])

/** As sched.h counts them. */
const policies = ['other', 'fifo', 'round robin']
/** The 41st field of proc_pid_stat(5); the second one is in brackets and may hold blanks. */
const policyOf = (pid: number): string | undefined => {
  try {
    return policies[Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[38])]
  } catch {
    return undefined
  }
}

t.test(
  'what makes the sound has its turn once it answers, and what it starts',
  { skip: noTurns },
  async (t) => {
    const dir = t.testdir()
    const goOn = join(dir, 'go-on')
    const service = new Service({
      ...part(dir, { precedence: 'in turn' }, () => Promise.resolve(true)).options,
      command: '/bin/sh',
      args: ['-c', `until [ -e ${goOn} ]; do sleep 0.1; done; sleep 603 & wait`],
    })
    await service.start()
    t.teardown(() => service.stop())
    await until(() => policyOf(service.pid ?? 0) === 'round robin')
    writeFileSync(goOn, '')
    await until(() => policyOf(childOf(service, 'sleep 603') ?? 0) === 'round robin')
    t.pass('both')
  },
)

t.test(
  'who connects people stands in the same row while he gets too little, and not what he starts',
  { skip: noTurns },
  async (t) => {
    const dir = t.testdir({ busy: '' })
    const busy = join(dir, 'busy')
    // Two who want the same processor, until the file is gone.
    const computing = `while [ -e ${busy} ]; do :; done; sleep 604 & wait`
    const one = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'
    const args = ['-c', one, 'sh', '-c', computing]
    const other = spawn('setpriv', ['--pdeathsig', 'KILL', 'taskset', ...args], {
      detached: true,
      stdio: 'ignore',
    })
    t.teardown(() => process.kill(-(other.pid ?? 0), 'SIGKILL'))
    const service = new Service({
      ...part(dir, { precedence: 'in turn while short' }, () => Promise.resolve(true)).options,
      command: 'taskset',
      args,
    })
    await service.start()
    t.teardown(() => service.stop())
    await until(() => policyOf(service.pid ?? 0) === 'round robin')
    rmSync(busy)
    let begun: string | undefined
    await until(() => (begun = policyOf(childOf(service, 'sleep 604') ?? 0)) !== undefined)
    t.equal(begun, 'other')
    await until(() => policyOf(service.pid ?? 0) === 'other')
  },
)

t.test('who is started again comes last until he answers', { skip }, async (t) => {
  let answers = true
  const mine = { precedence: 'in turn while short', givesWay: true } as const
  const service = part(t.testdir(), mine, () => Promise.resolve(answers))
  await service.start()
  t.teardown(() => service.stop())
  await until(async () => (await groupOf(service)) === 0)
  const first = service.pid ?? 0
  answers = false
  process.kill(first, 'SIGKILL')
  await until(() => service.pid !== null && service.pid !== first)
  await until(async () => (await groupOf(service)) === 10)
  answers = true
  await until(async () => (await groupOf(service)) === 0)
})

t.test('what it begins in a session of its own comes last, early or late', { skip }, async (t) => {
  const dir = t.testdir()
  const [begun, goOn] = [join(dir, 'begun'), join(dir, 'go-on')]
  const service = new Service({
    ...part(dir, { precedence: 'in turn while short' }, () => Promise.resolve(existsSync(begun))).options,
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
    await until(async () => / nice 19/.test(await readFile(`/proc/${pid}/autogroup`, 'utf8')))
    t.pass(`${child}, as encoding does`)
    writeFileSync(goOn, '')
  }
})

/** The one that runs this command by now. */
function childOf({ pid }: Service, command: string): number | null {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  const found = children.find((child) => {
    try {
      return readFileSync(`/proc/${child}/cmdline`, 'utf8').split('\0').join(' ').trim() === command
    } catch {
      // It has ended meanwhile.
      return false
    }
  })
  return found === undefined ? null : Number(found)
}
