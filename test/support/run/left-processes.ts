/**
 * Processes that a test file has started and not ended. They are found by a mark in their environment, which children
 * inherit even across a change of user and the death of their parents.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** The variable; its value is `<run> <file>`. The stack passes it on to the parts that it starts. */
export const mark = 'LINIA_TEST_FILE'

export const markOf = (run: string, file: string): string => `${run} ${file}`

export interface LeftProcess {
  readonly pid: number
  readonly file: string
  readonly command: string
}

/** A part that ends with its supervisor needs a moment, PostgreSQL the longest. */
const leaveWithinMs = 10_000
/** A killed process disappears once the kernel has freed its memory. */
const diesWithinMs = 5_000
const lookEveryMs = 100

/** Processes of a run, or of one of its files. */
export function markedProcesses(run: string, file?: string): readonly LeftProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) return []
    const of = fileIn(pid, run)
    return of === null || (file !== undefined && of !== file)
      ? []
      : { pid, file: of, command: commandOf(pid) }
  })
}

/** Waits for processes that are about to end, kills the others and returns the killed ones. */
export async function endLeftProcesses(run: string, file?: string): Promise<readonly LeftProcess[]> {
  if (await goneWithin(leaveWithinMs, run, file)) return []
  const left = markedProcesses(run, file)
  signalAll(left, 'SIGKILL')
  await goneWithin(diesWithinMs, run, file)
  return left
}

export function signalAll(processes: readonly LeftProcess[], signal: NodeJS.Signals): void {
  for (const { pid } of processes)
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended, or belongs to another user.
    }
}

async function goneWithin(boundMs: number, run: string, file?: string): Promise<boolean> {
  const giveUpAt = performance.now() + boundMs
  while (markedProcesses(run, file).length > 0) {
    if (performance.now() > giveUpAt) return false
    await setTimeout(lookEveryMs)
  }
  return true
}

function fileIn(pid: number, run: string): string | null {
  const start = `${mark}=${run} `
  try {
    const found = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .find((one) => one.startsWith(start))
    return found === undefined ? null : found.slice(start.length)
  } catch {
    // It has ended, or belongs to another user.
    return null
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 200)
  } catch {
    return '(already ended)'
  }
}

/** What `start` starts belongs to this process, which ends it, and to none of its files. */
export async function ofProcess<Value>(start: () => Promise<Value>): Promise<Value> {
  const { [mark]: marked } = process.env
  if (marked === undefined) return start()
  const [run = ''] = marked.split(' ')
  process.env[mark] = markOf(run, 'shared')
  try {
    return await start()
  } finally {
    process.env[mark] = marked
  }
}
