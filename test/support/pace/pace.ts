/** When the machine itself was slow or stood still: whatever is measured then is the host's. */
import { spawn, type ChildProcess } from 'node:child_process'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { merged, slowMs, type Slow } from './pace-meter.ts'

export type { Slow } from './pace-meter.ts'

export interface Pace {
  /** The stretches until now, by the wall clock, in order. Null: it has broken. */
  slow(): readonly Slow[] | null
  /** Ends the measuring; the same for the last time. */
  stop(): Promise<readonly Slow[] | null>
}

const program = fileURLToPath(new URL('pace-program.ts', import.meta.url))
/** Its start. */
const readyWithinMs = 20_000

/** Null where nobody may have a processor before all others. */
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
  const told = (): readonly Slow[] | null => (broken ? null : merged(slow))
  return {
    slow: told,
    async stop() {
      ends = true
      await end()
      return told()
    },
  }
}

interface Watcher {
  readonly child: ChildProcess
  /** False: it has ended before it could begin. */
  readonly ready: Promise<boolean>
  /** All that it told is read. */
  readonly gone: Promise<unknown>
}

function watcherOf(cpu: number, slow: Slow[]): Watcher {
  const words = ['--fifo', '90', 'taskset', '--cpu-list', String(cpu), process.execPath, program]
  const child = spawn('chrt', words, { stdio: ['ignore', 'pipe', 'ignore'] })
  // A program that is missing has an error and no end.
  const gone = new Promise((resolve) => child.once('close', resolve).once('error', resolve))
  const bound = setTimeout(() => child.kill('SIGKILL'), readyWithinMs)
  const ready = readyOf(child.stdout, slow).finally(() => clearTimeout(bound))
  return { child, ready, gone }
}

function readyOf(told: Readable, slow: Slow[]): Promise<boolean> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: told })
    lines.on('line', (line) => {
      if (line === 'ready') resolve(true)
      else slow.push(JSON.parse(line) as Slow)
    })
    lines.on('close', () => resolve(false))
  })
}

/** The share of this time (0 to 1) in which it was slow. */
export const slowShare = (slow: readonly Slow[], span: Slow): number =>
  slowMs(slow, span) / (span.to - span.from)

/** What of these is within this time, in a sentence. */
export function paceSentence(slow: readonly Slow[], span: Slow): string {
  const within = slow.filter(({ from, to }) => from < span.to && to > span.from)
  if (within.length === 0) return 'the machine kept its pace'
  const longestMs = Math.max(...within.map(({ from, to }) => to - from))
  return (
    `the machine stood still or ran at less than a third of its pace for ${(slowShare(slow, span) * 100).toFixed(1)} % of the time, ` +
    `${within.length} times, up to ${longestMs.toFixed(0)} ms`
  )
}
