/** The ports of the ACD. Each has one real adapter and one fake, held equal by `test/contract`. */
import type { CallerNotice } from '../core/announcements/caller-notice.ts'
import type { Room } from '../core/call-arrival.ts'
import type { Agent } from '../core/agent.ts'
import type { Call, LiveCall } from '../core/call.ts'
import type { CityNumber } from '../core/configuration/line.ts'
import type { MenuKey, MenuTree } from '../core/configuration/menu.ts'
import type { Pauses } from '../core/configuration/pauses.ts'
import type { OutboundSetting } from '../core/configuration/schema.ts'
import type { Contact } from '../core/contact.ts'
import type { DeskAnswer, DeskCommand } from '../core/desk-command.ts'
import type { AskedOnPage, PageCallbackAnswer } from '../core/announcements/page-callback.ts'
import type { Effect } from '../core/effect.ts'
import type { AgentId, BridgeId, CallId, ChannelId, Millis, PbxName, PlaybackId } from '../core/ids.ts'
import type { AcdEvent, StreamPosition } from '../core/acd-event.ts'
import type { Device } from '../core/offer.ts'
import type { AgentProfile, Queue } from '../core/queue.ts'

export type { Clock } from './clock.ts'

// ---- the PBX -------------------------------------------------------------------------------

/**
 * Why a leg ended, in our words. `no audio`: Asterisk gave the leg up because its RTP had stopped. `did not ring`: its
 * phone answers the PBX and gave no sign of ringing within the PBX's bound; the leg is still there, to be hung up.
 */
export type LegEnd =
  | 'hung up'
  | 'busy'
  | 'declined'
  | 'no answer'
  | 'unreachable'
  | 'did not ring'
  | 'no audio'
  | 'failed'

export type PbxEvent =
  /** A citizen's call was handed to us. May come again for a call that we know (fallback, retry). */
  | {
      readonly type: 'CallArrived'
      readonly pbx: PbxName
      readonly call: CallId
      readonly line: string
      /** As received, already free of control characters and bounded in length; '' when withheld. */
      readonly callerNumber: string
      readonly callerName: string
      readonly arrivedAt: Millis
      /** Set when the dialplan had queued the caller before (fallback): the place in the queue counts from then. */
      readonly queuedAt: Millis | null
      /** Whether the channel has already been answered (a retry, or a caller taken over). */
      readonly answered: boolean
      /** Of one whom the inventory lists and nobody knows here: what they say is recorded as a message. */
      readonly speaks?: true
    }
  /** A leg that we originated was picked up (it entered the application). */
  | { readonly type: 'LegUp'; readonly channel: ChannelId }
  /** A citizen whom we called has picked up (and entered the application). */
  | { readonly type: 'CallerUp'; readonly channel: ChannelId }
  /** The watchdog moved a caller from our application to the fallback queue. */
  | { readonly type: 'CallerTaken'; readonly channel: ChannelId }
  /** A leg is gone or going; may come more than once for one leg. */
  | { readonly type: 'LegGone'; readonly channel: ChannelId; readonly end: LegEnd }
  | { readonly type: 'PlaybackEnded'; readonly playback: PlaybackId }
  /** A caller has pressed a key, and let it go. */
  | { readonly type: 'KeyPressed'; readonly channel: ChannelId; readonly key: MenuKey }
  /** Another channel is now in this bridge, which has two or more. */
  | { readonly type: 'BridgeFull'; readonly bridge: BridgeId }
  /** The phone's own hold key. */
  | { readonly type: 'LegHeld'; readonly channel: ChannelId; readonly held: boolean }
  /**
   * A desk phone's own transfer key, to be answered by `AnswerTransferKey`. `to`: what was dialled, at most 80
   * characters; null: another call of this phone, which is `other` if that is with us.
   */
  | {
      readonly type: 'TransferAsked'
      readonly channel: ChannelId
      readonly to: string | null
      readonly other: ChannelId | null
    }
  /** An agent has dialled a colleague on their phone; the phone hears the ringing tone. At most 80 characters. */
  | {
      readonly type: 'SecondLine'
      readonly channel: ChannelId
      readonly username: string
      readonly device: Device
      readonly dialled: string
    }
  | {
      readonly type: 'PhoneChanged'
      readonly username: string
      readonly device: Device
      readonly reachable: boolean
    }
  /** Channels on an agent's phones that are not ours. */
  | { readonly type: 'OwnCallsChanged'; readonly username: string; readonly ownCalls: number }
  /**
   * An agent's phone has dialled 112, which it does without us. `at` tells the call apart, to the second: one that is still
   * there after a connect is reported again.
   */
  | {
      readonly type: 'EmergencyDialled'
      readonly username: string
      readonly device: Device
      readonly at: Millis
    }
  /** Events may have been missed before this moment: reconcile. Comes first after each connect. */
  | { readonly type: 'Connected' }
  | { readonly type: 'Disconnected' }
  /** Another process took over the application: the lease is lost. */
  | { readonly type: 'Replaced' }

