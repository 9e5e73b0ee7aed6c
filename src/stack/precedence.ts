/**
 * Whose processor time comes first. A gap in the sound is heard by two people; that a node starts a moment later is
 * heard by nobody (decision 0025). Who connects people comes second, not last: while Asterisk could do with more than
 * there is, nobody would be let go either (decision 0028). Nothing here is needed for the work: where the machine does not let us, all are alike.
 */
import { setPriority } from 'node:os'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { runCommand } from './command.ts'

/** Nice values: -20 comes first, 19 last; each step is a quarter more or less of the processor's time. */
const first = -15
/** A third of what the first is given. */
const second = -10
const last = 19
/** The kernel's own count of how far a user may go (RLIMIT_NICE). */
const firstLimit = 20 - first
/** Without privileges a group may be set once in 100 ms on the whole machine. */
const againMs = 150
/** Then Asterisk shares with all others: a gap may be heard, nothing is lost. */
const firstTriesMax = 5
/** A node that stayed behind would be late with everything, and nobody would see why. */
const secondTriesMax = 200

/** By root: lets the user that this process becomes put the sound first. */
export async function allowPrecedence(): Promise<void> {
  await runCommand('prlimit', ['--pid', `${process.pid}`, `--nice=${firstLimit}:${firstLimit}`])
}

/** For a process that has just been started: its threads, and its session among others. */
export async function goFirst(pid: number): Promise<void> {
  if (setNice(pid, first)) await setGroup(pid, first, firstTriesMax)
}

/** For one that answers: who may not go before others is at least not behind them. */
export async function goSecond(pid: number): Promise<void> {
  if (setNice(pid, second)) await setGroup(pid, second, secondTriesMax)
  else await setGroup(pid, 0, secondTriesMax)
}

/** Anybody may give way. Tried once: a later try could come after that of `goSecond`. */
export const goLast = (pid: number): Promise<void> => setGroup(pid, last, 1)

/** False: an ordinary user may not (docs/running.md). */
function setNice(pid: number, nice: number): boolean {
  try {
    setPriority(pid, nice)
    return true
  } catch {
    return false
  }
}

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
