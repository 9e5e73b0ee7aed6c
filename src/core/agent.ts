/**
 * An agent's state: one variant per state. An engaged agent (`offered`, `talking`) always names the offer, and every
 * state that ends by time has that time.
 *
 *   signed out ◄─► paused ◄─► ready ──► offered ──► talking ──► wrap-up ──► ready | paused | signed out
 *
 * Phones are facts beside the state: an agent who is `ready` without a reachable phone, or with a call on it that is
 * not ours, is not free. An agent who stays without a phone is paused, after a bound that lets a page reload or
 * Asterisk restart.
 */
import { completeList } from './complete-list.ts'
import type { AgentId, CallId, Millis } from './ids.ts'
import type { Device, Offer } from './offer.ts'
import { bounds } from './rules.ts'

export interface Phones {
  /** Whether each phone is registered and answers. */
  readonly desk: boolean
  readonly web: boolean
  /** The agent's choice; null: whichever is reachable, the browser first. */
  readonly chosen: Device | null
  /** Channels on the agent's phones that are not ours (own calls, fallback queue). */
  readonly ownCalls: number
}

export interface AgentFacts {
  readonly id: AgentId
  readonly phones: Phones
  /** Offers missed since the last conversation. */
  readonly missed: number
  /** Offers in a row at which the phone did not ring, although it answers the PBX. */
  readonly unrung: number
  /** When the agent last became idle after a call; orders "longest idle". */
  readonly idleSince: Millis
  /** Conversations since the sign-in. */
  readonly callsToday: number
  /** A supervisor's pause, from its setting until a supervisor lifts it; in a call it takes effect after it. */
  readonly imposed: ImposedPause | null
  /** When one of the agent's phones last dialled 112; null: never. */
  readonly emergencyAt: Millis | null
}

/** While it holds, an agent without a call is `paused`, and their own wish for another state changes nothing. */
export interface ImposedPause {
  /** Null: set under an older release, which did not keep who. */
  readonly by: Supervisor | null
  readonly since: Millis
  /** The state after the lifting: the one that the pause replaced. */
  readonly lifted: Exclude<AfterCall, { readonly state: 'signed out' }>
}
/** The name is the one of that moment: the state is read while the accounts cannot be. */
export interface Supervisor {
  readonly id: AgentId
  readonly name: string
}

export interface SignedOut extends AgentFacts {
  readonly state: 'signed out'
  readonly since: Millis
}
export interface Paused extends AgentFacts {
  readonly state: 'paused'
  readonly since: Millis
  readonly reason: PauseReason
}
export interface Ready extends AgentFacts {
  readonly state: 'ready'
  readonly since: Millis
  /** Not offered a call before then: a short rest after an offer that failed, so that it cannot loop. */
  readonly notBefore: Millis
  /** Set while none of the agent's phones can ring: the agent is paused then, unless one can ring by that time. */
  readonly reachableBy: Millis | null
}
export interface Offered extends AgentFacts {
  readonly state: 'offered'
  readonly since: Millis
  readonly call: CallId
  readonly offer: Offer
  readonly after: AfterCall
}
export interface InCall extends AgentFacts {
  readonly state: 'talking'
  readonly since: Millis
  readonly call: CallId
  readonly offer: Offer
  readonly after: AfterCall
}
export interface WrapUp extends AgentFacts {
  readonly state: 'wrap-up'
  readonly since: Millis
  /** Null: the agent has called a citizen in vain, so nobody has talked and nothing of that number's holder is shown. */
  readonly call: CallId | null
  readonly until: Millis
  readonly after: AfterCall
}

export type Agent = SignedOut | Paused | Ready | Offered | InCall | WrapUp
export const agentStates = completeList<Agent['state']>()([
  'signed out',
  'paused',
  'ready',
  'offered',
  'talking',
  'wrap-up',
])
export type AgentState = (typeof agentStates)[number]

/** The state that the agent requested for the time after the present call. */
export type AfterCall =
  | { readonly state: 'ready' }
  | { readonly state: 'paused'; readonly reason: PauseReason }
  | { readonly state: 'signed out' }

/**
 * The reasons that the system or a supervisor sets; the configuration has none of these ids. `missed`: after too many missed
 * offers, `phone`: after too many at which the phone did not ring, `technical`: no phone can be reached; `sign-in`: until the
 * first "ready"; `supervisor`: while `imposed` holds.
 */
export const reservedPauseReasons = ['sign-in', 'missed', 'phone', 'technical', 'supervisor'] as const

/** One of those, or the id of a reason of the configuration, which may have been removed since (`configuration/pauses.ts`). */
export type PauseReason = string

/** Whether the next call is for them, now or after what they are doing. */
export const takesCalls = (agent: Agent): boolean =>
  agent.state === 'ready' || ('after' in agent && agent.after.state === 'ready' && agent.imposed === null)

/** The phone that would ring now, or null when none can. */
export function reachableDevice(phones: Phones): Device | null {
  if (phones.chosen !== null) return phones[phones.chosen] ? phones.chosen : null
  if (phones.web) return 'web'
  return phones.desk ? 'desk' : null
}

/** A rest that ends later than any can was begun before the clock was set back; it counts as over. */
const isRested = ({ notBefore }: Ready, now: Millis): boolean =>
  notBefore <= now || notBefore > now + bounds.restMs

/** Free means: ready and rested, with a phone that can ring and no other call on it. */
export function isFree(agent: Agent, now: Millis): agent is Ready {
  return (
    agent.state === 'ready' &&
    isRested(agent, now) &&
    agent.phones.ownCalls === 0 &&
    reachableDevice(agent.phones) !== null
  )
}
