/** An agent's state as the screens show it, and what a supervisor may change of it. */
import { Type, type Static } from 'typebox'
import { agentStates } from '../../core/agent.ts'
import { Device, Nullable, PauseReason, Time } from '../wire.ts'

export const AgentView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: Type.Enum([...agentStates]),
  since: Time,
  /** Why paused, and when wrap-up ends; else null. */
  reason: Nullable(PauseReason),
  until: Nullable(Time),
  callId: Nullable(Type.String()),
  /** The offer that he is held by, and the phone that it rings: another may be chosen meanwhile. Else null. */
  offerId: Nullable(Type.String()),
  offerDevice: Nullable(Device),
  phones: Type.Object({
    desk: Type.Boolean(),
    web: Type.Boolean(),
    chosen: Nullable(Device),
    /** The phone that the next call would ring; null: none can. */
    active: Nullable(Device),
    ownCalls: Type.Integer(),
  }),
  missed: Type.Integer(),
  callsToday: Type.Integer(),
  /** What the agent becomes after the present call; null when not in one. */
  after: Nullable(Type.Enum(['ready', 'paused', 'signed out'])),
})
export type AgentView = Static<typeof AgentView>

/** `PUT /api/agents/{id}/state`: what a supervisor may make of an agent. */
export const SetAgentState = Type.Object({ state: Type.Enum(['paused', 'signed out']) })
