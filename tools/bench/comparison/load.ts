/** At 200 agents: new calls at a steady pace, what they cost, and how many a second are too many. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Stack } from '../../../src/stack/stack.ts'
import { pidsOf, watchIntegrity } from './integrity.ts'
import { processorSeconds } from '../measures/processor-time.ts'
import { recorded, type Recorded } from '../measures/call-records.ts'
import type { Outcome } from './outcome.ts'
import { limit, load, type Bench, type Limit } from './phases.ts'
import type { System } from './systems.ts'
import type { CallMonitor } from '../load-generator/call-monitor.ts'

export const agentsAtLoad = 200
/** The first warms a system up that has just been started. */
const paces = [20, 40, 50, 60, 70, 80, 90, 100, 120, 140]

export interface LoadOptions {
  readonly stack: Stack
  readonly system: System
  readonly bench: Bench
  /** What callers and phones tell from now on. */
  readonly fresh: () => CallMonitor
}

interface LoadPace {
  readonly perSecond: number
  readonly seconds: number
  /** After the load, before its processor time is read. */
  readonly idleMs: number
}

export interface Loaded {
  readonly outcome: Outcome
  /** Processor seconds per call, by process, recordings included; null: not measured. */
  readonly cpuPerCall: Readonly<Record<string, number>> | null
  /** Null for a system without a ledger. */
  readonly ledger: Recorded | null
  /** How long the system was left alone after the load, before the processor time was read. */
  readonly idleMs: number
}

export interface Steady {
  readonly loaded: Loaded
  /** At half of that pace; null for a system without a ledger. */
  readonly atHalf: Loaded | null
}

export async function steady(options: LoadOptions, pace: LoadPace): Promise<Steady> {
  const half = { ...pace, perSecond: pace.perSecond / 2 }
  const atHalf = options.system.name === 'Linia' ? await steadily(options, half) : null
  return { atHalf, loaded: await steadily(options, pace) }
}

export function highest({ stack, system, bench, fresh }: LoadOptions): Promise<Limit> {
  return limit(bench, fresh, () => watchIntegrity(stack, system), paces)
}

async function steadily(
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
  // Not before the last recording is encoded: that belongs to the calls.
  const after = await processorSeconds(parts)
  // A part that was started again took its time with it.
  const whole = pidsOf(stack, system)
  const restarted = [...parts].some(([name, pid]) => whole.get(name) !== pid)
  const share = ([name, used]: [string, number]): [string, number] => [
    name,
    (used - (before.get(name) ?? 0)) / outcome.served,
  ]
  const cpuPerCall = restarted ? null : Object.fromEntries([...after].map(share))
  return { outcome, ledger, cpuPerCall, idleMs: performance.now() - idleFrom }
}
