/**
 * A call, from the citizen's INVITE to its end: one variant per phase, each holding only what is
 * true then.
 *
 *   greeting ──► waiting ──► ringing ──► connecting ──► talking ◄──► held
 *       │          ▲  ▲         │            │             │          │
 *       │          │  └─────────┘            │             ▼          ▼
 *       │          └── front of the line ────┴──────── reconnecting (the agent's leg was lost)
 *       └► dismissing (closed, line full, waited too long)
 *   every phase ──► ended
 *
 * "Talking" means bridged. A waiting or held caller hears music on his own channel, unbridged.
 */
import type { AgentId, BridgeId, CallId, Millis, PbxName, PlaybackId, QueueId } from './ids.ts'
import type { Offer } from './offer.ts'

/** Who calls, as far as the network says. `number` is null when withheld or unusable. */
export interface Caller {
  /** E.164 (`+40256…`) where it could be read as such, else the digits as received. */
  readonly number: string | null
  /** Display name after filtering; never trusted. */
  readonly name: string | null
}

interface CallFacts {
  readonly id: CallId
  readonly pbx: PbxName
  /** The number dialled, normalised (`969`). */
  readonly line: string
  readonly caller: Caller
  readonly queue: QueueId
  /** Lower is served first. */
  readonly priority: number
  readonly arrivedAt: Millis
  /** When the call entered a queue; null before. */
  readonly queuedAt: Millis | null
  /** First time a phone rang for it. */
  readonly offeredAt: Millis | null
  /** First time an agent answered; an announcement is never an answer. */
  readonly answeredAt: Millis | null
  /** Whether the network has been told that the call is answered (charging begins). */
  readonly lineAnswered: boolean
  /** Held time so far, in closed intervals. */
  readonly heldMs: number
  /** The agent who last talked with this caller, who is asked first when the leg was lost. */
  readonly lastAgent: AgentId | null
}

export interface Greeting extends CallFacts {
  readonly phase: 'greeting'
  readonly playback: PlaybackId
  readonly until: Millis
}

export interface Waiting extends CallFacts {
  readonly phase: 'waiting'
  readonly queuedAt: Millis
  /** When the line gives up on this caller (the longest wait, or the grace after closing). */
  readonly until: Millis
}

export interface Ringing extends CallFacts {
  readonly phase: 'ringing'
  readonly queuedAt: Millis
  readonly until: Millis
  readonly offer: Offer
}

export interface Connecting extends CallFacts {
  readonly phase: 'connecting'
  readonly queuedAt: Millis
  readonly until: Millis
  readonly offer: Offer
  readonly answeredAt: Millis
  /** The bridge must stand by then, or the agent's leg is given up. */
  readonly bridgedBy: Millis
}

export interface Talking extends CallFacts {
  readonly phase: 'talking'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  readonly offer: Offer
  readonly bridge: BridgeId
  readonly talkingSince: Millis
  readonly muted: boolean
}

export interface Held extends CallFacts {
  readonly phase: 'held'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  readonly offer: Offer
  readonly bridge: BridgeId
  readonly talkingSince: Millis
  readonly heldSince: Millis
}

/** The agent's leg was lost (page refreshed, network gone): music, and the same agent is rung anew. */
export interface Reconnecting extends CallFacts {
  readonly phase: 'reconnecting'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  readonly agent: AgentId
  /** The new attempt; null while the agent's phone is not reachable. */
  readonly offer: Offer | null
  /** The attempt whose leg was lost; the agent stays held under it. */
  readonly lost: Offer
  readonly until: Millis
}

/** The caller hears why he is not served; then the call ends with `outcome`. */
export interface Dismissing extends CallFacts {
  readonly phase: 'dismissing'
  readonly playback: PlaybackId
  readonly outcome: Dismissal
  readonly until: Millis
}

export interface Ended extends CallFacts {
  readonly phase: 'ended'
  readonly endedAt: Millis
  readonly outcome: Outcome
  readonly endedBy: EndedBy
  /** The agent who answered last, or null. */
  readonly agent: AgentId | null
}

export type Call =
  | Greeting
  | Waiting
  | Ringing
  | Connecting
  | Talking
  | Held
  | Reconnecting
  | Dismissing
  | Ended
export type LiveCall = Exclude<Call, Ended>
export type Phase = Call['phase']

/** `abandoned` before a queue has `queuedAt` null and is not "offered" (metrics.md). */
export type Outcome = 'answered' | 'abandoned' | 'closed' | 'voicemail' | 'callback' | 'rejected' | 'failed'
export type Dismissal = 'closed' | 'rejected'
export type EndedBy = 'caller' | 'agent' | 'system'
