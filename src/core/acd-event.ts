/**
 * What the line writes down about every change, in the same script that makes it. The ledger, the
 * live feed and the reports all fold these; nothing else is the source of a figure.
 */
import type { Agent } from './agent.ts'
import type { AgentEvent } from './agent-event.ts'
import type { Call } from './call.ts'
import type { CallEvent } from './call-event.ts'
import type { AgentId, CallId, Millis } from './ids.ts'

export interface AcdCallEvent {
  readonly subject: 'call'
  readonly id: CallId
  /** 1, 2, 3 … per call; also the version of the call in Redis from then on. */
  readonly seq: number
  readonly at: Millis
  readonly event: CallEvent
  /** The call as it is after the event. */
  readonly after: Call
}

export interface AcdAgentEvent {
  readonly subject: 'agent'
  readonly id: AgentId
  /** Grows by one per change, for ever (it survives sign-outs). */
  readonly seq: number
  readonly at: Millis
  readonly event: AgentEvent
  readonly after: Agent
}

export type AcdEvent = AcdCallEvent | AcdAgentEvent

/** A place in the event stream (a Redis stream id); opaque, ordered. */
export type StreamPosition = string
