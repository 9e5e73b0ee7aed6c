/** Queues that a draft removes, and the queue to which their waiting callers go (`acd/queues/removed-queues`). */
import { lineOf, queueOf } from './line.ts'
import type { Configuration } from './schema.ts'

export interface RemovedQueue {
  readonly id: string
  readonly name: string
  /** Null: callers go to different queues, each by the number that was dialled. */
  readonly leadsTo: string | null
}

/** Both without faults. */
export function removedQueues(inForce: Configuration, draft: Configuration): readonly RemovedQueue[] {
  const removed = inForce.queues.filter(({ id }) => draft.queues.every((queue) => queue.id !== id))
  if (removed.length === 0) return []
  const line = lineOf(draft)
  const names = new Set(inForce.numbers.map(({ number }) => queueOf(line, number).name))
  const [only = null] = names.size === 1 ? names : []
  return removed.map(({ id, name }) => ({ id, name, leadsTo: only }))
}
