/**
 * A call, from the citizen's INVITE to its end: one variant per stage (stored as `phase`), each holding only what is
 * true then.
 *
 *   greeting ──► waiting ──► ringing ──► connecting ──► talking ◄──► held
 *       │          ▲  ▲         │            │             │          │
 *       │          │  └─────────┘            │             ▼          ▼
 *       │          ├── front of the queue ───┴──────── reconnecting (the agent's leg was lost)
 *       │          └── transfer: from talking or held, to another queue or to one colleague
 *       │   transferring ──► transferred: from talking or held, to a contact; back to waiting if nobody answers
 *       │   survey: from talking, held or reconnecting, when the agent hangs up
 *       ├► menu ──► waiting: a number whose callers choose by key
 *       ├► closed, voicemail: callers of a closed number; the latter also by a key of the menu
 *       └► dismissing (closed, line full, waited too long, a callback was promised)
 *   summoning ──► dialling ──► connecting: a citizen whom an agent calls (`direction` outbound)
 *   promised ──► ringing ──► dialling: a citizen who is called back by the place that they had in the queue
 *   every stage ──► ended
 *
 * "Talking" means bridged. A waiting or held caller hears music on the caller's own channel, unbridged. The agent who
 * serves the caller is the one of `offer`; a colleague who is consulted and supervisors are in the call beside the stage.
 */
import type { Announced, CallbackQuestion, Reading } from './announcements/announcement.ts'
import type { Callback } from './announcements/callback-promise.ts'
import type { WordSounds } from './announcements/own-words.ts'
import type { Survey, SurveyPart } from './announcements/survey.ts'
import { completeList } from './complete-list.ts'
import type { Language, MenuPlace, MenuTree } from './configuration/menu.ts'
import type { External } from './contact.ts'
import type { Prompt } from './effect.ts'
import type {
  AgentId,
  BridgeId,
  CallId,
  ChannelId,
  ContactId,
  Millis,
  OfferId,
  PbxName,
  PlaybackId,
  QueueId,
} from './ids.ts'
import type { RecordingPause } from './media/recording-pause.ts'
import type { Device, Offer } from './offer.ts'

/** The caller's identity as received from the network. `number` is null when withheld or unusable. */
export interface Caller {
  /** E.164 (`+40256…`) where it could be read as such, else the digits as received. */
  readonly number: string | null
  /** Display name after filtering; never trusted. */
  readonly name: string | null
}

/** `consulted`: a colleague whom the agent asks; `supervisor`: one who listens, whispers or has joined; `external`: somebody outside. */
export const legRoles = ['agent', 'consulted', 'supervisor', 'external'] as const
export type LegRole = (typeof legRoles)[number]
/** Of those who have an account here. */
export type OwnRole = Exclude<LegRole, 'external'>

