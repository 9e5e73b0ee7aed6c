/** The machine that the figures were measured on. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { arch, cpus, loadavg, release, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { findAsterisk } from '../../../src/stack/install/asterisk-tree.ts'

const run = promisify(execFile)

export interface Machine {
  readonly at: string
  readonly commit: string | null
  readonly cores: number
  readonly processor: string
  readonly arch: string
  readonly loadAverage: readonly number[]
  readonly memoryBytes: number
  readonly kernel: string
  readonly node: string
  readonly asterisk: string | null
}

export async function machine(): Promise<Machine> {
  const processors = cpus()
  // Null in a copy without git.
  const commit = await run('git', ['rev-parse', 'HEAD']).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  )
  return {
    at: new Date().toISOString(),
    commit,
    cores: processors.length,
    processor: processors[0]?.model ?? 'unknown',
    arch: arch(),
    loadAverage: loadavg(),
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.version,
    asterisk: (await findAsterisk())?.version ?? null,
  }
}

/** A warning when other load on this machine distorts the figures; null: none. */
export function busySentence(): string | null {
  const [lastMinute = 0] = loadavg()
  const share = lastMinute / cpus().length
  if (share < 0.3) return null
  return `Note: this machine is busy (load ${lastMinute.toFixed(1)} on ${cpus().length} cores); the figures would be better on a quiet one.`
}

/** Steal time: the share (0 to 1) of processor time, from now until the returned function is called, that the host gave to others. */
export async function watchHost(): Promise<() => Promise<number>> {
  const before = await processorTicks()
  return async () => {
    const after = await processorTicks()
    return (after.stolen - before.stolen) / (after.all - before.all)
  }
}

/** The first line of /proc/stat. Its eighth figure is steal time, zero on bare metal. */
async function processorTicks(): Promise<{ readonly stolen: number; readonly all: number }> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n')
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number)
  return { stolen: ticks[7] ?? 0, all: ticks.reduce((sum, each) => sum + each, 0) }
}
