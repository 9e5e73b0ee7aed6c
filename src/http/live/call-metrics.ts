/** The figures of calls for Prometheus, from the events that all boards fold. */
import { agentStates } from '../../core/agent.ts'
import type { AcdCallEvent } from '../../core/acd-event.ts'
import type { Ended } from '../../core/call.ts'
import type { QueueId } from '../../core/ids.ts'
import type { Queue } from '../../core/queue.ts'
import { waitStart } from '../../core/reports/wait.ts'
import type { Target } from '../../core/reports/target.ts'
import type { Metrics } from '../../metrics.ts'

export const signedInStates = agentStates.filter((state) => state !== 'signed out')

interface Judged {
  /** The one in force when the call ends. */
  readonly targetOf: (queue: QueueId) => Target
  readonly shortAbandonMs: number
}

export function measureCall(metrics: Metrics, { at, event, after }: AcdCallEvent, judged: Judged): void {
  const { queue, direction } = after
  if (event.type === 'AgentAnswered' && after.phase === 'connecting')
    metrics.ringSeconds.observe({ queue }, (at - after.offer.madeAt) / 1_000)
  if (after.phase !== 'ended') return
  const { outcome, answeredAt, endedAt, survey } = after
  const waitsSince = waitStart(after)
  metrics.calls.inc({ outcome, direction })
  if (waitsSince !== null && direction === 'inbound') {
    metrics.waitSeconds.observe({ queue, outcome }, ((answeredAt ?? endedAt) - waitsSince) / 1_000)
    const isInTime = inTime(after, judged)
    if (isInTime !== null) metrics.serviceLevelCalls.inc({ queue, in_time: isInTime ? 'yes' : 'no' })
  }
  if (answeredAt !== null)
    metrics.talkSeconds.observe({ queue }, ((survey?.askedAt ?? endedAt) - answeredAt) / 1_000)
}

/** Null: in no percentage (docs/rules/figures.md). */
function inTime(call: Ended, { targetOf, shortAbandonMs }: Judged): boolean | null {
  const { queue, outcome, answeredAt, endedAt } = call
  const waitMs = (answeredAt ?? endedAt) - (waitStart(call) ?? endedAt)
  if (answeredAt !== null && outcome !== 'abandoned') return waitMs <= targetOf(queue).withinMs
  if (outcome === 'callback' || outcome === 'voicemail') return null
  return outcome === 'abandoned' && waitMs <= shortAbandonMs ? null : false
}

/** A queue that has been removed has no row. */
export function measureTargets(
  metrics: Metrics,
  { queues, targetOf }: Judged & { readonly queues: () => readonly Queue[] },
): void {
  metrics.targetRatio.reset()
  metrics.targetSeconds.reset()
  for (const { id } of queues()) {
    const { percent, withinMs } = targetOf(id)
    metrics.targetRatio.set({ queue: id }, percent / 100)
    metrics.targetSeconds.set({ queue: id }, withinMs / 1_000)
  }
}
