/**
 * CPU scheduling of the stack's processes (decision 0032). Media processes, which have hundreds of threads, run under
 * SCHED_RR with a short time slice, so that threads run in the order in which they became ready. Control processes
 * join them only while starved, otherwise hang-ups would be delayed. All of this is optional: without the rights
 * every process keeps the default policy.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { findProgram, runCommand } from '../command.ts'
import { sessionOf, stateOf } from './process-state.ts'
import { Starvation, schedulingSampleOf } from './cpu-starvation.ts'

/** The lowest of 99 priorities: above every ordinary process, below other real-time software of the city's IT. */
const realTime = 1
/** The kernel's time slice for SCHED_RR (sched(7)). */
const timeSliceFile = '/proc/sys/kernel/sched_rr_timeslice_ms'
const timeSliceMs = 1
/** With the default slice of 100 ms a busy thread of Asterisk would cause audible gaps. */
const timeSliceMaxMs = 10
/** SCHED_RR in sched.h. */
const roundRobin = '2'
/** Threads can start while others are being listed. */
const passesMax = 10
/**
 * Nice value of a restarting node, about a tenth of the default share. With 19 background work delayed it by half a
 * minute.
 */
const restartingNice = 10
const backgroundNice = 19
/** Without privileges the kernel accepts one change of an autogroup in 100 ms on the whole machine. */
const retryMs = 150
/** Retries of a rejected change; a process left in the wrong group would be slow without a visible cause. */
const triesMax = 200

/** `media`: processes that carry sound; `control`: processes that connect and end calls. */
export type CpuScheduling = 'media' | 'control'

/** Under root: shortens the slice and allows real-time priority to the user that this process becomes. */
export async function allowRealTime(): Promise<void> {
  await shortenTimeSlice()
  await runCommand('prlimit', ['--pid', `${process.pid}`, `--rtprio=${realTime}:${realTime}`])
}

/** Under root: applies to the whole machine until its next boot. */
export async function shortenTimeSlice(): Promise<void> {
  // A container may not write it; the default policy is kept then.
  if (!isTimeSliceShort()) await writeFile(timeSliceFile, `${timeSliceMs}`).catch(() => undefined)
}

/** Whether SCHED_RR is safe to use: only with a short time slice. */
export function isTimeSliceShort(): boolean {
  try {
    return Number(readFileSync(timeSliceFile, 'utf8')) <= timeSliceMaxMs
  } catch {
    // The kernel has no such file.
    return false
  }
}

/**
 * Schedules a process that has just become ready, until it ends. `everyMs`: the delay before media are changed, and the
 * interval between two checks of a control process.
 */
export async function scheduleOnceReady(
  pid: number,
  scheduling: CpuScheduling,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  switch (scheduling) {
    case 'media':
      // Not during the start: Asterisk resets its own policy, and its last modules load after the first answer.
      await pause(everyMs, signal)
      return signal.aborted ? undefined : enableRealTimeWithChildren(pid)
    case 'control':
      return enableRealTimeWhileStarved(pid, everyMs, signal)
  }
}

/** All present threads, and inherited by the threads that they start. */
async function enableRealTimeWithChildren(pid: number): Promise<void> {
  if (!isTimeSliceShort()) return
  for (let pass = 1; pass <= passesMax && threadsOf(pid).some(isNotRoundRobin(pid)); pass += 1)
    if (!(await schedule(pid, ['--rr'], realTime))) return
}

/** All present threads, not inherited: encoders and Redis's forked copies keep the default policy. */
export async function enableRealTime(pid: number): Promise<void> {
  if (isTimeSliceShort()) await schedule(pid, ['--reset-on-fork', '--rr'], realTime)
}

const restoreDefaultPolicy = (pid: number): Promise<boolean> =>
  schedule(pid, ['--reset-on-fork', '--other'], 0)

async function enableRealTimeWhileStarved(pid: number, everyMs: number, signal: AbortSignal): Promise<void> {
  // Its priority may have been lowered while it started.
  await setAutogroupNice(pid, 0, triesMax)
  const starvation = new Starvation(everyMs)
  const lowered = new Set<number>()
  for (let isRealTime = false; !signal.aborted;) {
    const sample = schedulingSampleOf(pid)
    if (sample === null) return
    // Children in sessions of their own (encoders) are background work.
    for (const child of childrenOf(pid).filter((one) => !lowered.has(one))) {
      lowered.add(child)
      await setAutogroupNice(child, backgroundNice, triesMax)
    }
    const isStarved = starvation.add(sample, performance.now())
    if (isStarved !== isRealTime) await (isStarved ? enableRealTime(pid) : restoreDefaultPolicy(pid))
    isRealTime = isStarved
    await pause(everyMs, signal)
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal }).catch(() => undefined)

/** Needs no privileges. One try only, because a retry could override a later change. */
export const lowerPriority = (pid: number): Promise<void> => setAutogroupNice(pid, restartingNice, 1)

/** False when not permitted (docs/guides/install.md) or when the process has ended. */
async function schedule(pid: number, policy: readonly string[], priority: number): Promise<boolean> {
  const threads = ['--all-tasks', ...policy, '--pid', `${priority}`, `${pid}`]
  const { code } = await runCommand(findProgram('chrt') ?? 'chrt', threads)
  return code === 0
}

function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return []
  }
}

/** Children that lead a session of their own; the others share the parent's autogroup. */
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
      // The thread has ended meanwhile.
      return []
    }
  }

/** The scheduling policy is field 41 of proc_pid_stat(5). */
const isNotRoundRobin =
  (pid: number) =>
  (thread: number): boolean => {
    const state = stateOf(pid, thread)
    return state !== null && state[38] !== roundRobin
  }

/**
 * Sets the nice value of a process's autogroup. Each part is a session of its own, and under the default policy Linux
 * shares the processor among sessions first (sched(7), autogroup), so an ordinary nice value has no effect across
 * parts.
 */
async function setAutogroupNice(pid: number, nice: number, times: number): Promise<void> {
  for (let tries = 1; tries <= times; tries += 1) {
    try {
      await writeFile(`/proc/${pid}/autogroup`, `${nice}`)
      return
    } catch (error) {
      // No autogroups in this kernel, the process has ended, or not permitted.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return
    }
    await delay(retryMs)
  }
}
