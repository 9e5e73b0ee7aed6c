/** An agent's state as the screens show it, and its change by a supervisor. */
import { Type, type Static } from 'typebox'
import { agentStates } from '../../core/agent.ts'
import { stateReasons } from '../../city/supervision/orders.ts'
import { Device, Nullable, PauseReason, Time } from '../wire.ts'

export const AgentView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: Type.Enum([...agentStates]),
  since: Time,
  /** The pause's reason, and the end of the wrap-up; null in other states. */
  reason: Nullable(PauseReason),
  until: Nullable(Time),
  callId: Nullable(Type.String()),
  /** The offer that holds the agent, and the phone that it rings (`chosen` may have changed since); else null. */
  offerId: Nullable(Type.String()),
  offerDevice: Nullable(Device),
  phones: Type.Object({
    desk: Type.Boolean(),
    web: Type.Boolean(),
    chosen: Nullable(Device),
    /** The phone that the next call would ring; null: none is reachable. */
    active: Nullable(Device),
    ownCalls: Type.Integer(),
  }),
  missed: Type.Integer(),
  callsToday: Type.Integer(),
  /** The agent's state after the present call; null when not in one. */
  after: Nullable(Type.Enum(['ready', 'paused', 'signed out'])),
  /**
   * A supervisor's pause: it holds, in a call after it, until a supervisor lifts it. `by`: null when set
   * under an older release.
   */
  imposed: Nullable(Type.Object({ by: Nullable(Type.String()), since: Time })),
})
export type AgentView = Static<typeof AgentView>

/**
 * `PUT /api/agents/{id}/state`: the states that a supervisor can set. `ready` lifts a supervisor's pause, and ends the
 * agent's own one.
 */
export const SetAgentState = Type.Object({
  state: Type.Enum(['ready', 'paused', 'signed out']),
  reason: Type.Optional(Type.Enum([...stateReasons])),
})
export type SetAgentState = Static<typeof SetAgentState>

/** `GET /api/agents/{id}/day`: since midnight, from the ledger, which lags the live feed by a second or so. */
export const AgentDayView = Type.Object({
  /** Calls that are over in which the agent talked, also those that somebody else had afterwards. */
  answered: Type.Integer(),
  /** Of the agent's own parts in them, holds included. */
  talkMs: Type.Integer(),
  /** Time in each state, a pause by its reason, longest first. */
  times: Type.Array(
    Type.Object({ state: Type.Enum([...agentStates]), reason: Nullable(PauseReason), ms: Type.Integer() }),
  ),
})
export type AgentDayView = Static<typeof AgentDayView>
