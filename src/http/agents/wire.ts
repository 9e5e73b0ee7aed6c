/** An agent's state as the screens show it, and its change by a supervisor. */
import { Type, type Static } from 'typebox'
import { agentStates } from '../../core/agent.ts'
import { stateReasons } from '../../city/supervision/orders.ts'
import { Described, Device, Nullable, PauseReason, Time } from '../wire.ts'

export const AgentView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: Type.Enum([...agentStates]),
  since: Time,
  reason: Described(
    "The pause's reason, and the end of the wrap-up; null in other states.",
    Nullable(PauseReason),
  ),
  until: Nullable(Time),
  callId: Nullable(Type.String()),
  offerId: Described(
    'The offer that holds the agent, and the phone that it rings (`chosen` may have changed since); else null.',
    Nullable(Type.String()),
  ),
  offerDevice: Nullable(Device),
  phones: Type.Object({
    desk: Type.Boolean(),
    web: Type.Boolean(),
    chosen: Nullable(Device),
    active: Described('The phone that the next call would ring; null: none is reachable.', Nullable(Device)),
    ownCalls: Type.Integer(),
  }),
  missed: Type.Integer(),
  callsToday: Type.Integer(),
  emergencyAt: Described("When one of the agent's phones last dialled 112; null: never.", Nullable(Time)),
  after: Described(
    "The agent's state after the present call; null when not in one.",
    Nullable(Type.Enum(['ready', 'paused', 'signed out'])),
  ),
  imposed: Described(
    "A supervisor's pause: it holds, in a call after it, until a supervisor lifts it. `by`: null when set under an older release.",
    Nullable(Type.Object({ by: Nullable(Type.String()), since: Time })),
  ),
})
export type AgentView = Static<typeof AgentView>

export const SetAgentState = Described(
  "`PUT /api/agents/{id}/state`: the states that a supervisor can set. `ready` lifts a supervisor's pause, and ends the agent's own one.",
  Type.Object({
    state: Type.Enum(['ready', 'paused', 'signed out']),
    reason: Type.Optional(Type.Enum([...stateReasons])),
  }),
)
export type SetAgentState = Static<typeof SetAgentState>

export const AgentDayView = Described(
  '`GET /api/agents/{id}/day`: since midnight, from the ledger, which lags the live feed by a second or so.',
  Type.Object({
    answered: Described(
      'Calls that are over in which the agent talked, also those that somebody else had afterwards.',
      Type.Integer(),
    ),
    talkMs: Described("Of the agent's own parts in them, holds included.", Type.Integer()),
    times: Described(
      'Time in each state, a pause by its reason, longest first.',
      Type.Array(
        Type.Object({
          state: Type.Enum([...agentStates]),
          reason: Nullable(PauseReason),
          ms: Type.Integer(),
        }),
      ),
    ),
  }),
)
export type AgentDayView = Static<typeof AgentDayView>
