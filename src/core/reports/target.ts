/** The service level that a queue is to have: its own, or the usual one of the line. */
import type { QueueId } from '../ids.ts'
import type { Queue } from '../queue.ts'

export interface Target {
  /** So many of a hundred calls are to be answered in time. */
  readonly percent: number
  /** T of the service level. */
  readonly withinMs: number
}

export const usualPercent = 80

/** `usualMs`: the setting `SERVICE_LEVEL_MS`. */
export const targetOf = ({ target }: Pick<Queue, 'target'>, usualMs: number): Target =>
  target === undefined
    ? { percent: usualPercent, withinMs: usualMs }
    : { percent: target.percent, withinMs: target.withinSeconds * 1_000 }

/** Of a queue that is no longer there the usual one. */
export function targetIn(queues: readonly Queue[], id: QueueId, usualMs: number): Target {
  return targetOf(queues.find((queue) => queue.id === id) ?? {}, usualMs)
}

/** Of several queues: the mean of their percentages, each by its calls that count. */
export function sharedPercent(
  parts: Iterable<{ readonly percent: number; readonly counted: number }>,
): number {
  let [calls, sum] = [0, 0]
  for (const { percent, counted } of parts) {
    calls += counted
    sum += percent * counted
  }
  return calls === 0 ? usualPercent : sum / calls
}
