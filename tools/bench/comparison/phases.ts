/** The measured phases of a system whose agents are at work. */
import { setTimeout as delay } from 'node:timers/promises'
import { say } from '../../../src/stack/terminal.ts'
import { until } from '../../../test/support/until.ts'
import {
  callersAt,
  chance,
  exponential,
  keepCallers,
  type CallersOptions,
  type Citizen,
} from '../load-generator/callers.ts'
import { erlangCWait, idealWait } from '../measures/erlang.ts'
import type { Integrity } from './integrity.ts'
import type { Timing } from '../report/figures.ts'
import { failuresOf, outcomeOf, type Outcome } from './outcome.ts'
import type { SippRun } from '../load-generator/sipp.ts'
import type { CallMonitor } from '../load-generator/call-monitor.ts'

const talkMs = 3000
/** Of the steady load, whose conversations are recorded and encoded. */
const talkAtLoadMs = 5000
const callersInLine = 12
/** Several times the rate at which agents take calls. A burst is measured by `load`, not here. */
const callersPerSecond = 10
/** Keeps about six of ten agents busy, so that there is always a free one. */
const arrivalGapMs = 500
const drainMs = 180_000
/** The longest talk that a phase draws. */
const talkMsMax = 60_000

export type Bench = Omit<CallersOptions, 'onEvent' | 'onComplaint'>

/** While callers wait, Linia rings an agent again at once, app_queue within a second or two. */
const rungAgainMs = 5_000

export interface Timed {
  readonly timings: readonly Timing[]
  readonly outcome: Outcome
}

/** From an agent's BYE to the next INVITE at that agent, while callers are always waiting. */
export async function handOvers(
  bench: Bench,
  monitor: CallMonitor,
  agents: number,
  count: number,
): Promise<Timed> {
  say(`  ${count} hand-overs of calls of ${talkMs / 1000} s, ${callersInLine} callers always waiting …`)
  const callers = await keepCallers(
    listening(bench, monitor),
    agents + callersInLine,
    talkMs,
    callersPerSecond,
  )
  await until(() => monitor.handovers.length >= count, count * talkMs)
  // Read before the queue runs empty: later values would not measure the system.
  const timings = [...monitor.handovers]
  const idleAgents = monitor.idleFor(agents, rungAgainMs)
  callers.windDown()
  await drained(monitor, callers)
  return { timings, outcome: outcomeOf(`${timings.length} hand-overs`, monitor, { idleAgents }) }
}

/** From a caller's INVITE to the INVITE at an agent who was free. */
export async function freeAgents(bench: Bench, monitor: CallMonitor, count: number): Promise<Timed> {
  say(`  ${count} calls that find a free agent …`)
  const draw = chance(2)
  const citizens = Array.from({ length: count }, (_, index) => ({
    callsAtMs: index * arrivalGapMs,
    talkMs: talkMs * (0.9 + 0.2 * draw()),
  }))
  const callers = await callersAt(listening(bench, monitor), citizens)
  await drained(monitor, callers, count * arrivalGapMs)
  return { timings: monitor.reached, outcome: outcomeOf('calls that find a free agent', monitor) }
}

export interface QueuedWait {
  readonly calls: number
  readonly load: number
  readonly meanWaitMs: number
  /** Exactly these callers with hand-overs that take no time. */
  readonly idealWaitMs: number
  readonly erlangMs: number
  readonly outcome: Outcome
}

/** Poisson arrivals, the same for every system, at 90 % of the agents' capacity. */
export async function queuedWait(
  bench: Bench,
  monitor: CallMonitor,
  agents: number,
  count: number,
): Promise<QueuedWait> {
  const load = 0.9
  const meanTalkMs = 3000
  say(`  ${count} random callers, ${agents} agents at ${load * 100} % load …`)
  const draw = chance(3)
  const citizens: Citizen[] = []
  for (let at = 0; citizens.length < count; at += exponential(draw, meanTalkMs / (load * agents)))
    citizens.push({
      callsAtMs: Math.round(at),
      talkMs: Math.min(talkMsMax, 100 + exponential(draw, meanTalkMs - 100)),
    })
  const callers = await callersAt(listening(bench, monitor), citizens)
  await drained(monitor, callers, (citizens.at(-1)?.callsAtMs ?? 0) + 60_000)
  const meanWaitMs = monitor.reached.reduce((sum, { ms }) => sum + ms, 0) / monitor.reached.length
  return {
    calls: monitor.reached.length,
    load,
    meanWaitMs,
    idealWaitMs: idealWait(citizens, agents),
    erlangMs: erlangCWait(agents, load, meanTalkMs),
    outcome: outcomeOf('random callers', monitor),
  }
}

