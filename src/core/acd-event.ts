/**
 * The events that record every change, written by the same script that saves it. The ledger, the live feed and the
 * reports all fold these events; no figure has another source.
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
  /** Grows by one with each change and is never reset, not even by a sign-out. */
  readonly seq: number
  readonly at: Millis
  readonly event: AgentEvent
  readonly after: Agent
}

export type AcdEvent = AcdCallEvent | AcdAgentEvent

/** A place in the event stream (a Redis stream id); opaque, ordered. */
export type StreamPosition = string