/** `refused`: Asterisk could not do it (no such endpoint, allocation failed). */
export type Performed = 'done' | 'already gone' | 'refused'

/** Channels and bridges that exist in Asterisk now. */
export interface Inventory {
  /** Callers' channels that are in our application. */
  readonly callers: readonly Extract<PbxEvent, { type: 'CallArrived' }>[]
  /** Our own legs, ringing or up, and second lines; whose phone each is, null of an external party's. */
  readonly legs: readonly {
    readonly channel: ChannelId
    readonly up: boolean
    readonly username: string | null
    readonly device: Device | null
  }[]
  /** The channels through which supervisors hear. */
  readonly ears: readonly ChannelId[]
  /** Our own bridges. */
  readonly bridges: readonly { readonly bridge: BridgeId; readonly channels: readonly ChannelId[] }[]
  readonly phones: readonly {
    readonly username: string
    readonly desk: boolean
    readonly web: boolean
    readonly ownCalls: number
  }[]
  /** Every channel that exists, in our application or elsewhere (fallback queue). */
  readonly channels: readonly ChannelId[]
  /** When this Asterisk was started, where known: calls from before went down with the one before. */
  readonly startedAt?: Millis
  /** The name with which its channels' ids begin, where known: other calls went down with another Asterisk. */
  readonly named?: string
}

/** Thrown by any method while the connection is down: the command may or may not have been executed. */
export class PbxUnavailable extends Error {
  override name = 'PbxUnavailable'
}

export interface Pbx {
  readonly name: PbxName
  /** One listener; called in the order in which Asterisk sent the events. Must not throw. */
  onEvent(listener: (event: PbxEvent) => void): void
  /**
   * Connects and keeps reconnecting, with jitter. Resolves at the first connection. `mayAct` is called before
   * every connect and every command: while it is false, nothing is sent and `PbxUnavailable` is thrown.
   */
  start(mayAct: () => boolean): Promise<void>
  /**
   * Whether the application was surely ours within the last second: the PBX has answered a request that was sent since,
   * and has reported no other process that took it over.
   */
  isOurs(): boolean
  /**
   * Takes over what exists: subscribes to all channels and bridges of the application, lists them. Of a caller who is known it is not
   * asked whether they speak.
   */
  inventory(isKnown?: (call: CallId) => boolean): Promise<Inventory>
  /** Performs one effect; idempotent by our own ids. `FinishRecording` is not the PBX's. */
  perform(effect: Exclude<Effect, { do: 'FinishRecording' }>): Promise<Performed>
  /**
   * The heartbeat: the application takes calls (GLOBAL(LINIA_BEAT), epoch seconds). Callers in the fallback queue who
   * waited for a fresh heartbeat come back.
   */
  beat(): Promise<void>
  /** Keeps the watchdog from moving calls while no new ones are taken (GLOBAL(LINIA_ALIVE)). */
  stillHere(): Promise<void>
  /**
   * Sets what there is for new callers (GLOBAL(LINIA_ROOM)). A caller who may not get a place is not answered before
   * the ACD has decided; while there is none, or the PBX is too slow, and the heartbeat is fresh, the dialplan itself
   * answers busy.
   */
  tellRoom(room: Room): Promise<void>
  /** Makes the agents at work members of the fallback queue, so that it can serve without the application. */
  setFallbackMembers(
    members: readonly { readonly username: string; readonly device: Device }[],
  ): Promise<void>
  /**
   * On return: redirects the fallback queue's waiting callers to the application, after removing the members, so that
   * no agent is rung twice. If no caller waits, the members may stay.
   */
  takeOverFallback(): Promise<number>
  /**
   * Regenerates endpoints from the directory and reloads them, losing no call and no registration; and the numbers of the
   * contacts, the only ones that `DialExternal` reaches, and those that agents may call (`callable`, as in `CallOutRules`),
   * the only ones that `DialCaller` does. A failure of one part leaves the others in force.
   */
  applyDirectory(
    agents: readonly AgentProfile[],
    contacts: readonly Contact[],
    callable: readonly string[],
  ): Promise<void>
  stop(): Promise<void>
}