/** Starts an integrity check; the returned function reports for `called` calls. */
export type StartIntegrityCheck = () => (called: number) => Promise<Integrity>

/** Callers at a steady rate. Each must be served by the system itself. */
export async function load(
  bench: Bench,
  monitor: CallMonitor,
  startIntegrityCheck: StartIntegrityCheck,
  {
    perSecond,
    seconds,
    talkMs: talkingMs = talkAtLoadMs,
  }: { perSecond: number; seconds: number; talkMs?: number },
): Promise<Outcome> {
  say(`  ${perSecond} new calls a second for ${seconds} s …`)
  const calls = perSecond * seconds
  const carried = startIntegrityCheck()
  const callers = await keepCallers(listening(bench, monitor), calls, talkingMs, perSecond, calls)
  await drained(monitor, callers, seconds * 1000)
  const phase = `${perSecond} calls/s for ${seconds} s`
  return outcomeOf(phase, monitor, { carried: await carried(monitor.called) })
}

export interface Limit {
  /** The highest rate at which every call was served in time. */
  readonly keptPerSecond: number
  readonly failedPerSecond: number | null
  /** The time was over before a rate failed: the highest rate is not known. */
  readonly isCutShort: boolean
  readonly why: string
}

/** Short calls, so that the number of agents is not the limit. */
const limitPace = { seconds: 8, talkMs: 1000 }
/** How long one rate may take, including the calls that are still in the system when it fails. */
const paceMsMax = 45_000
const patienceMs = 20_000

/** Raises the rate until a call fails or waits too long although agents are free, or the time is over. */
export async function limit(
  bench: Bench,
  fresh: () => CallMonitor,
  startIntegrityCheck: StartIntegrityCheck,
  paces: readonly number[],
  endsBy: number,
): Promise<Limit> {
  let keptPerSecond = 0
  for (const perSecond of paces) {
    if (performance.now() + paceMsMax > endsBy)
      return {
        keptPerSecond,
        failedPerSecond: null,
        isCutShort: true,
        why: 'then the time of this run was over',
      }
    const monitor = fresh()
    const failures = failuresOf(await load(bench, monitor, startIntegrityCheck, { perSecond, ...limitPace }))
    const slowest = Math.max(0, ...monitor.reached.map(({ ms }) => ms))
    if (slowest > patienceMs) failures.push(`a caller waited ${(slowest / 1000).toFixed(1)} s`)
    if (failures.length > 0)
      return { keptPerSecond, failedPerSecond: perSecond, isCutShort: false, why: failures.join('; ') }
    keptPerSecond = perSecond
  }
  return { keptPerSecond, failedPerSecond: null, isCutShort: false, why: 'no rate failed' }
}

function listening(bench: Bench, monitor: CallMonitor): CallersOptions {
  return { ...bench, onEvent: monitor.onCallerEvent, onComplaint: monitor.onComplaint }
}

/**
 * Waits until SIPp has ended the last caller. A phone whose call broke off reports no hang-up: after the longest talk
 * time each such call counts as an error. Callers still in the system after the bound count as one error; their SIPp
 * is ended, and the ACD detects the loss by itself.
 */
async function drained(monitor: CallMonitor, callers: SippRun, expectedMs = 0): Promise<void> {
  let over = false
  void callers.done.then(() => (over = true))
  await until(() => over, expectedMs + drainMs).catch(async () => {
    monitor.onComplaint(`callers were still in the system after ${(expectedMs + drainMs) / 1000} s`)
    await callers.stop()
  })
  const allAtRest = await until(() => monitor.busy === 0, talkMsMax).then(
    () => true,
    () => false,
  )
  if (!allAtRest) monitor.giveUpOnBusy()
  await delay(settleMs)
}

/** Pause between phases, so that the end of one does not affect the next. */
const settleMs = 1000
