/**
 * Whose processor time comes first. A gap in the sound is heard by two people; that a node starts a moment later is
 * heard by nobody (decision 0025). Nothing here is needed for the work: where the machine does not let us, all are alike.
 */
import { setPriority } from 'node:os'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { runCommand } from './command.ts'

/** Nice values: -20 comes first, 19 last; each step is a quarter more or less of the processor's time. */
const first = -15
const last = 19
/** The kernel's own count of how far a user may go (RLIMIT_NICE). */
const firstLimit = 20 - first
/** Without privileges a group may be set once in 100 ms on the whole machine. */
const againMs = 150
/** Then Asterisk shares with all others: a gap may be heard, nothing is lost. */
const firstTriesMax = 5
/** A node that stayed behind would be late with everything, and nobody would see why. */
const alongTriesMax = 200

/** By root: lets the user that this process becomes put the sound first. */
export async function allowPrecedence(): Promise<void> {
  await runCommand('prlimit', ['--pid', `${process.pid}`, `--nice=${firstLimit}:${firstLimit}`])
}

/** For a process that has just been started: its threads, and its session among others. */
export function goFirst(pid: number): Promise<void> {
  try {
    setPriority(pid, first)
  } catch {
    // An ordinary user may not (docs/running.md).
    return Promise.resolve()
  }
  return setGroup(pid, first, firstTriesMax)
}

/** Anybody may give way, and come back from it. Tried once: a later try could come after that of `goAlong`. */
export const goLast = (pid: number): Promise<void> => setGroup(pid, last, 1)
export const goAlong = (pid: number): Promise<void> => setGroup(pid, 0, alongTriesMax)

/**
 * Each part is a session of its own, and Linux shares the processor among sessions, then within each (sched(7),
 * autogroup): what is nice to a thread's own session is nothing to another.
 */
async function setGroup(pid: number, nice: number, times: number): Promise<void> {
  for (let tries = 1; tries <= times; tries += 1) {
    try {
      await writeFile(`/proc/${pid}/autogroup`, `${nice}`)
      return
    } catch (error) {
      // A kernel without such groups, a process that has ended, a user who may not.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
    }
    await delay(againMs)
  }
}
