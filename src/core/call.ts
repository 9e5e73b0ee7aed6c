/**
 * A call, from the citizen's INVITE to its end: one variant per stage (stored as `phase`), each holding only what is
 * true then.
 *
 *   greeting ──► waiting ──► ringing ──► connecting ──► talking ◄──► held
 *       │          ▲  ▲         │            │             │          │
 *       │          │  └─────────┘            │             ▼          ▼
 *       │          ├── front of the queue ───┴──────── reconnecting (the agent's leg was lost)
 *       │          └── transfer: from talking or held, to another queue or to one colleague
 *       └► dismissing (closed, line full, waited too long)
 *   summoning ──► dialling ──► connecting: a citizen whom an agent calls (`direction` outbound)
 *   every stage ──► ended
 *
 * "Talking" means bridged. A waiting or held caller hears music on the caller's own channel, unbridged. The agent who
 * serves the caller is the one of `offer`; a colleague who is consulted and supervisors are in the call beside the stage.
 */
import { completeList } from './complete-list.ts'
import type { Prompt } from './effect.ts'
import type { AgentId, BridgeId, CallId, Millis, OfferId, PbxName, PlaybackId, QueueId } from './ids.ts'
import type { Device, Offer } from './offer.ts'

/** The caller's identity as received from the network. `number` is null when withheld or unusable. */
export interface Caller {
  /** E.164 (`+40256…`) where it could be read as such, else the digits as received. */
  readonly number: string | null
  /** Display name after filtering; never trusted. */
  readonly name: string | null
}

/** `consulted`: a colleague whom the agent asks; `supervisor`: one who listens, whispers or has joined. */
export const legRoles = ['agent', 'consulted', 'supervisor'] as const
export type LegRole = (typeof legRoles)[number]

/** Somebody's part in the call, from the first word to the last. */
export interface Leg<Role extends LegRole = LegRole> {
  /** That of its offer; `agentLegOf` names its channel. */
  readonly id: OfferId
  readonly role: Role
  readonly agent: AgentId
  readonly device: Device
  /** When an agent and the caller heard each other first; of any other leg: when its phone was picked up. */
  readonly from: Millis
  /** Null while it is up. */
  readonly until: Millis | null
}

/** A colleague whom the agent asks while the caller is on the line. */
export interface Consult {
  readonly offer: Offer
  /**
   * Where the colleague sits: `side`, with the agent while the caller hears music; `music`, while the agent talks with
   * the caller; `room`, where all three hear each other.
   */
  readonly seat: 'ringing' | 'side' | 'music' | 'room'
}

/**
 * How a supervisor takes part: unheard; heard by the agent alone; heard by all. It lasts as long as the call, whichever
 * agent serves the caller.
 */
export const supervisionModes = ['monitor', 'whisper', 'barge'] as const
export type SupervisionMode = (typeof supervisionModes)[number]

export interface Supervision {
  /** The supervisor is its `agent`. */
  readonly offer: Offer
  readonly mode: SupervisionMode
  /** Whether the supervisor's phone has been picked up. */
  readonly isUp: boolean
}

/** The conversation is left out of the recording until then at the latest. */
export interface RecordingPause {
  readonly since: Millis
  readonly until: Millis
  readonly reason: RecordingPauseReason
}
export const recordingPauseReasons = ['payment card', 'password', 'caller asks'] as const
export type RecordingPauseReason = (typeof recordingPauseReasons)[number]

/** Where an agent sends a caller. */
export type TransferTarget = { readonly queue: QueueId } | { readonly agent: AgentId }

/** The last time that an agent sent the caller on and left the call. */
export interface Transfer {
  readonly by: AgentId
  /** The queue in which the caller was. */
  readonly from: QueueId
  readonly to: TransferTarget
  readonly at: Millis
  /** `failed`: nobody took the caller, who was sent back to `by`. */
  readonly state: 'under way' | 'taken' | 'failed'
}

/** `outbound`: an agent calls the citizen, who is the `caller` all the same. */
export const directions = ['inbound', 'outbound'] as const
export type Direction = (typeof directions)[number]

export interface CallFacts {
  readonly id: CallId
  readonly direction: Direction
  readonly pbx: PbxName
  /** The city's number: the one dialled, or the one that a citizen who is called sees (`969`). */
  readonly line: string
  readonly caller: Caller
  readonly queue: QueueId
  /** Lower is served first; 0 is the front of the queue, for a caller whose agent was lost. */
  readonly priority: number
  /** Of an outbound call: when the agent asked for it. */
  readonly arrivedAt: Millis
  /** When a caller who still waits is dismissed (longest wait, or grace after closing). */
  readonly waitUntil: Millis
  /** When the call entered a queue; null before. Of an outbound call as `arrivedAt`, should it be transferred. */
  readonly queuedAt: Millis | null
  /** First time a phone rang for it. */
  readonly offeredAt: Millis | null
  /** First time an agent's answer led to a conversation; an announcement is never an answer. */
  readonly answeredAt: Millis | null
  /** Whether the network has been told that the call is answered (charging begins). */
  readonly lineAnswered: boolean
  /** Held time so far, in closed intervals. */
  readonly heldMs: number
  /** The agent who last talked with this caller; of an outbound call, until then, the one who calls. */
  readonly lastAgent: AgentId | null
  /** The agents who have talked with the caller, in order; a leg that is up is the last one. */
  readonly legs: readonly Leg<'agent'>[]
  /** Everybody else who was in the call, in order. */
  readonly others: readonly Leg<'consulted' | 'supervisor'>[]
  readonly transfer: Transfer | null
  /** Only in a conversation. */
  readonly consult: Consult | null
  readonly supervisions: readonly Supervision[]
  /** Since when the serving agent has asked for a supervisor; null: not. */
  readonly helpSince: Millis | null
  /** Only in a conversation. */
  readonly recordingPause: RecordingPause | null
  /** When the present stage began. */
  readonly since: Millis
}

