/** Events of an agent's state machine. Events that come from a call name the offer that they belong to. */
import { completeList } from './complete-list.ts'
import type { CallId, Millis, OfferId } from './ids.ts'
import type { PauseReason, Supervisor } from './agent.ts'
import type { Device, Offer, OfferEnd } from './offer.ts'

export type AgentEvent =
  | { readonly type: 'SignedIn' }
  | { readonly type: 'SignedOut' }
  | { readonly type: 'ReadyRequested' }
  | { readonly type: 'PauseRequested'; readonly reason: PauseReason }
  /** By a supervisor. */
  | { readonly type: 'PauseImposed'; readonly by: Supervisor | null }
  | { readonly type: 'PauseLifted'; readonly by: Supervisor }
  | { readonly type: 'DeviceChosen'; readonly device: Device | null }
  | { readonly type: 'PhonesChanged'; readonly desk: boolean; readonly web: boolean }
  | { readonly type: 'OwnCallsChanged'; readonly ownCalls: number }
  /** One of the agent's phones has dialled 112; another report of the same call has the same `at`. */
  | { readonly type: 'EmergencyDialled'; readonly device: Device; readonly at: Millis }
  | { readonly type: 'Offered'; readonly call: CallId; readonly offer: Offer }
  | { readonly type: 'OfferAnswered'; readonly offer: OfferId }
  | { readonly type: 'OfferEnded'; readonly offer: OfferId; readonly end: OfferEnd }
  /** The agent's phone rings again for the caller of the lost conversation; `offer` replaces the lost one. */
  | { readonly type: 'OfferReplaced'; readonly lost: OfferId; readonly offer: Offer }
  /** From whatever state: a supervisor serves the caller whom another agent served, or the agent calls a citizen. */
  | { readonly type: 'CallTaken'; readonly call: CallId; readonly offer: Offer }
  | { readonly type: 'CallEnded'; readonly offer: OfferId; readonly wrapUpMs: number }
  /** The citizen whom the agent called was not reached. */
  | { readonly type: 'CalledInVain'; readonly offer: OfferId; readonly wrapUpMs: number }
  /** Nobody took the caller whom the agent had sent on. */
  | { readonly type: 'CallReturned'; readonly call: CallId }
  | { readonly type: 'WrapUpExtended'; readonly until: Millis }
  | { readonly type: 'WrapUpEnded' }
  | { readonly type: 'DeadlinePassed' }

export const agentEventTypes = completeList<AgentEvent['type']>()([
  'SignedIn',
  'SignedOut',
  'ReadyRequested',
  'PauseRequested',
  'PauseImposed',
  'PauseLifted',
  'DeviceChosen',
  'PhonesChanged',
  'OwnCallsChanged',
  'EmergencyDialled',
  'Offered',
  'OfferAnswered',
  'OfferEnded',
  'OfferReplaced',
  'CallTaken',
  'CallEnded',
  'CalledInVain',
  'CallReturned',
  'WrapUpExtended',
  'WrapUpEnded',
  'DeadlinePassed',
])
export type AgentEventType = (typeof agentEventTypes)[number]
/** The events of one or several types. */
export type AgentEventOf<Type extends AgentEventType> = Extract<AgentEvent, { type: Type }>
