/** Sends the demo's citizen of "Sună-mă" (`lone-citizen.ts`) to the line. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { citizensFrom, readDemoFile } from './demo-file.ts'

const program = fileURLToPath(new URL('./lone-citizen.ts', import.meta.url))
const callsAtOnceMax = 5
/** His speech is made first; the INVITE has left by then. */
const calledWithinMs = 20_000

let going = 0

/**
 * Answers once the INVITE has left. The caller hangs up by himself after four minutes.
 * @throws when it could not be placed, or when five such citizens are on the phone already.
 */
export async function callMe(demoFile: string, speechFolder: string): Promise<void> {
  citizensFrom(await readDemoFile(demoFile))
  if (going >= callsAtOnceMax) throw new Error(`${callsAtOnceMax} trial callers are on the phone already`)
  going += 1
  const citizen = spawn(process.execPath, [program, demoFile, speechFolder, String(process.ppid)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  citizen.once('close', () => {
    going -= 1
  })
  citizen.unref()
  const called = once(citizen.stdout, 'data', { signal: AbortSignal.timeout(calledWithinMs) })
  const ended = once(citizen, 'exit').then(() => {
    throw new Error('the trial caller could not call')
  })
  await Promise.race([called, ended])
}