/**
 * Whether the agent's caller is there: false of a citizen who is called until they answer, because a number that is typed
 * must not open what is known of its holder (docs/rules/access.md). On the wire the time is a text.
 */
export const isCallerPresent = ({
  direction,
  answeredAt,
}: Pick<CallFacts, 'direction'> & { readonly answeredAt: Millis | string | null }): boolean =>
  direction === 'inbound' || answeredAt !== null

/** A call with nobody but the caller and the agent. */
export const nobodyBeside = {
  others: [],
  consult: null,
  supervisions: [],
  helpSince: null,
  recordingPause: null,
} as const satisfies Partial<CallFacts>

export interface Greeting extends CallFacts {
  readonly phase: 'greeting'
  readonly playback: PlaybackId
  /** The greeting is over by then even if the event of its end is lost. */
  readonly until: Millis
}

/** The phone of the agent who calls a citizen is to pick up by itself. */
export interface Summoning extends CallFacts {
  readonly phase: 'summoning'
  readonly queuedAt: Millis
  readonly offer: Offer
}

/** The agent is on the line and hears the ringing tone; the citizen's phone is dialled. */
export interface Dialling extends CallFacts {
  readonly phase: 'dialling'
  readonly queuedAt: Millis
  readonly offer: Offer
  /** The attempt is given up then even if the event of its end is lost. */
  readonly until: Millis
}

export interface Waiting extends CallFacts {
  readonly phase: 'waiting'
  readonly queuedAt: Millis
  /** Until then nobody else is offered the caller; null: whoever serves the queue. */
  readonly reservedFor: Reservation | null
}

export interface Reservation {
  readonly agent: AgentId
  readonly until: Millis
}

export interface Ringing extends CallFacts {
  readonly phase: 'ringing'
  readonly queuedAt: Millis
  readonly offer: Offer
}

/** The agent has picked up; the bridge is being built. */
export interface Connecting extends CallFacts {
  readonly phase: 'connecting'
  readonly queuedAt: Millis
  readonly offer: Offer
  /** The bridge of the conversation: it stays the same when another agent takes over in it. */
  readonly room: BridgeId
  readonly pickedUpAt: Millis
  /** The bridge must be complete by then, or the agent's leg is hung up. */
  readonly bridgedBy: Millis
}

export interface Talking extends CallFacts {
  readonly phase: 'talking'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  readonly offer: Offer
  readonly room: BridgeId
  readonly muted: boolean
}

export interface Held extends CallFacts {
  readonly phase: 'held'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  readonly offer: Offer
  readonly room: BridgeId
  /** The phone's own hold key is on: it may be silent, so missing audio does not tell that it is gone. */
  readonly byPhone: boolean
}

/** The agent's leg was lost (page reloaded, network gone): music, and the same agent is rung again. */
export interface Reconnecting extends CallFacts {
  readonly phase: 'reconnecting'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  /** The offer that holds the agent: the lost one, or the new attempt once `invited`. */
  readonly offer: Offer
  readonly room: BridgeId
  readonly invited: boolean
  readonly until: Millis
}

/** The caller hears why the call is not served; then it ends with `outcome`. */
export interface Dismissing extends CallFacts {
  readonly phase: 'dismissing'
  readonly playback: PlaybackId
  /** Why the call is not served. */
  readonly prompt: Prompt
  readonly outcome: Dismissal
  readonly until: Millis
}

export interface Ended extends CallFacts {
  readonly phase: 'ended'
  readonly endedAt: Millis
  readonly outcome: Outcome
  readonly endedBy: EndedBy
}

/** A conversation, or one that is being mended: `offer` engages the agent. */
export type InConversation = Talking | Held | Reconnecting
export type LiveCall =
  | Greeting
  | Summoning
  | Dialling
  | Waiting
  | Ringing
  | Connecting
  | InConversation
  | Dismissing
export type Call = LiveCall | Ended

/** The stages of a call that has not ended, in the order in which a call comes through them. */
export const liveCallStages = completeList<LiveCall['phase']>()([
  'greeting',
  'summoning',
  'dialling',
  'waiting',
  'ringing',
  'connecting',
  'talking',
  'held',
  'reconnecting',
  'dismissing',
])
/** The values of `phase`. */
export const callStages = completeList<Call['phase']>()([...liveCallStages, 'ended'])
export type CallStage = (typeof callStages)[number]

/** Why a citizen who was called was not reached; `cancelled`: the agent gave up. Of outbound calls alone. */
export const unreachedOutcomes = ['no answer', 'busy', 'unreachable', 'cancelled'] as const
export type Unreached = (typeof unreachedOutcomes)[number]
/** `abandoned` before a queue has `queuedAt` null and is not "offered" (docs/rules/figures.md). */
export const callOutcomes = [
  'answered',
  'abandoned',
  'closed',
  'voicemail',
  'callback',
  'rejected',
  'failed',
  ...unreachedOutcomes,
] as const
export type Outcome = (typeof callOutcomes)[number]
/** The outcomes of a caller who hears why the call is not served. */
export const dismissalOutcomes = ['closed', 'rejected'] as const satisfies readonly Outcome[]
export type Dismissal = (typeof dismissalOutcomes)[number]
export const callEndedBy = ['caller', 'agent', 'supervisor', 'system'] as const
export type EndedBy = (typeof callEndedBy)[number]
