/** What the figures were measured on. */
import { execFile } from 'node:child_process'
import { arch, cpus, loadavg, release, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { findAsterisk } from '../../src/stack/asterisk-tree.ts'

const run = promisify(execFile)

export async function machine(): Promise<Record<string, unknown>> {
  const processors = cpus()
  // A copy without git is measured too.
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

/** Whether others keep this machine busy; then the figures say more about them. */
export function busySentence(): string | null {
  const [lastMinute = 0] = loadavg()
  const share = lastMinute / cpus().length
  if (share < 0.3) return null
  return `Note: this machine is busy (load ${lastMinute.toFixed(1)} on ${cpus().length} cores); the figures would be better on a quiet one.`
}