/** Somebody's part in the call, from the first word to the last. */
export interface Leg<Role extends OwnRole = OwnRole> {
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

/** An external party's part in the call. */
export interface ExternalLeg {
  readonly id: OfferId
  readonly role: 'external'
  readonly contact: ContactId
  /** The contact's, as it was then. */
  readonly name: string
  /** When the party was put through: they had answered, and had heard that the call is recorded. */
  readonly from: Millis
  readonly until: Millis | null
}

/** Anybody's part but that of the agents who served. */
export type OtherLeg = Leg<'consulted' | 'supervisor'> | ExternalLeg

/** A colleague, or an external party, whom the agent asks while the caller is on the line. */
export interface Consult {
  readonly offer: Offer | External
  /**
   * Where they sit: `side`, with the agent while the caller hears music; `music`, while the agent talks with
   * the caller, or with nobody; `room`, where all three hear each other.
   */
  readonly seat: 'ringing' | 'side' | 'music' | 'room'
  /** The colleague has been in the room with the caller, perhaps before they were asked aside again. Absent: never. */
  readonly hasTalked?: true
  /** As soon as they answer, all three hear each other. */
  readonly joins?: boolean
  /** Null: the agent has one line, and speaks with either by it. */
  readonly secondLine: SecondLine | null
}

/** The other call of the agent's desk phone, in which the colleague is asked. A phone speaks by one of its lines at a time. */
export interface SecondLine {
  readonly channel: ChannelId
  /** Whether the agent speaks by it: the phone has turned to it, and not back to the line with the caller. */
  readonly isActive: boolean
  /**
   * Whether the phone has reported it on hold. A phone that turns to the caller's line reports this later or, while the
   * colleague still rings, not at all: then it is active again as soon as the caller's line is on hold.
   */
  readonly isHeld: boolean
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

/** Where an agent sends a caller. */
export type TransferTarget =
  | { readonly queue: QueueId }
  | { readonly agent: AgentId }
  | { readonly contact: ContactId }
/** An agent asks a colleague, or somebody outside, during a conversation. */
export type ConsultTarget = Exclude<TransferTarget, { readonly queue: QueueId }>

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
  /** Null: nobody was promised this call. */
  readonly callback: Callback | null
  readonly pbx: PbxName
  /** The city's number: the one dialled, or the one that a citizen who is called sees (`969`). */
  readonly line: string
  readonly caller: Caller
  /** As chosen in a menu. */
  readonly language: Language
  readonly queue: QueueId
  /** The queue whose callers were too many, or waited too long; a caller overflows once. Null: this one has not. */
  readonly overflowedFrom: QueueId | null
  /** 0: the front of the queue, for a caller whose agent was lost. Of all others the queue's own counts (`routing.ts`). */
  readonly priority: number
  /** Of an outbound call: when the agent asked for it. */
  readonly arrivedAt: Millis
  /** When a caller who still waits is dismissed (longest wait, or grace after closing). */
  readonly waitUntil: Millis
  /**
   * When the call entered a queue; null before. Of an outbound call as `arrivedAt`, should it be transferred; of a callback
   * when the citizen did, in the call in which it was promised.
   */
  readonly queuedAt: Millis | null
  /** First time a phone rang for it. */
  readonly offeredAt: Millis | null
  /** First time an agent's answer led to a conversation; an announcement is never an answer. */
  readonly answeredAt: Millis | null
  /** Whether the network has been told that the call is answered (charging begins). */
  readonly lineAnswered: boolean
  /** Held time so far, in closed intervals. */
  readonly heldMs: number
  /** The agent who last talked with this caller; of an outbound call, until then, the one who calls, if there is one. */
  readonly lastAgent: AgentId | null
  /** The agents who have talked with the caller, in order; a leg that is up is the last one. */
  readonly legs: readonly Leg<'agent'>[]
  /** Everybody else who was in the call, in order. */
  readonly others: readonly OtherLeg[]
  readonly transfer: Transfer | null
  /** Only in a conversation. */
  readonly consult: Consult | null
  readonly supervisions: readonly Supervision[]
  /** Since when the serving agent has asked for a supervisor; null: not. */
  readonly helpSince: Millis | null
  /** Only in a conversation. */
  readonly recordingPause: RecordingPause | null
  readonly announced: Announced
  /** Null: the caller was not asked, or not yet. */
  readonly survey: Survey | null
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

/** Whether the citizen's phone has not been dialled: nothing of theirs is in Asterisk, and nobody waits on the line. */
export const isUncalled = (call: Call): boolean =>
  call.phase === 'promised' ||
  call.phase === 'summoning' ||
  (call.phase === 'ringing' && !isCallerPresent(call))

/** Whether it is a callback whose citizen has not been reached. */
export const isCallback = (call: LiveCall): boolean => call.callback !== null && !isCallerPresent(call)

type OfQueue = Pick<CallFacts, 'queue' | 'overflowedFrom'>
/** Whether both are of one queue, or one has overflowed from the queue of the other: then they are for the same matter. */
export const isSameMatter = (one: OfQueue, other: OfQueue): boolean =>
  one.queue === other.queue || one.overflowedFrom === other.queue || other.overflowedFrom === one.queue

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
  /** Null: the queue follows. */
  readonly menu: MenuTree | null
  /** The number's own greeting; null: the fixed one. */
  readonly words: WordSounds | null
}

/** The caller hears a menu, which a key stops, or is given time for a key afterwards. */
export interface InMenu extends CallFacts {
  readonly phase: 'menu'
  readonly place: MenuPlace
  /** How many times the caller has been read a menu, for the name of the playback. */
  readonly readings: number
  readonly playback: PlaybackId
  /** Whether it is being read; then a key is awaited in silence. */
  readonly isReading: boolean
  readonly until: Millis
  /** By then the caller is in a queue, whichever keys are pressed. */
  readonly leaveBy: Millis
}

/** The citizen is to be called back: the call waits for an agent, and nobody is on the line. */
export interface Promised extends CallFacts {
  readonly phase: 'promised'
  readonly callback: Callback
  readonly queuedAt: Millis
  /** No agent is offered the call before. */
  readonly notBefore: Millis
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
  /** Null: the caller hears music. */
  readonly announcement: Reading | null
  /** The caller may choose by key to be called back; null: no key means anything. An agent who is rung ends it. */
  readonly question: CallbackQuestion | null
}

export interface Reservation {
  readonly agent: AgentId
  readonly until: Millis
}

/** Whose turn comes by the order of a queue. */
export type Queued = Waiting | Promised

/** The phone of an agent rings: for a caller who hears music, or for a citizen who is called back once it is picked up. */
export interface Ringing extends CallFacts {
  readonly phase: 'ringing'
  readonly queuedAt: Millis
  readonly offer: Offer
  /** One that had begun before; it ends with the answer. */
  readonly announcement: Reading | null
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

/** An agent has sent the caller to a contact, whose phone is dialled; the caller hears music. No agent is in the call. */
export interface Transferring extends CallFacts {
  readonly phase: 'transferring'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  readonly external: External
}

/** The caller and the external party hear each other. No agent is in the call, and nobody records it. */
export interface Transferred extends CallFacts {
  readonly phase: 'transferred'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  readonly external: External
  readonly room: BridgeId
  readonly until: Millis
}

/** The caller of a closed number hears so, and may choose by key to be called back once it is open. */
export interface Closed extends CallFacts {
  readonly phase: 'closed'
  readonly awaits: CallbackQuestion['awaits']
  /** As the caller has heard it; `words` as in `Greeting`. */
  readonly opensAt: Millis
  readonly words: WordSounds | null
  readonly playback: PlaybackId
  readonly prompt: Prompt
  /** Whether it is being read; then a key is awaited in silence. */
  readonly isReading: boolean
  readonly until: Millis
}

/** The caller of a closed number, or one who has chosen so by key, hears how to leave a message, and leaves one. */
export interface Voicemail extends CallFacts {
  readonly phase: 'voicemail'
  readonly playback: PlaybackId
  /** Heard by the caller; null: they speak. From the tone on they are recorded. */
  readonly prompt: Prompt | null
  /** The outcome of one who leaves none. */
  readonly without: 'closed' | 'abandoned'
  readonly until: Millis
}

/** The agent has hung up, and is free. The caller is asked how it was, and hears or has just heard `part`. */
export interface InSurvey extends CallFacts {
  readonly phase: 'survey'
  readonly queuedAt: Millis
  readonly answeredAt: Millis
  readonly survey: Survey
  readonly part: SurveyPart
  readonly playback: PlaybackId
  readonly sounds: readonly string[]
  /** Whether it is being read; then a key is awaited in silence. */
  readonly isReading: boolean
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
/** Whether an agent and the caller talk, or did a moment ago. */
export const inConversation = (call: Call): call is InConversation =>
  call.phase === 'talking' || call.phase === 'held' || call.phase === 'reconnecting'
export type LiveCall =
  | Greeting
  | InMenu
  | Promised
  | Summoning
  | Dialling
  | Waiting
  | Ringing
  | Connecting
  | InConversation
  | Transferring
  | Transferred
  | InSurvey
  | Closed
  | Voicemail
  | Dismissing
export type Call = LiveCall | Ended

/** The stages of a call that has not ended, in the order in which a call comes through them. */
export const liveCallStages = completeList<LiveCall['phase']>()([
  'greeting',
  'menu',
  'promised',
  'summoning',
  'dialling',
  'waiting',
  'ringing',
  'connecting',
  'talking',
  'held',
  'reconnecting',
  'transferring',
  'transferred',
  'survey',
  'closed',
  'voicemail',
  'dismissing',
])
/** The values of `phase`. */
export const callStages = completeList<Call['phase']>()([...liveCallStages, 'ended'])
export type CallStage = (typeof callStages)[number]

/** Why a citizen who was called was not reached; `cancelled`: somebody gave it up, or it was not needed. Of outbound calls alone. */
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
/** Of a caller who hears why the call is not served. */
export type Dismissal = Extract<Outcome, 'closed' | 'rejected' | 'callback'>
export const callEndedBy = ['caller', 'agent', 'supervisor', 'external', 'system'] as const
export type EndedBy = (typeof callEndedBy)[number]
