/** Records when the machine itself was slow or stalled: a delay measured then is the host's, not Linia's. */
import { spawn, type ChildProcess } from 'node:child_process'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { merged, slowMs, type Slow } from './pace-meter.ts'

export type { Slow } from './pace-meter.ts'

export interface Pace {
  /** The slow periods until now, in wall-clock time and in order; null when the measurement has failed. */
  slow(): readonly Slow[] | null
  /** Ends the measurement and returns all slow periods. */
  stop(): Promise<readonly Slow[] | null>
}

const program = fileURLToPath(new URL('pace-program.ts', import.meta.url))
/** Bound for the program's start. */
const readyWithinMs = 20_000

/** Null when real-time priority is not permitted. */
export async function watchPace(): Promise<Pace | null> {
  const slow: Slow[] = []
  const watchers = cpus().map((_, cpu) => watcherOf(cpu, slow))
  const works = await Promise.all(watchers.map(({ ready }) => ready))
  let broken = works.includes(false)
  const end = async (): Promise<void> => {
    for (const { child } of watchers) child.kill('SIGKILL')
    await Promise.all(watchers.map(({ gone }) => gone))
  }
  if (broken) {
    await end()
    return null
  }
  let ends = false
  for (const { child } of watchers) child.once('exit', () => (broken ||= !ends))
  const recorded = (): readonly Slow[] | null => (broken ? null : merged(slow))
  return {
    slow: recorded,
    async stop() {
      ends = true
      await end()
      return recorded()
    },
  }
}

interface Watcher {
  readonly child: ChildProcess
  /** False: it ended before it was ready. */
  readonly ready: Promise<boolean>
  /** Resolves when the process has ended and its output is read. */
  readonly gone: Promise<unknown>
}

function watcherOf(cpu: number, slow: Slow[]): Watcher {
  const words = ['--fifo', '90', 'taskset', '--cpu-list', String(cpu), process.execPath, program]
  const child = spawn('chrt', words, { stdio: ['ignore', 'pipe', 'ignore'] })
  // A missing program emits `error` and no `close`.
  const gone = new Promise((resolve) => child.once('close', resolve).once('error', resolve))
  const bound = setTimeout(() => child.kill('SIGKILL'), readyWithinMs)
  const ready = readyOf(child.stdout, slow).finally(() => clearTimeout(bound))
  return { child, ready, gone }
}

function readyOf(output: Readable, slow: Slow[]): Promise<boolean> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: output })
    lines.on('line', (line) => {
      if (line === 'ready') resolve(true)
      else slow.push(JSON.parse(line) as Slow)
    })
    lines.on('close', () => resolve(false))
  })
}

/** The share (0 to 1) of this span in which the machine was slow. */
export const slowShare = (slow: readonly Slow[], span: Slow): number =>
  slowMs(slow, span) / (span.to - span.from)

/** The slow periods within this span, summarized in a sentence. */
export function paceSentence(slow: readonly Slow[], span: Slow): string {
  const within = slow.filter(({ from, to }) => from < span.to && to > span.from)
  if (within.length === 0) return 'the machine kept its pace'
  const longestMs = Math.max(...within.map(({ from, to }) => to - from))
  return (
    `the machine stood still or ran at less than a third of its pace for ${(slowShare(slow, span) * 100).toFixed(1)} % of the time, ` +
    `${within.length} times, up to ${longestMs.toFixed(0)} ms`
  )
}
