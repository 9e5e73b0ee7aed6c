/**
 * Whose processor time comes first. A gap in the sound is heard by two people; that a node starts a moment later is
 * heard by nobody (decision 0025). Who connects people comes second while he gets too little: while Asterisk could do
 * with more than there is, nobody would be let go either (decisions 0028 and 0029). Asterisk's threads, hundreds at once,
 * are served in the order in which they became ready, which is what real-time priority means among equals (decision
 * 0031). Nothing here is needed for the work: where the machine does not let us, all are alike.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram, runCommand } from './command.ts'
import { sessionOf } from './process-state.ts'
import { Shortage, standingOf } from './shortage.ts'

/** Nice values: -20 comes first, 19 last; each step is a quarter more or less of the processor's time. */
const first = -15
/** A third of what the first is given. */
const second = -10
/** A tenth of an ordinary process: at 19, what others do at their leisure kept a node away for half a minute. */
const last = 10
const leisure = 19
/** The kernel's own count of how far a user may go (RLIMIT_NICE). */
const firstLimit = 20 - first
/** The least of 99: before all that have none, and behind whatever the city's IT thinks more urgent. */
const realTime = 1
/** Without privileges a group may be set once in 100 ms on the whole machine. */
const againMs = 150
/** One that stayed where it is not meant to be would be late with everything, and nobody would see why. */
const triesMax = 200

export type Precedence = 'first' | 'second when short'

/** By root: lets the user that this process becomes put the sound first. */
export async function allowPrecedence(): Promise<void> {
  const limits = [`--nice=${firstLimit}:${firstLimit}`, `--rtprio=${realTime}:${realTime}`]
  await runCommand('prlimit', ['--pid', `${process.pid}`, ...limits])
}

/** For a process that has just been started: its threads, and its session among others. */
export async function goFirst(pid: number): Promise<void> {
  if (setNice(pid, first)) await setGroup(pid, first, triesMax)
}

/** For one that answers, until it ends; `everyMs`: between two looks whether it gets too little. */
export async function placeWhenUp(
  pid: number,
  precedence: Precedence | undefined,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  switch (precedence) {
    case 'first':
      return goInOrder(pid)
    case 'second when short':
      return goSecondWhenShort(pid, everyMs, signal)
    case undefined:
      return undefined
  }
}

/**
 * Its threads, and those that they start. Not before it answers: Asterisk puts itself back when root starts it, and while
 * it loads nobody talks through it.
 */
async function goInOrder(pid: number): Promise<void> {
  const threads = ['--all-tasks', '--rr', '--pid', `${realTime}`, `${pid}`]
  await runCommand(findProgram('chrt') ?? 'chrt', threads)
}

/** Like all others, but second for as long as it gets too little. */
async function goSecondWhenShort(pid: number, everyMs: number, signal: AbortSignal): Promise<void> {
  // Where nobody may be first, nobody is second: it would go before the sound.
  const raised = setNice(pid, first) ? second : 0
  await goTo(pid, 0)
  const shortage = new Shortage(everyMs)
  const placed = new Set<number>()
  for (let nice = 0; !signal.aborted;) {
    const standing = standingOf(pid)
    if (standing === null) return
    // What it puts into sessions of their own (encoding) is what nobody waits for.
    for (const child of childrenOf(pid).filter((one) => !placed.has(one))) {
      placed.add(child)
      await setGroup(child, leisure, triesMax)
    }
    const wanted = shortage.look(standing, performance.now()) ? raised : 0
    if (wanted !== nice) await goTo(pid, wanted)
    nice = wanted
    await delay(everyMs, undefined, { signal }).catch(() => undefined)
  }
}

async function goTo(pid: number, nice: number): Promise<void> {
  for (const thread of threadsOf(pid)) setNice(thread, nice)
  await setGroup(pid, nice, triesMax)
}

/** Anybody may give way. Tried once: a later try could come after that of `goSecondWhenShort`. */
export const goLast = (pid: number): Promise<void> => setGroup(pid, last, 1)

/** False: an ordinary user may not (docs/running.md), or it has ended. */
function setNice(pid: number, nice: number): boolean {
  try {
    setPriority(pid, nice)
    return true
  } catch {
    return false
  }
}

/** Linux counts each thread's. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return []
  }
}

/** Those in its own session have its group. */
const childrenOf = (pid: number): number[] =>
  threadsOf(pid)
    .flatMap(childrenOfThread(pid))
    .filter((child) => sessionOf(child) === child)

const childrenOfThread =
  (pid: number) =>
  (thread: number): number[] => {
    try {
      const text = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      return text.split(' ').filter(Boolean).map(Number)
    } catch {
      // It has ended meanwhile.
      return []
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
