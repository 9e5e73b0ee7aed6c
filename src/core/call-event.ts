/** Events of a call's state machine, in the past tense; each names the attempt or playback that it belongs to. */
import { completeList } from './complete-list.ts'
import type { AgentId, BridgeId, CallId, Millis, OfferId, PlaybackId, QueueId } from './ids.ts'
import type { RecordingPauseReason, Unreached, SupervisionMode, TransferTarget } from './call.ts'
import type { Offer, OfferEnd } from './offer.ts'
import type { Why } from './routing.ts'

export type CallEvent =
  | { readonly type: 'CallArrived' }
  /** An agent calls a citizen; `returns`: because of this earlier call or request, by its number. */
  | { readonly type: 'CallPlaced'; readonly by: AgentId; readonly returns: Returned | null }
  /** The citizen who was called has picked up. */
  | { readonly type: 'CallerAnswered' }
  | { readonly type: 'CallerUnreached'; readonly why: CallFailure }
  | { readonly type: 'PlaybackEnded'; readonly playback: PlaybackId }
  | { readonly type: 'OfferMade'; readonly offer: Offer; readonly why: Why }
  | { readonly type: 'OfferEnded'; readonly offer: OfferId; readonly end: OfferEnd }
  | { readonly type: 'AgentAnswered'; readonly offer: OfferId }
  | { readonly type: 'Bridged'; readonly bridge: BridgeId }
  /** At the desk, or by the phone's own key. */
  | { readonly type: 'HoldRequested'; readonly offer: OfferId; readonly by: 'desk' | 'phone' }
  | { readonly type: 'ResumeRequested'; readonly offer: OfferId }
  | { readonly type: 'MuteRequested'; readonly offer: OfferId; readonly muted: boolean }
  /** The agent sends the caller on and leaves the call. */
  | { readonly type: 'TransferRequested'; readonly offer: OfferId; readonly to: TransferTarget }
  /** The agent asks a colleague; the caller hears music. `offer` is the agent's, `consult` the colleague's. */
  | { readonly type: 'ConsultRequested'; readonly offer: OfferId; readonly consult: Offer }
  /** All three hear each other. */
  | { readonly type: 'ConsultJoined'; readonly offer: OfferId }
  /** The colleague serves the caller from now on; the agent leaves the call. */
  | { readonly type: 'ConsultCompleted'; readonly offer: OfferId }
  /** The colleague leaves the call; the agent talks with the caller again. */
  | { readonly type: 'ConsultCancelled'; readonly offer: OfferId }
  /** A supervisor's phone rings for this call. */
  | { readonly type: 'SupervisorRung'; readonly supervision: Offer; readonly mode: SupervisionMode }
  /** `offer` is the supervisor's. */
  | { readonly type: 'SupervisionChanged'; readonly offer: OfferId; readonly mode: SupervisionMode }
  /** The supervisor serves the caller from now on; the agent leaves the call. */
  | { readonly type: 'CallTakenOver'; readonly offer: OfferId }
  | { readonly type: 'HelpRequested'; readonly offer: OfferId; readonly wanted: boolean }
  | { readonly type: 'RecordingPaused'; readonly offer: OfferId; readonly reason: RecordingPauseReason }
  | { readonly type: 'RecordingResumed'; readonly offer: OfferId }
  /** A supervisor moves a waiting caller, to the front of the queue or behind those who came before. */
  | { readonly type: 'CallMoved'; readonly queue: QueueId; readonly toFront: boolean; readonly by: AgentId }
  | { readonly type: 'CallEndedBySupervisor'; readonly by: AgentId }
  /** The end of an agent's, a colleague's or a supervisor's part, at the desk or by the phone. */
  | { readonly type: 'AgentHungUp'; readonly offer: OfferId }
  | {
      readonly type: 'AgentLegLost'
      readonly offer: OfferId
      readonly cause: 'no audio' | 'page reloaded' | 'phone gone' | 'restart'
    }
  | { readonly type: 'ReturnOffered'; readonly offer: Offer }
  | { readonly type: 'CallerHungUp' }
  /** The owner's sweep: a deadline of the present stage has passed. */
  | { readonly type: 'DeadlinePassed' }
  /**
   * The channel is gone and its end was not seen. `pbxDied`: it went down with Asterisk. `unwitnessed`: the caller had
   * left the application before, perhaps served by the fallback queue, so only Asterisk's own record has how and when
   * the call ended. `lastSeenAt`: when the ACD last saw the caller, where the end is noticed much later.
   */
  | {
      readonly type: 'CallerLost'
      readonly pbxDied?: boolean
      readonly unwitnessed?: true
      readonly lastSeenAt?: Millis
    }

/** The earlier call, or the request, because of which a citizen is called. */
export type Returned = { readonly call: CallId } | { readonly request: string }
/** `failed`: the provider, or no exit to it. */
export type CallFailure = Exclude<Unreached, 'cancelled'> | 'failed'

export const callEventTypes = completeList<CallEvent['type']>()([
  'CallArrived',
  'CallPlaced',
  'CallerAnswered',
  'CallerUnreached',
  'PlaybackEnded',
  'OfferMade',
  'OfferEnded',
  'AgentAnswered',
  'Bridged',
  'HoldRequested',
  'ResumeRequested',
  'MuteRequested',
  'TransferRequested',
  'ConsultRequested',
  'ConsultJoined',
  'ConsultCompleted',
  'ConsultCancelled',
  'SupervisorRung',
  'SupervisionChanged',
  'CallTakenOver',
  'HelpRequested',
  'RecordingPaused',
  'RecordingResumed',
  'CallMoved',
  'CallEndedBySupervisor',
  'AgentHungUp',
  'AgentLegLost',
  'ReturnOffered',
  'CallerHungUp',
  'CallerLost',
  'DeadlinePassed',
])
export type CallEventType = (typeof callEventTypes)[number]
/** The events of one or several types. */
export type CallEventOf<Type extends CallEventType> = Extract<CallEvent, { type: Type }>
