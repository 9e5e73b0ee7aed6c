/** The figures of calls for Prometheus, from the events that all boards fold. */
import { agentStates } from '../../core/agent.ts'
import type { AcdCallEvent } from '../../core/acd-event.ts'
import type { Metrics } from '../../metrics.ts'

export const signedInStates = agentStates.filter((state) => state !== 'signed out')

export function measureCall(metrics: Metrics, { at, event, after }: AcdCallEvent): void {
  const { queue, direction } = after
  if (event.type === 'AgentAnswered' && after.phase === 'connecting')
    metrics.ringSeconds.observe({ queue }, (at - after.offer.madeAt) / 1_000)
  if (after.phase !== 'ended') return
  const { outcome, queuedAt, answeredAt, endedAt } = after
  metrics.calls.inc({ outcome, direction })
  if (queuedAt !== null && direction === 'inbound')
    metrics.waitSeconds.observe({ queue, outcome }, ((answeredAt ?? endedAt) - queuedAt) / 1_000)
  if (answeredAt !== null) metrics.talkSeconds.observe({ queue }, (endedAt - answeredAt) / 1_000)
}
