/**
 * How long agents are engaged with a call, by queue: conversation, hold and wrap-up. Measured by the owner itself, so it is
 * unknown for a while after a takeover.
 */
import type { Agent } from '../../core/agent.ts'
import type { AgentId, CallId, Millis, QueueId } from '../../core/ids.ts'

/** Few enough to follow the hour of the day. */
const latestMax = 20
/** Fewer tell nothing. */
const latestMin = 5

export class HandlingTimes {
  readonly #latest = new Map<QueueId, Millis[]>()
  readonly #begun = new Map<AgentId, { readonly queue: QueueId; readonly at: Millis }>()
  readonly #queueOf: (call: CallId) => QueueId | undefined

  constructor(queueOf: (call: CallId) => QueueId | undefined) {
    this.#queueOf = queueOf
  }

  changed(before: Agent, after: Agent, now: Millis): void {
    if (!isEngaged(before) && after.state === 'talking') {
      const queue = this.#queueOf(after.call)
      if (queue !== undefined) this.#begun.set(after.id, { queue, at: now })
    } else if (isEngaged(before) && !isEngaged(after)) {
      const begun = this.#begun.get(after.id)
      this.#begun.delete(after.id)
      if (begun !== undefined) this.#add(begun.queue, now - begun.at)
    }
  }

  /** Null: not known yet. */
  meanOf(queue: QueueId): Millis | null {
    const latest = this.#latest.get(queue) ?? []
    if (latest.length < latestMin) return null
    return latest.reduce((sum, one) => sum + one, 0) / latest.length
  }

  #add(queue: QueueId, ms: Millis): void {
    this.#latest.set(queue, [...(this.#latest.get(queue) ?? []), Math.max(0, ms)].slice(-latestMax))
  }
}

const isEngaged = ({ state }: Agent): boolean => state === 'talking' || state === 'wrap-up'
