/** Runs test files in a few processes at a time (`lane.ts`), which take the next file as soon as they are free. */
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import type { Say } from '../../../src/stack/terminal.ts'
import { signalAll, markedProcesses } from './left-processes.ts'
import { TestCount, type FileResult } from './test-count.ts'

/** To a lane: the next file; null: there is none, end. */
export interface LaneTask {
  readonly file: string | null
}

/** From a lane, when it is ready for a file: the one that it has run; null: none yet. */
export interface LaneAnswer {
  readonly file: string | null
  /** What the file has spent, with its children. */
  readonly processorS: number
  /** It takes no further file. */
  readonly ends: boolean
}

export interface LaneOptions {
  /** Marks all processes of the run. */
  readonly run: string
  readonly lanes: number
  /** Bound of one file, at which its lane ends it; a lane that has not done so `stuckS` later is killed. */
  readonly withinS: number
  readonly stuckS: number
  readonly env: NodeJS.ProcessEnv
  readonly say: Say
  /** The folder of the lanes' complete output, and the beginning of its files' names. */
  readonly results: string
  readonly name: string
  readonly ending: AbortSignal
}

const lane = join(import.meta.dirname, 'lane.ts')
/** Megabytes. With Node's usual 16 the collector takes an eighth of a lane's time. */
const youngHeap = '--max-semi-space-size=64'
/** A lane ends what its files share: systems, browsers, databases. */
const endsWithinMs = 60_000

/** Each file's result, in the order in which they ended. */
export async function runInLanes(
  files: readonly string[],
  options: LaneOptions,
): Promise<readonly FileResult[]> {
  const left = [...files]
  const next = (): string | null => (options.ending.aborted ? null : (left.shift() ?? null))
  const results: FileResult[] = []
  let started = 0
  await Promise.all(
    Array.from({ length: Math.min(options.lanes, files.length) }, async () => {
      // A lane whose process breaks is followed by another.
      while (left.length > 0 && !options.ending.aborted)
        results.push(...(await runLane(`${options.name}-${++started}`, next, options)))
    }),
  )
  return results
}

async function runLane(
  name: string,
  next: () => string | null,
  { run, withinS, stuckS, env, say, results, ending }: LaneOptions,
): Promise<readonly FileResult[]> {
  const count = new TestCount(say)
  // A session of its own: Linux shares the processor between sessions.
  const child = spawn(process.execPath, [youngHeap, lane, run, String(withinS)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    detached: true,
  })
  const { stdout } = child
  if (stdout === null) throw new Error('the lane has no output')
  stdout.pipe(createWriteStream(join(results, `${name}.tap`)))
  stdout.pipe(count.input)
  let current: string | null = null
  let ran = 0
  let why: string | null = null
  let bound: NodeJS.Timeout | undefined
  const kill = (reason: string): void => {
    why ??= reason
    if (current !== null) signalAll(markedProcesses(run, current), 'SIGKILL')
    child.kill('SIGKILL')
  }
  const stop = (): void => kill('the run was ended')
  ending.addEventListener('abort', stop)
  child.on('message', (message: object) => {
    // tap sends its own messages.
    if (!isAnswer(message)) return
    if (message.file !== null) {
      ran++
      count.spent(message.file, message.processorS)
    }
    clearTimeout(bound)
    current = message.ends ? null : next()
    child.send({ file: current } satisfies LaneTask, () => undefined)
    const [ms, reason] =
      current === null
        ? [endsWithinMs, `the lane ${name} did not end within ${endsWithinMs / 1_000} s`]
        : [(withinS + stuckS) * 1_000, `${current} did not end within its ${withinS} s`]
    bound = setTimeout(() => kill(reason), ms)
  })
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...ended) => resolve(ended))
  })
  clearTimeout(bound)
  ending.removeEventListener('abort', stop)
  const early =
    current === null && signal === null ? null : `the lane ${name} ended early (${signal ?? `code ${code}`})`
  const broke = why ?? early
  const counted = await count.ended()
  if (broke !== null && !ending.aborted) count.fail(current, broke)
  // tap also fails without a failed assertion.
  else if (code !== 0 && ran > 0 && counted.every(({ failures }) => failures.length === 0))
    count.fail(current, `the lane ${name} ended with code ${code}, and no test failed`)
  return count.ended()
}

const isAnswer = (message: object): message is LaneAnswer => 'file' in message
