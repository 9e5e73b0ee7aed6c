/** Events of a call's state machine, in the past tense; each names the attempt or playback that it belongs to. */
import { completeList } from './complete-list.ts'
import type { Announcement } from './announcements/announcement.ts'
import type { AgentId, BridgeId, CallId, ChannelId, Millis, OfferId, PlaybackId, QueueId } from './ids.ts'
import type { Unreached, SupervisionMode, TransferTarget } from './call.ts'
import type { RecordingPauseReason } from './media/recording-pause.ts'
import type { MenuKey } from './configuration/menu.ts'
import type { OverflowReason, OverflowWay } from './configuration/overflow.ts'
import type { External } from './contact.ts'
import type { Offer, OfferEnd } from './offer.ts'
import type { Why } from './routing.ts'

export type CallEvent =
  /** `block`: the caller's number is blocked (`CallerBlock`), and the call has ended with this event. */
  | { readonly type: 'CallArrived'; readonly block?: number }
  /**
   * An agent calls a citizen, or, `by` being null, a citizen is to be called back. `returns`: because of this earlier call or
   * request, by its number.
   */
  | { readonly type: 'CallPlaced'; readonly by: AgentId | null; readonly returns: Returned | null }
  /** The waiting caller is to be called back, in `call`, and hears so. `by`: who has arranged it; null: the caller, by key. */
  | { readonly type: 'CallbackPromised'; readonly call: CallId; readonly by: AgentId | null }
  /** The citizen who is to be called back has asked for it on the public page too, about this request. */
  | { readonly type: 'CallbackAsked'; readonly request: string }
  /** The citizen who is to be called back is on the line, in `call`. */
  | { readonly type: 'CallerCameBack'; readonly call: CallId }
  /** The citizen who is to be called back has talked with an agent, in `call`. */
  | { readonly type: 'CallerServed'; readonly call: CallId }
  /** The citizen who was called has picked up. */
  | { readonly type: 'CallerAnswered' }
  | { readonly type: 'CallerUnreached'; readonly why: CallFailure }
  /**
   * `queuedAt`: the prompt ended because the caller went to the fallback queue, where they have waited since then. They are
   * back, and their place in the queue is kept.
   */
  | { readonly type: 'PlaybackEnded'; readonly playback: PlaybackId; readonly queuedAt?: Millis }
  /** The caller hears it in place of the music. */
  | { readonly type: 'AnnouncementMade'; readonly announcement: Announcement }
  /** The waiting caller is asked whether they want to be called back. */
  | { readonly type: 'CallerAsked' }
  /**
   * In a menu or a survey, or after such a question. Keys that a caller presses elsewhere may be a card's number: they are kept nowhere.
   * `instead`: the key leads to a message, for which there is no room; the caller waits in this queue for a person.
   */
  | {
      readonly type: 'KeyPressed'
      readonly key: MenuKey
      readonly instead?: { readonly queue: QueueId; readonly priority: number }
    }
  | { readonly type: 'OfferMade'; readonly offer: Offer; readonly why: Why }
  | { readonly type: 'OfferEnded'; readonly offer: OfferId; readonly end: OfferEnd }
  /** A phone was picked up: an agent's, a colleague's, a supervisor's, or that of an external party. */
  | { readonly type: 'AgentAnswered'; readonly offer: OfferId }
  | { readonly type: 'Bridged'; readonly bridge: BridgeId }
  /** At the desk, or by the phone's own key. */
  | { readonly type: 'HoldRequested'; readonly offer: OfferId; readonly by: 'desk' | 'phone' }
  | { readonly type: 'ResumeRequested'; readonly offer: OfferId; readonly by: 'desk' | 'phone' }
  | { readonly type: 'MuteRequested'; readonly offer: OfferId; readonly muted: boolean }
  /** The agent sends the caller on and leaves the call. */
  | {
      readonly type: 'TransferRequested'
      readonly offer: OfferId
      readonly to: TransferTarget
      /** The attempt to reach the contact to whom the caller is sent. */
      readonly external?: External
    }
  /**
   * The agent asks a colleague or an external party; the caller hears music. `offer` is the agent's, `consult` theirs. `joins`:
   * as soon as they answer, all three hear each other. `secondLine`: the agent asks by this other call of their phone, which
   * has the caller on hold; null: at the desk.
   */
  | {
      readonly type: 'ConsultRequested'
      readonly offer: OfferId
      readonly consult: Offer | External
      readonly joins?: boolean
      readonly secondLine: ChannelId | null
    }
  /** The phone's own hold key, on the agent's second line. */
  | { readonly type: 'SecondLineHeld'; readonly offer: OfferId; readonly held: boolean }
  /** The phone has hung that line up. */
  | { readonly type: 'SecondLineEnded'; readonly offer: OfferId }
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
  /**
   * A waiting caller is moved, to the front of the queue or behind those who came before: by a supervisor, or, `by` being
   * null, because their queue has been removed.
   */
  | {
      readonly type: 'CallMoved'
      readonly queue: QueueId
      readonly toFront: boolean
      readonly by: AgentId | null
    }
  /**
   * The waiting caller goes to this queue, or, staying in their own, leaves a message or is asked whether they want to be called back
   * (`way`); `why` is the bound that was reached in the queue that is left.
   */
  | {
      readonly type: 'CallOverflowed'
      readonly queue: QueueId
      readonly priority: number
      readonly way?: OverflowWay
      readonly why: OverflowReason
    }
  | { readonly type: 'CallEndedBySupervisor'; readonly by: AgentId }
  /**
   * The end of an agent's, a colleague's, a supervisor's or an external party's part, at the desk or by the phone. `survey`: a caller
   * whom nobody serves any more is asked how it was.
   */
  | { readonly type: 'AgentHungUp'; readonly offer: OfferId; readonly survey?: true }
  | {
      readonly type: 'AgentLegLost'
      readonly offer: OfferId
      readonly cause: 'no audio' | 'page reloaded' | 'phone gone' | 'restart'
    }
  | { readonly type: 'ReturnOffered'; readonly offer: Offer }
  | { readonly type: 'CallerHungUp' }
  /** Asterisk does not record what the caller is about to say. */
  | { readonly type: 'RecorderFailed' }
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
/** `rejected`: by the citizen, or by their network; `failed`: the provider, or no exit to it. */
export type CallFailure = Exclude<Unreached, 'cancelled'> | 'rejected' | 'failed'

export const callEventTypes = completeList<CallEvent['type']>()([
  'CallArrived',
  'CallPlaced',
  'CallbackPromised',
  'CallbackAsked',
  'CallerCameBack',
  'CallerServed',
  'CallerAnswered',
  'CallerUnreached',
  'PlaybackEnded',
  'AnnouncementMade',
  'CallerAsked',
  'KeyPressed',
  'OfferMade',
  'OfferEnded',
  'AgentAnswered',
  'Bridged',
  'HoldRequested',
  'ResumeRequested',
  'MuteRequested',
  'TransferRequested',
  'ConsultRequested',
  'SecondLineHeld',
  'SecondLineEnded',
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
  'CallOverflowed',
  'CallEndedBySupervisor',
  'AgentHungUp',
  'AgentLegLost',
  'ReturnOffered',
  'CallerHungUp',
  'RecorderFailed',
  'CallerLost',
  'DeadlinePassed',
])
export type CallEventType = (typeof callEventTypes)[number]
/** The events of one or several types. */
export type CallEventOf<Type extends CallEventType> = Extract<CallEvent, { type: Type }>
