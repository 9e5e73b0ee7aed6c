/** When the machine itself was slow: whatever is measured then is the host's. */
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { slowMs, type Slow } from './pace-meter.ts'

export type { Slow } from './pace-meter.ts'

export interface Pace {
  /** Until now, by the wall clock; ends the measuring. Null: it has broken. */
  stop(): Promise<readonly Slow[] | null>
}

const run = promisify(execFile)
const program = fileURLToPath(new URL('pace-program.ts', import.meta.url))
const answerMs = 5_000

/** Null where nobody may have a processor before all others. */
export async function watchPace(): Promise<Pace | null> {
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = once(child, 'exit')
  try {
    await once(child, 'spawn')
    await run('chrt', ['--all-tasks', '--fifo', '--pid', '90', `${child.pid}`])
  } catch {
    child.kill('SIGKILL')
    await gone
    return null
  }
  return {
    async stop() {
      const told = new Promise<readonly Slow[]>((resolve) => {
        child.once('message', (slow: readonly Slow[]) => resolve(slow))
      })
      if (child.connected) child.send('tell', () => undefined)
      const slow = await Promise.race([told, gone.then(() => null), delay(answerMs, null, { ref: false })])
      child.kill('SIGKILL')
      await gone
      return slow
    },
  }
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
    `the machine ran at less than a third of its pace for ${(slowShare(slow, span) * 100).toFixed(1)} % of the time, ` +
    `${within.length} times, up to ${longestMs.toFixed(0)} ms`
  )
}
