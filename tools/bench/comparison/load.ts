/** Load with 200 agents: calls at a steady rate, their processor cost, and the highest rate. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Stack } from '../../../src/stack/stack.ts'
import { pidsOf, watchIntegrity } from './integrity.ts'
import { compressionSeconds } from '../measures/compression.ts'
import { processorSeconds } from '../measures/processor-time.ts'
import { recorded, type Recorded } from '../measures/call-records.ts'
import type { Outcome } from './outcome.ts'
import { limit, load, type Bench, type Limit } from './phases.ts'
import type { System } from './systems.ts'
import type { CallMonitor } from '../load-generator/call-monitor.ts'

export const agentsAtLoad = 200
/** Calls per second. The first rate also warms up a freshly started system. */
const paces = [20, 40, 50, 60, 70, 80, 90, 100, 120, 140]

export interface LoadOptions {
  readonly stack: Stack
  readonly system: System
  readonly bench: Bench
  /** A new monitor for the next phase. */
  readonly fresh: () => CallMonitor
}

export interface LoadPace {
  readonly perSecond: number
  readonly seconds: number
  /** Idle time after the load, before the processor time is read. */
  readonly idleMs: number
}

export interface Loaded {
  readonly outcome: Outcome
  /** Processor seconds per call, by process, recordings included; null: not measured. */
  readonly cpuPerCall: Readonly<Record<string, number>> | null
  /** Null for a system without a ledger. */
  readonly ledger: Recorded | null
  /** Actual idle time between the end of the load and the reading of the processor time. */
  readonly idleMs: number
}

/** `endsBy`, by the monotonic clock: no higher rate is tried that could end later. */
export function highest({ stack, system, bench, fresh }: LoadOptions, endsBy: number): Promise<Limit> {
  return limit(bench, fresh, () => watchIntegrity(stack, system), paces, endsBy)
}

/** A steady load of this system. */
export async function steadily(
  { stack, system, bench, fresh }: LoadOptions,
  { perSecond, seconds, idleMs }: LoadPace,
): Promise<Loaded> {
  const parts = pidsOf(stack, system)
  const before = await processorSeconds(parts)
  const beganAt = Date.now()
  const outcome = await load(bench, fresh(), () => watchIntegrity(stack, system), { perSecond, seconds })
  const idleFrom = performance.now()
  const databaseUrl = stack.environment['DATABASE_URL'] ?? ''
  const ledger =
    system.name === 'Linia' ? await recorded(databaseUrl, beganAt, Date.now(), outcome.called) : null
  await delay(Math.max(0, idleMs - (performance.now() - idleFrom)))
  // Encoding the recordings belongs to the cost of the calls, so the time is read when it is done.
  const after = await processorSeconds(parts)
  // The processor time of a part that restarted is lost.
  const whole = pidsOf(stack, system)
  const restarted = [...parts].some(([name, pid]) => whole.get(name) !== pid)
  const share = ([name, used]: [string, number]): [string, number] => [
    name,
    (used - (before.get(name) ?? 0)) / outcome.served,
  ]
  const used = Object.fromEntries([...after].map(share))
  const { recordings, recordingKeys } = stack.settings.paths
  // Each call has one recording; it is compressed when the line is quiet, and counts all the same.
  const later =
    system.name === 'Linia' ? { compression: await compressionSeconds({ recordings, recordingKeys }) } : {}
  const cpuPerCall = restarted ? null : { ...used, ...later }
  return { outcome, ledger, cpuPerCall, idleMs: performance.now() - idleFrom }
}
