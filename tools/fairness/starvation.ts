/** The same overloaded day with ageing and without: whether callers of the last queue are served while others keep coming. */
import type { Millis } from '../../src/core/ids.ts'
import type { Tracked } from './checks/callers.ts'
import type { Broken } from './checks/violations.ts'
import { runDay, type DayResult } from './day.ts'
import { longestWait } from './figures.ts'
import { easesAt, starvingDay, type Day } from './scenario.ts'

export interface Starvation {
  readonly seed: number
  readonly broken: readonly Broken[]
  readonly callers: number
  /** Of the last queue, who never hang up. */
  readonly longestMs: { readonly aged: Millis; readonly unaged: Millis }
  /** Of the first queue. */
  readonly longestOfFirstMs: { readonly aged: Millis; readonly unaged: Millis }
  /** Of the last queue, those who came before the first one's rush was over, and who were served before it was. */
  readonly servedInRush: { readonly aged: number; readonly unaged: number }
}

/** One step of priority; the queues are fifteen apart. */
export const ageingSeconds = 30

export function starvationOf(seed: number): Starvation {
  const day = starvingDay(seed, ageingSeconds)
  const [aged, unaged] = [runDay(day), runDay(starvingDay(seed, null))]
  const longest = (id: 'urgent' | 'patient') => ({
    aged: longestWait(aged.callers.filter(isOf(id))),
    unaged: longestWait(unaged.callers.filter(isOf(id))),
  })
  const isInRush = ({ servedAt }: Tracked): boolean => servedAt !== null && servedAt < easesAt
  const served = ({ callers }: DayResult): number => callers.filter(isOf('patient')).filter(isInRush).length
  const boundMs = boundOf(day, aged.callers)
  const late = aged.callers
    .filter(isOf('patient'))
    .find(({ caller, servedAt }) => (servedAt ?? Infinity) - caller.at > boundMs)
  const isStarved = late === undefined ? [] : [{ rule: starved, message: `${starved}: ${late.caller.id}` }]
  return {
    seed,
    broken: [...aged.broken, ...unaged.broken, ...isStarved],
    callers: aged.callers.filter(isOf('patient')).length,
    longestMs: longest('patient'),
    longestOfFirstMs: longest('urgent'),
    servedInRush: { aged: served(aged), unaged: served(unaged) },
  }
}

const starved = 'a caller of the last queue was starved'

/**
 * Nobody overtakes who came later than the steps are worth. The last one who did had waited no longer than anybody of the first
 * queue, and then the next agent who is free takes the caller.
 */
function boundOf({ queues: [urgent, patient], callers }: Day, served: readonly Tracked[]): Millis {
  const steps = (patient?.priority ?? 0) - urgent.priority
  const handlings = callers.map(({ pickUpMs, talkMs, wrapUpMs }) => pickUpMs + talkMs + wrapUpMs)
  return steps * ageingSeconds * 1_000 + longestWait(served.filter(isOf('urgent'))) + Math.max(...handlings)
}

const isOf =
  (id: string) =>
  ({ caller }: Tracked): boolean =>
    caller.queue.id === id
