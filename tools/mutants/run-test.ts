/** Runs one test file to its first failure. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mark, markedProcesses, markOf, signalAll } from '../../test/support/run/left-processes.ts'

export interface TestRun {
  readonly end: 'passed' | 'failed' | 'timeout'
  /** Processor time of the file and of the processes that it has waited for. */
  readonly cpuS: number
}

export interface Where {
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Bound of each file, by the wall clock. */
  readonly withinS: number
  readonly ending: AbortSignal
}

/** The processor time of a program and its children is written to a pipe that they do not inherit. */
const timed = '"$0" "$1" 3>&-; code=$?; times >&3; exit $code'

/** Leaves no process and no temporary file of the test. @throws when `ending` is aborted. */
export async function runTest(file: string, { root, env, withinS, ending }: Where): Promise<TestRun> {
  ending.throwIfAborted()
  const run = `mutants-${process.pid}-${root}`
  const folder = await mkdtemp(join(tmpdir(), 'linia-mutant-'))
  // Services of other users write to it too.
  await chmod(folder, 0o1777)
  const { NODE_OPTIONS: _, ...others } = env
  const child = spawn('sh', ['-c', timed, process.execPath, file], {
    cwd: root,
    env: {
      ...others,
      TAP_BAIL: '1',
      TAP_TIMEOUT: String(withinS),
      TMPDIR: folder,
      NODE_COMPILE_CACHE: join(root, 'var/compiled'),
      [mark]: markOf(run, file),
    },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let times = ''
  child.stdio[3]?.on('data', (piece: Buffer) => {
    times += piece.toString()
  })
  const kill = (): void => signalAll(markedProcesses(run, file), 'SIGKILL')
  let late = false
  const bound = setTimeout(() => {
    late = true
    kill()
  }, withinS * 1_000)
  ending.addEventListener('abort', kill)
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    ending.throwIfAborted()
    if (late) return { end: 'timeout', cpuS: withinS }
    return { end: code === 0 ? 'passed' : 'failed', cpuS: secondsOf(times) }
  } finally {
    clearTimeout(bound)
    ending.removeEventListener('abort', kill)
    kill()
    await rm(folder, { recursive: true, force: true })
  }
}

/** User and system time of the children: the second line of the shell's `times`, as in `0m1.250s 0m0.310s`. */
function secondsOf(times: string): number {
  const ofChildren = times.split('\n')[1] ?? ''
  return [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)]
    .map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds))
    .reduce((sum, each) => sum + each, 0)
}
