/** Runs one part of the proof in a process group of its own, and ends whatever it leaves. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endLeftProcesses, mark, markOf } from '../../test/support/run/left-processes.ts'
import type { Part } from './parts.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

export interface Outcome {
  readonly part: string
  /** Null: it has passed. */
  readonly failure: string | null
  readonly minutes: number
  readonly figures: readonly string[]
}

/** An interrupted part takes its system down; PostgreSQL takes the longest. */
const endsWithinMs = 60_000
const figuresMax = 20
/** Of a part that failed without its own figures, as by an exception. */
const lastLines = 5
const lineMax = 240

/** An endless loop that ends with the process that started it, however that one ends. */
const busyLoop = 'const parent = process.ppid; while (process.ppid === parent);'

/** `folder` receives its output. `ending` ends the part early. */
export async function runPart(part: Part, folder: string, ending: AbortSignal): Promise<Outcome> {
  const run = `prove-${process.pid}`
  await mkdir(folder, { recursive: true })
  const log = join(folder, `${part.name}.log`)
  const output = openSync(log, 'w')
  const began = performance.now()
  const loops = Array.from({ length: part.busyLoops ?? 0 }, () =>
    spawn(process.execPath, ['-e', busyLoop], { stdio: 'ignore' }),
  )
  let failure: string | null
  try {
    const child = spawn(process.execPath, part.program, {
      cwd: root,
      env: environmentOf(part, run),
      stdio: ['ignore', output, output],
      detached: true,
    })
    failure = await endOf(child, part, ending)
  } finally {
    for (const loop of loops) loop.kill()
    closeSync(output)
  }
  const left = await endLeftProcesses(run, part.name)
  if (failure === null && left.length > 0)
    failure = `left processes, now killed: ${left.map(({ command }) => command).join('; ')}`
  const minutes = (performance.now() - began) / 60_000
  const figures = figuresIn(await readFile(log, 'utf8'), part, failure)
  return { part: part.name, failure, minutes, figures }
}

/** As in the Makefile, so that `node tools/prove/main.ts` is enough. A test file by itself has tap's bound, half a minute. */
const environmentOf = (part: Part, run: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env['PATH']}`,
  TAP_TIMEOUT: String(Math.ceil(part.minutesMax * 60)),
  ...part.env,
  // In a test file of `make test`, whose own mark lets a killed run find the part.
  [mark]: process.env[mark] ?? markOf(run, part.name),
})

/** Null when it has ended well within its bound. */
async function endOf(child: ChildProcess, part: Part, ending: AbortSignal): Promise<string | null> {
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const bound = AbortSignal.timeout(part.minutesMax * 60_000)
  const stop = AbortSignal.any([ending, bound])
  let killing: NodeJS.Timeout | undefined
  const end = (): void => {
    signalGroup(child, 'SIGINT')
    killing = setTimeout(() => signalGroup(child, 'SIGKILL'), endsWithinMs)
  }
  if (stop.aborted) end()
  else stop.addEventListener('abort', end, { once: true })
  try {
    const [code, signal] = await ended
    if (ending.aborted) return 'interrupted'
    if (bound.aborted) return `not finished within ${part.minutesMax} minutes`
    return code === 0 ? null : `ended with ${code ?? signal}`
  } finally {
    stop.removeEventListener('abort', end)
    clearTimeout(killing)
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** Without folders of this machine, since the page is committed. */
function figuresIn(output: string, { figures }: Part, failure: string | null): readonly string[] {
  const lines = output
    .split('\n')
    .map((line) => line.replaceAll(root, '').trim().replace(/^# /, ''))
    .filter((line) => line !== '')
  const own = lines.filter((line) => figures.test(line))
  const shown = own.length > 0 || failure === null ? own : lines.slice(-lastLines)
  return shown.slice(-figuresMax).map((line) => line.slice(0, lineMax))
}
