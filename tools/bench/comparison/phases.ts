/** What is measured, one after the other, of a system whose agents are at work. */
import { setTimeout as delay } from 'node:timers/promises'
import { say } from '../../../src/stack/terminal.ts'
import { until } from '../../../test/support/until.ts'
import { callersAt, chance, exponential, keepCallers, type CallersOptions, type Citizen } from '../load-generator/callers.ts'
import { erlangCWait, idealWait } from '../measures/erlang.ts'
import type { Integrity } from './integrity.ts'
import type { Timing } from '../report/figures.ts'
import { failuresOf, outcomeOf, type Outcome } from './outcome.ts'
import type { SippRun } from '../load-generator/sipp.ts'
import type { CallMonitor } from '../load-generator/call-monitor.ts'

const talkMs = 5000
const callersInLine = 12
/** Several times as fast as agents take them. All in one event would measure a burst, which is `load`'s to do. */
const callersPerSecond = 10
/** Keeps about six of ten agents busy, so that a free one is always there. */
const arrivalGapMs = 800
const drainMs = 180_000
/** The longest talk that a phase draws. */
const talkMsMax = 60_000

export type Bench = Omit<CallersOptions, 'onEvent' | 'onComplaint'>

/** While callers wait, an agent is rung again at once, or, by app_queue, within a second or two. */
const rungAgainMs = 5_000

export interface Timed {
  readonly timings: readonly Timing[]
  readonly outcome: Outcome
}

/** From an agent's BYE to his next call, while there are always callers waiting. */
export async function handOvers(bench: Bench, monitor: CallMonitor, agents: number, count: number): Promise<Timed> {
  say(`  ${count} hand-overs of calls of ${talkMs / 1000} s, ${callersInLine} callers always waiting …`)
  const callers = await keepCallers(listening(bench, monitor), agents + callersInLine, talkMs, callersPerSecond)
  await until(() => monitor.handovers.length >= count, count * talkMs)
  // What comes once nobody waits any more says nothing about the system.
  const timings = [...monitor.handovers]
  const idleAgents = monitor.idleFor(agents, rungAgainMs)
  callers.windDown()
  await drained(monitor, callers)
  return { timings, outcome: outcomeOf(`${timings.length} hand-overs`, monitor, { idleAgents }) }
}

/** From a caller's INVITE to the phone of an agent who was free all the time. */
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
  /** Exactly these callers, served by agents who take the next one in no time. */
  readonly idealWaitMs: number
  readonly erlangMs: number
  readonly outcome: Outcome
}

/** The same callers at chance for every system, at nine tenths of what the agents can take. */
export async function queuedWait(
  bench: Bench,
  monitor: CallMonitor,
  agents: number,
  count: number,
): Promise<QueuedWait> {
  const load = 0.9
  const meanTalkMs = 3000
  say(`  ${count} callers at chance, ${agents} agents at ${load * 100} % load …`)
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
    outcome: outcomeOf('callers at chance', monitor),
  }
}

/** Begins to look at who carries calls; the answer, once so many have called. */
export type StartIntegrityCheck = () => (called: number) => Promise<Integrity>

/** New callers at a steady pace, each of whom must be served, and by the system itself. */
export async function load(
  bench: Bench,
  monitor: CallMonitor,
  startIntegrityCheck: StartIntegrityCheck,
  { perSecond, seconds, talkMs: talkingMs = talkMs }: { perSecond: number; seconds: number; talkMs?: number },
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
  /** The fastest pace at which every call was served in time. */
  readonly keptPerSecond: number
  readonly failedPerSecond: number | null
  readonly why: string
}

/** Short calls, so that agents are not what is short. */
const limitPace = { seconds: 10, talkMs: 1000 }
const patienceMs = 20_000

/** Faster and faster, until the first pace at which a call fails or waits too long although agents are free. */
export async function limit(
  bench: Bench,
  fresh: () => CallMonitor,
  startIntegrityCheck: StartIntegrityCheck,
  paces: readonly number[],
): Promise<Limit> {
  let keptPerSecond = 0
  for (const perSecond of paces) {
    const monitor = fresh()
    const failures = failuresOf(await load(bench, monitor, startIntegrityCheck, { perSecond, ...limitPace }))
    const slowest = Math.max(0, ...monitor.reached.map(({ ms }) => ms))
    if (slowest > patienceMs) failures.push(`a caller waited ${(slowest / 1000).toFixed(1)} s`)
    if (failures.length > 0) return { keptPerSecond, failedPerSecond: perSecond, why: failures.join('; ') }
    keptPerSecond = perSecond
  }
  return { keptPerSecond, failedPerSecond: null, why: 'no pace failed' }
}

function listening(bench: Bench, monitor: CallMonitor): CallersOptions {
  return { ...bench, onEvent: monitor.onCallerEvent, onComplaint: monitor.onComplaint }
}

/**
 * Until the last caller has been served, or has given up by what SIPp says. A phone whose call broke off tells no
 * hanging up: when the longest talk is over, each such call is a complaint, not a bench that waits for it. Callers who
 * are still on the line after the bound are one as well; their SIPp is ended, and the line finds out by itself.
 */
async function drained(monitor: CallMonitor, callers: SippRun, expectedMs = 0): Promise<void> {
  let over = false
  void callers.done.then(() => (over = true))
  await until(() => over, expectedMs + drainMs).catch(async () => {
    monitor.onComplaint(`callers were still on the line after ${(expectedMs + drainMs) / 1000} s`)
    await callers.stop()
  })
  const allAtRest = await until(() => monitor.busy === 0, talkMsMax).then(
    () => true,
    () => false,
  )
  if (!allAtRest) monitor.giveUpOnBusy()
  await delay(settleMs)
}

/** Between two phases, so that the end of one is not measured with the next. */
const settleMs = 1000
