/** The state of the desk, derived from the live feed and the phone in the page. One variant for each state. */
import type { AgentView } from '../../http/agents/wire.ts'
import type { LiveCallView } from '../../http/live/wire.ts'
import type { PhoneSession } from './phone/phone-state.ts'

export type DeskState =
  | { readonly name: 'connecting' }
  /** Another page of this agent has the phone. */
  | { readonly name: 'elsewhere' }
  | { readonly name: 'signed-out' }
  | { readonly name: 'ready'; readonly since: string }
  | { readonly name: 'paused'; readonly since: string; readonly reason: NonNullable<AgentView['reason']> }
  | { readonly name: 'no-phone'; readonly since: string; readonly wanted: 'ready' | 'paused' }
  | {
      readonly name: 'ringing'
      readonly since: string
      readonly call: LiveCallView | null
      /**
       * The phone that rings and that alone can answer; the choice for the next call may have changed
       * meanwhile.
       */
      readonly device: AgentView['offerDevice']
      /** Answered, but not yet bridged with the caller. */
      readonly picking: boolean
    }
  /** The agent calls a citizen, whose phone has not been picked up. */
  | { readonly name: 'calling'; readonly since: string; readonly call: LiveCallView }
  | { readonly name: 'talking'; readonly since: string; readonly call: LiveCallView | null }
  | { readonly name: 'held'; readonly since: string; readonly call: LiveCallView }
  /** A colleague, who serves the caller, asks this agent about the call. */
  | { readonly name: 'consulted'; readonly since: string; readonly call: LiveCallView }
  | {
      readonly name: 'reconnecting'
      readonly since: string
      readonly call: LiveCallView
      readonly device: AgentView['offerDevice']
    }
  /** `callId` null: a citizen was called in vain, and there is nothing to write about. */
  | {
      readonly name: 'wrap-up'
      readonly callId: string | null
      readonly since: string
      readonly until: string
    }

export type DeskStateName = DeskState['name']

export function deskState(
  agent: AgentView | undefined,
  calls: ReadonlyMap<string, LiveCallView>,
  session: PhoneSession | null,
): DeskState {
  if (agent === undefined) return { name: 'connecting' }
  const call = agent.callId === null ? null : (calls.get(agent.callId) ?? null)
  switch (agent.state) {
    case 'signed out':
      return { name: 'signed-out' }
    case 'ready':
      return withPhone(agent, { name: 'ready', since: agent.since })
    case 'paused':
      return withPhone(agent, { name: 'paused', since: agent.since, reason: agent.reason ?? 'break' })
    case 'offered':
      return offered(agent, call, session)
    case 'talking':
      return talking(agent, call)
    case 'wrap-up':
      return {
        name: 'wrap-up',
        callId: agent.callId,
        since: agent.since,
        until: agent.until ?? agent.since,
      }
  }
}

function withPhone(agent: AgentView, state: DeskState & { readonly name: 'ready' | 'paused' }): DeskState {
  if (agent.phones.active !== null) return state
  return { name: 'no-phone', since: agent.since, wanted: state.name }
}

/** Whether the agent is only asked about the call: somebody else serves its caller. */
export const isAsked = (call: LiveCallView | null, agent: string): boolean =>
  call?.consult?.external === false && call.consult.with.id === agent

function offered(agent: AgentView, call: LiveCallView | null, session: PhoneSession | null): DeskState {
  const asked = isAsked(call, agent.id)
  if (call?.phase === 'reconnecting' && !asked) return reconnecting(agent, call)
  const picking =
    (call?.phase === 'connecting' && !asked) || (session?.kind === 'incoming' && session.phase !== 'ringing')
  return { name: 'ringing', since: agent.since, call, device: agent.offerDevice, picking }
}

function talking(agent: AgentView, call: LiveCallView | null): DeskState {
  if (call !== null && isAsked(call, agent.id)) return { name: 'consulted', since: agent.since, call }
  if (call?.phase === 'reconnecting') return reconnecting(agent, call)
  if (call !== null && isCalling(call)) return { name: 'calling', since: call.arrivedAt, call }
  if (call?.phase === 'held') return { name: 'held', since: call.since, call }
  if (call?.phase === 'connecting') {
    // Picking up makes the agent "talking" at that moment. One who was before mends a conversation, which is not a new
    // one: the agent's notes stay with it.
    const mends = Date.parse(agent.since) < Date.parse(call.since)
    return mends
      ? reconnecting(agent, call)
      : { name: 'ringing', since: agent.since, call, device: agent.offerDevice, picking: true }
  }
  return {
    name: 'talking',
    since: call === null || call.transferred !== null ? agent.since : (call.answeredAt ?? agent.since),
    call,
  }
}

/** Whether the agent's phone rings so that a citizen is called back. */
export const isCalledBack = (call: LiveCallView | null): boolean =>
  call !== null && call.callback !== null && call.answeredAt === null

/** Until the first words. */
const isCalling = ({ phase, direction, answeredAt }: LiveCallView): boolean =>
  phase === 'summoning' ||
  phase === 'dialling' ||
  (phase === 'connecting' && direction === 'outbound' && answeredAt === null)

function reconnecting(agent: AgentView, call: LiveCallView): DeskState {
  return { name: 'reconnecting', since: call.since, call, device: agent.offerDevice }
}

/**
 * The id of the call that the agent has answered, including wrap-up. Null while a phone only rings: an offered call may
 * still go to another agent, and a citizen who is called may not pick up.
 */
export function answeredIdOf(state: DeskState): string | null {
  return state.name === 'ringing' || state.name === 'calling' ? null : callIdOf(state)
}

/** The id of the call on the desk, including wrap-up. */
export function callIdOf(state: DeskState): string | null {
  switch (state.name) {
    case 'ringing':
    case 'calling':
    case 'talking':
    case 'held':
    case 'consulted':
    case 'reconnecting':
      return state.call?.id ?? null
    case 'wrap-up':
      return state.callId
    case 'connecting':
    case 'elsewhere':
    case 'signed-out':
    case 'ready':
    case 'paused':
    case 'no-phone':
      return null
  }
}

/** The call with a conversation; null while it rings and after the caller has hung up. */
export function conversationOf(state: DeskState): string | null {
  switch (state.name) {
    case 'talking':
    case 'held':
    case 'consulted':
    case 'reconnecting':
      return state.call?.id ?? null
    case 'ringing':
    case 'calling':
    case 'wrap-up':
    case 'connecting':
    case 'elsewhere':
    case 'signed-out':
    case 'ready':
    case 'paused':
    case 'no-phone':
      return null
  }
}