// ---- the store of the ACD's state -------------------------------------------------------------------

export type Entity =
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'agent'; readonly agent: Agent }

/** One atomic change: every write's expected version must match, or nothing is written. */
export interface Commit {
  /** Unique: names its effects until they are performed. */
  readonly id: string
  readonly writes: readonly {
    readonly entity: Entity
    /** 0 for an entity that must not exist yet. */
    readonly from: number
    /** Its version from then on: mostly the next one. */
    readonly to: number
  }[]
  readonly events: readonly AcdEvent[]
  readonly effects: readonly Effect[]
}

/** Effects that were saved and are not known to be performed. */
export type OwedEffects = { readonly commit: string; readonly effects: readonly Effect[] }

export interface AcdContent {
  readonly calls: readonly { readonly call: LiveCall; readonly version: number }[]
  readonly agents: readonly { readonly agent: Agent; readonly version: number }[]
  /** Effects saved but not known to be performed, oldest first. */
  readonly effects: readonly OwedEffects[]
}

/** `STALE`: a version had moved on. `FENCED`: this node no longer holds the lease. */
export type Committed = 'SAVED' | 'STALE' | 'FENCED'

/** Thrown while Redis is unreachable or a reply was lost. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable'
}

export interface AcdStore {
  /** Sent once: a commit whose reply was lost is never sent again. */
  commit(commit: Commit): Promise<Committed>
  /** Throws `NewerVersion` when a newer release wrote what is there. */
  load(): Promise<AcdContent>
  /** Writes the owner's state over whatever is there (Redis came back empty or older). */
  overwrite(all: AcdContent, missed: readonly AcdEvent[]): Promise<'SAVED' | 'FENCED'>
  /** All effects of these commits were performed. */
  acknowledge(commits: readonly string[]): Promise<void>
  /** Fires with true when Redis is reachable (again), with whether its state may be older (`run_id` changed). */
  onState(listener: (state: { readonly up: boolean; readonly restarted: boolean }) => void): void
}

/** The lease of one ownership: acquired once; once lost it stays lost. */
export interface Lease {
  /** Waits until held; the fencing number grows with every holder (Redis TIME). */
  acquire(): Promise<{
    readonly fence: number
    /** The latest moment that an owner has recorded by `recordSeen`; null: none is known. */
    readonly lastSeenAt: Millis | null
  }>
  /** Whether the lease is surely still held, by the monotonic clock; asked before every command. */
  held(): boolean
  /** Whether the latest request to Redis had no reply, so that the lease's holder is not known. */
  away(): boolean
  /** Whether a standby node reaches the PBX, as of the latest renewal. */
  standbyAble(): boolean
  /** Each renewal records until when this owner has seen all calls and saved what it saw; null: nothing new. */
  recordSeen(seenAt: () => Millis | null): void
  onLost(listener: () => void): void
  release(): Promise<void>
}

// ---- the rest --------------------------------------------------------------------------------

/** People and the configuration of the line, with the last good copy when the database is away. */
export interface Directory {
  agents(): readonly AgentProfile[]
  queues(): readonly Queue[]
  /** The numbers of the city. */
  numbers(): readonly CityNumber[]
  /** The reasons for a pause. */
  pauses(): Pauses
  /** The configuration's rules for calls to citizens; null: the settings hold (`callOutRules`). */
  outbound(): OutboundSetting | null
  /** The parties outside the contact centre whom agents may reach. */
  contacts(): readonly Contact[]
  /** The notices that callers hear, in the order in which they were published; of some the time may be over. */
  callerNotices(): readonly CallerNotice[]
  /** The block that holds for a caller's number at that moment; null: none. */
  blockOf(number: string | null, at: Millis): number | null
  /** The queue that a dialled number leads to. */
  queueOf(number: string): Queue
  /** The menu that its callers hear before; null: none. */
  menuOf(number: string): MenuTree | null
  agentByUsername(username: string): AgentProfile | undefined
  onChange(listener: () => void): void
}

