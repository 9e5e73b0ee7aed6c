/**
 * Whose turn it is. What carries sound, hundreds of threads at once, is served in the order in which it became ready, each
 * for a few milliseconds at most: that is what real-time priority means among equals. Everything else comes after it
 * (decision 0032), but for what connects people while that gets too little: it stands in the same row then, or nobody would
 * be let go either (decision 0032). Nothing here is needed for the work: where the machine does not let us, all
 * are alike.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram, runCommand } from '../command.ts'
import { sessionOf, stateOf } from './process-state.ts'
import { Starvation, standingOf } from './cpu-starvation.ts'

/** The least of 99: before all that have none, and behind whatever the city's IT thinks more urgent. */
const realTime = 1
/** The kernel's own, for all of that priority (sched(7)). */
const turnFile = '/proc/sys/kernel/sched_rr_timeslice_ms'
const turnMs = 1
/** A thread of Asterisk may compute until its turn is over; Linux's own 100 ms would be heard. */
const turnMaxMs = 10
/** SCHED_RR of sched.h. */
const roundRobin = '2'
/** Threads are born while others are listed. */
const passesMax = 10
/** Nice values: 19 is last. A tenth of an ordinary process: at 19, what others do at their leisure kept a node away for half a minute. */
const last = 10
const leisure = 19
/** Without privileges a group may be set once in 100 ms on the whole machine. */
const againMs = 150
/** One that stayed where it is not meant to be would be late with everything, and nobody would see why. */
const triesMax = 200

/** `media` carries sound; `control` connects people. */
export type CpuScheduling = 'media' | 'control'

/** By root: turns are short on this machine, and the user that this process becomes may take his. */
export async function allowPrecedence(): Promise<void> {
  await shortenTurns()
  await runCommand('prlimit', ['--pid', `${process.pid}`, `--rtprio=${realTime}:${realTime}`])
}

/** By root, for the whole machine; until it starts again. */
export async function shortenTurns(): Promise<void> {
  // A container may not: there, all stay alike.
  if (!turnsAreShort()) await writeFile(turnFile, `${turnMs}`).catch(() => undefined)
}

/** Whether this machine is one on which anybody has a turn, if he may. */
export function turnsAreShort(): boolean {
  try {
    return Number(readFileSync(turnFile, 'utf8')) <= turnMaxMs
  } catch {
    // A kernel that does not say.
    return false
  }
}

/** For one that has just answered, until it ends; `everyMs`: until media have their turn, and between two looks at control. */
export async function placeWhenUp(
  pid: number,
  precedence: CpuScheduling,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  switch (precedence) {
    case 'media':
      // Not while it starts: Asterisk would put itself back, and its last modules load after it has answered.
      await pause(everyMs, signal)
      return signal.aborted ? undefined : takeTurnsWithChildren(pid)
    case 'control':
      return takeTurnsWhileShort(pid, everyMs, signal)
  }
}

/** All threads that it has, and those that they start. */
async function takeTurnsWithChildren(pid: number): Promise<void> {
  if (!turnsAreShort()) return
  for (let pass = 1; pass <= passesMax && threadsOf(pid).some(isOutOfTurn(pid)); pass += 1)
    if (!(await schedule(pid, ['--rr'], realTime))) return
}

/** The threads that it has, and not what it starts: neither encoding nor the copies in which Redis tidies its files. */
export async function takeTurns(pid: number): Promise<void> {
  if (turnsAreShort()) await schedule(pid, ['--reset-on-fork', '--rr'], realTime)
}

const leaveTurns = (pid: number): Promise<boolean> => schedule(pid, ['--reset-on-fork', '--other'], 0)

async function takeTurnsWhileShort(pid: number, everyMs: number, signal: AbortSignal): Promise<void> {
  // It may have given way while it started.
  await setGroup(pid, 0, triesMax)
  const shortage = new Starvation(everyMs)
  const placed = new Set<number>()
  for (let inTurn = false; !signal.aborted;) {
    const standing = standingOf(pid)
    if (standing === null) return
    // What it puts into sessions of their own (encoding) is what nobody waits for.
    for (const child of childrenOf(pid).filter((one) => !placed.has(one))) {
      placed.add(child)
      await setGroup(child, leisure, triesMax)
    }
    const isShort = shortage.look(standing, performance.now())
    if (isShort !== inTurn) await (isShort ? takeTurns(pid) : leaveTurns(pid))
    inTurn = isShort
    await pause(everyMs, signal)
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined)

/** Anybody may. Tried once: a later try could come after that of `placeWhenUp`. */
export const giveWay = (pid: number): Promise<void> => setGroup(pid, last, 1)

/** False: this user may not (docs/guides/install.md), or it has ended. */
async function schedule(pid: number, policy: readonly string[], priority: number): Promise<boolean> {
  const threads = ['--all-tasks', ...policy, '--pid', `${priority}`, `${pid}`]
  const { code } = await runCommand(findProgram('chrt') ?? 'chrt', threads)
  return code === 0
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

/** The 41st field of proc_pid_stat(5). */
const isOutOfTurn =
  (pid: number) =>
  (thread: number): boolean => {
    const state = stateOf(pid, thread)
    return state !== null && state[38] !== roundRobin
  }

/**
 * Each part is a session of its own, and among those that are not in turn Linux shares the processor among sessions, then
 * within each (sched(7), autogroup): what is nice to a thread's own session is nothing to another.
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
