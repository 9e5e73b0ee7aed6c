/** When the machine itself was slow: whatever is measured then is the host's. */
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Slow } from './pace-meter.ts'

export type { Slow } from './pace-meter.ts'

export interface Pace {
  /** Until now, by the wall clock; ends the measuring. */
  stop(): Promise<readonly Slow[]>
}

const run = promisify(execFile)
const program = fileURLToPath(new URL('pace-program.ts', import.meta.url))

/** Null where nobody may have a processor before all others: root alone can. */
export async function watchPace(): Promise<Pace | null> {
  if (process.getuid?.() !== 0) return null
  const child = fork(program, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  await once(child, 'spawn')
  await run('chrt', ['--all-tasks', '--fifo', '--pid', '90', `${child.pid}`])
  return {
    async stop() {
      const told = once(child, 'message') as Promise<[readonly Slow[]]>
      child.send('tell')
      const [slow] = await told
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
      return slow
    },
  }
}

/** Whether something that took from then until then fell into such a stretch. */
export const wasSlow = (slow: readonly Slow[], { from, to }: Slow): boolean =>
  slow.some((stretch) => stretch.from < to && stretch.to > from)

/** What of these is within this time, in a sentence. */
export function paceSentence(slow: readonly Slow[], { from, to }: Slow): string {
  const lengths = slow
    .filter((stretch) => stretch.from < to && stretch.to > from)
    .map((stretch) => stretch.to - stretch.from)
  if (lengths.length === 0) return 'the machine kept its pace'
  const share = lengths.reduce((sum, each) => sum + each, 0) / (to - from)
  return (
    `the machine ran at less than a third of its pace for ${(share * 100).toFixed(1)} % of the time, ` +
    `${lengths.length} times, up to ${Math.max(...lengths).toFixed(0)} ms`
  )
}
