/** Which events of a call another program is told of (docs/guides/webhooks.md), and what each says. */
import type { Call, TransferTarget } from '../../core/call.ts'
import type { CallEvent, CallEventOf, CallEventType } from '../../core/call-event.ts'
import type { AgentId, Millis, QueueId } from '../../core/ids.ts'
import type { Offer } from '../../core/offer.ts'

export const webhookTypes = [
  'call.queued',
  'call.offered',
  'call.answered',
  'call.transferred',
  'call.ended',
  'recording.ready',
  'voicemail.left',
] as const
export type WebhookType = (typeof webhookTypes)[number]

/** The rows of the record that lead to messages. */
export type PublishedRow = 'event' | 'end' | 'recording' | 'voicemail'

/** Of the types that follow from one event of a call. The end, the recording and the message left have rows of their own in the ledger. */
export type CallNews =
  | { readonly type: 'call.queued' }
  /** `reconnects`: the same agent is rung again, because the leg was lost in the conversation. */
  | { readonly type: 'call.offered'; readonly offer: Offer; readonly reconnects: boolean }
  | { readonly type: 'call.answered'; readonly offer: Offer }
  | {
      readonly type: 'call.transferred'
      readonly by: AgentId
      readonly from: QueueId
      readonly to: TransferTarget
      /** Of a transfer to a contact. */
      readonly contactName: string | null
    }

/** The call after the event, as the ledger keeps it. */
type After = Call extends infer One ? (One extends Call ? Omit<One, 'caller'> : never) : never
type Publish<Type extends CallEventType> = (
  event: CallEventOf<Type>,
  after: After,
  at: Millis,
) => CallNews | null
interface Published<Type extends CallEventType> {
  /** The only type of message to which it can lead. */
  readonly as: CallNews['type']
  readonly news: Publish<Type>
}

/**
 * Null: never published. Complete by type, so that whoever adds an event decides here whether another program is told of
 * it. An event that changed nothing is not on record.
 */
const published: { readonly [Type in CallEventType]: Published<Type> | null } = {
  CallArrived: { as: 'call.queued', news: queued },
  PlaybackEnded: { as: 'call.queued', news: queued },
  KeyPressed: { as: 'call.queued', news: queued },
  DeadlinePassed: { as: 'call.queued', news: queued },
  OfferMade: {
    as: 'call.offered',
    news: ({ offer }) => ({ type: 'call.offered', offer, reconnects: false }),
  },
  ReturnOffered: {
    as: 'call.offered',
    news: ({ offer }) => ({ type: 'call.offered', offer, reconnects: true }),
  },
  Bridged: {
    as: 'call.answered',
    news: (_event, after) =>
      after.phase === 'talking' ? { type: 'call.answered', offer: after.offer } : null,
  },
  TransferRequested: { as: 'call.transferred', news: transferred },
  ConsultCompleted: { as: 'call.transferred', news: transferred },
  // The caller stays with the colleague whom the agent had asked.
  AgentHungUp: {
    as: 'call.transferred',
    news: (event, after, at) =>
      after.phase === 'ended' || after.phase === 'survey' ? null : transferred(event, after, at),
  },
  AnnouncementMade: null,
  CallPlaced: null,
  CallbackPromised: null,
  CallbackAsked: null,
  CallerAsked: null,
  CallerCameBack: null,
  CallerServed: null,
  CallerAnswered: null,
  CallerUnreached: null,
  ConsultRequested: null,
  SecondLineHeld: null,
  SecondLineEnded: null,
  ConsultJoined: null,
  ConsultCancelled: null,
  SupervisorRung: null,
  SupervisionChanged: null,
  CallTakenOver: null,
  HelpRequested: null,
  RecordingPaused: null,
  RecordingResumed: null,
  CallMoved: null,
  CallOverflowed: null,
  CallEndedBySupervisor: null,
  OfferEnded: null,
  AgentAnswered: null,
  HoldRequested: null,
  ResumeRequested: null,
  MuteRequested: null,
  AgentLegLost: null,
  CallerHungUp: null,
  RecorderFailed: null,
  CallerLost: null,
}

/** The events of calls that can lead to one of these messages. */
export function eventTypesOf(types: readonly WebhookType[]): CallEventType[] {
  return (Object.keys(published) as CallEventType[]).filter((event) => {
    const as = published[event]?.as
    return as !== undefined && types.includes(as)
  })
}

/** Whether a row of the record can lead to one of these messages. */
export function isWanted(what: PublishedRow, types: readonly WebhookType[]): boolean {
  return what === 'event' || types.includes(typeOfRow[what])
}

const typeOfRow = {
  end: 'call.ended',
  recording: 'recording.ready',
  voicemail: 'voicemail.left',
} as const satisfies Record<Exclude<PublishedRow, 'event'>, WebhookType>

/** Of stored types those that this release knows. */
export const knownTypes = (kept: readonly string[]): readonly WebhookType[] =>
  webhookTypes.filter((type) => kept.includes(type))

/** Null: this one is not published. `at`: when it happened. */
export function newsOf(event: CallEvent, after: After, at: Millis): CallNews | null {
  // A type of a newer release is not in the list.
  const one = (published[event.type] ?? null) as Published<CallEventType> | null
  return one === null ? null : one.news(event, after, at)
}

/** An event need not be what brought the call where it is: the clock that stamps an event is read after the step. */
const sameMomentMs = 1_000

/** An older release keeps no transfer in the state of a call. */
function transferred(_event: CallEvent, after: After, at: Millis): CallNews | null {
  const { transfer } = after
  if (transfer === null || Math.abs(at - transfer.at) >= sameMomentMs) return null
  const { by, from, to } = transfer
  const contactName = 'external' in after ? after.external.contact.name : null
  return { type: 'call.transferred', by, from, to, contactName }
}

/** A caller who returns to the queue, from a phone that was not answered or an agent, has not entered it again. */
function queued(_event: CallEvent, after: After, at: Millis): CallNews | null {
  if (after.phase !== 'waiting' || after.offeredAt !== null || after.transfer !== null) return null
  return Math.abs(at - after.queuedAt) < sameMomentMs ? { type: 'call.queued' } : null
}
