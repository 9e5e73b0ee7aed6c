/** Starts the trial call of "Sună-mă" (`trial-caller.ts`). */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { citizensFrom, readDemoFile } from '../demo-file.ts'

const program = fileURLToPath(new URL('./trial-caller.ts', import.meta.url))
const callsAtOnceMax = 5
/** Bound for generating the speech and sending the INVITE. */
const calledWithinMs = 60_000

let inProgress = 0

/**
 * Resolves once the INVITE has been sent. The caller hangs up after four minutes.
 * @throws when the call could not be placed, or when five trial calls are in progress.
 */
export async function callMe(demoFile: string, speechFolder: string): Promise<void> {
  citizensFrom(await readDemoFile(demoFile))
  if (inProgress >= callsAtOnceMax) throw new Error(`${callsAtOnceMax} trial calls are in progress already`)
  inProgress += 1
  const citizen = spawn(process.execPath, [program, demoFile, speechFolder, String(process.ppid)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  citizen.once('close', () => {
    inProgress -= 1
  })
  citizen.unref()
  const called = once(citizen.stdout, 'data', { signal: AbortSignal.timeout(calledWithinMs) })
  const ended = once(citizen, 'exit').then(() => {
    throw new Error('the trial call could not be placed')
  })
  await Promise.race([called, ended])
}