export interface RecordingJobs {
  /** The call's audio is complete: measure, compress, write the manifest. Idempotent by call. */
  finish(call: CallId): Promise<void>
}

/** The agents' desks: on the owner's node the ACD itself, on any other a relay to it. */
export interface Desk {
  /** Answers once the change is saved. */
  perform(command: DeskCommand): Promise<DeskAnswer>
}

/** The public page, about callbacks: on the owner's node the ACD itself, on any other a relay to it. */
export interface PageCallbacks {
  /** Answers once the callback is saved. Asked again, it answers the same. */
  ask(asked: AskedOnPage): Promise<PageCallbackAnswer>
}

/** The line as others read it: any node, through Redis. */
export interface AcdFeed {
  snapshot(): Promise<{
    readonly position: StreamPosition
    readonly calls: readonly LiveCall[]
    readonly agents: readonly Agent[]
  }>
  /**
   * Every event after the position, in order, until the signal aborts. Throws `FeedTooOld` when the
   * stream no longer reaches back that far: start again from a snapshot.
   */
  changes(
    after: StreamPosition,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly position: StreamPosition; readonly event: AcdEvent }>
}
export class FeedTooOld extends Error {
  override name = 'FeedTooOld'
}

/** The last number that is on record of each agent, and of each call whose end is not. */
export interface LastRecorded {
  readonly calls: ReadonlyMap<CallId, number>
  readonly agents: ReadonlyMap<AgentId, number>
}

/** Events kept on a node's own disk until the ledger has them, in case Redis is lost. Never blocks. */
export interface EventSpool {
  add(events: readonly AcdEvent[]): void
  /** These did not happen: another owner took over without them. */
  withdraw(events: readonly AcdEvent[]): void
}

/** Counts and times of the ACD, for `/metrics`. Times in milliseconds. */
export interface AcdMeter {
  committed(ms: number): void
  performed(effect: Effect['do'], ms: number): void
  alarm(kind: Alarm): void
}
/** Conditions that an operator should look at. */
export type Alarm =
  | 'call quarantined'
  | 'event not taken'
  | 'state was stale'
  | 'lease lost'
  | 'effect failed'
  | 'pbx too slow'
  | 'text without sound'

export const registrationPart = 'registration'

/** The registration with the provider, or one host to which calls leave. */
export interface TrunkPart {
  /** `registrationPart`, or the host. */
  readonly name: string
  /** Null: not checked yet. */
  readonly works: boolean | null
  /** The registration was answered, with a refusal. */
  readonly refused: boolean
  /** Of the last answered OPTIONS. */
  readonly roundTripMs: number | null
}

/** Settings of the trunk as Asterisk has them. */
export interface TrunkInForce {
  readonly codecs: readonly string[]
  /** Empty: the one that the host's address calls for, which is UDP. */
  readonly transport: string
  readonly keys: string
  /** Null: the provider requires no registration. */
  readonly account: {
    readonly server: string
    readonly user: string
    readonly hasPassword: boolean
  } | null
}

export interface TrunkState {
  /** `since`: when this was first seen. */
  readonly parts: readonly (TrunkPart & { readonly since: Millis })[]
  /** Null: Asterisk has not been asked yet, or has no trunk. */
  readonly inForce: TrunkInForce | null
}

/** How each host has answered one OPTIONS; null: not within its time. */
export type TrunkAnswers = readonly { readonly name: string; readonly roundTripMs: number | null }[]

/** The trunk, as the owner of an Asterisk has it. */
export interface Trunk {
  /** At most ten seconds old. */
  state(): TrunkState
  /** Sends each host one OPTIONS now. Null: Asterisk did not answer. Resolves within `trunkTestWithinMs`. */
  test(): Promise<TrunkAnswers | null>
}

export const trunkTestWithinMs = 8_000
