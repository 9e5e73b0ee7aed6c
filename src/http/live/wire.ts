/** The live feed: calls in progress, agents, today's figures, and a caller's previous calls. */
import { Type, type Static } from 'typebox'
import { Nullable, Time } from '../wire.ts'
import { directions, liveCallStages } from '../../core/call.ts'
import { AgentView } from '../agents/wire.ts'
import { ConsultView, RecordingPauseView } from '../consult/wire.ts'
import { SupervisionView } from '../supervision/wire.ts'
import { TransferredBy, type TransferView } from '../transfer/wire.ts'

export const LiveCallView = Type.Object({
  id: Type.String(),
  /** Null when the number is withheld. */
  caller: Nullable(Type.String()),
  callerName: Nullable(Type.String()),
  direction: Type.Enum([...directions]),
  /** The agent who called the citizen; null: the citizen called. */
  placedBy: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  line: Type.String(),
  queue: Type.Object({ id: Type.String(), name: Type.String() }),
  phase: Type.Enum([...liveCallStages]),
  /** When the present phase began. */
  since: Time,
  arrivedAt: Time,
  queuedAt: Nullable(Time),
  answeredAt: Nullable(Time),
  agent: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  muted: Type.Boolean(),
  /** The agent's phone should answer by itself: it is a new leg of the same conversation. */
  autoAnswer: Type.Boolean(),
  /** The last transfer; null: never sent on. */
  transferred: Nullable(TransferredBy),
  consult: Nullable(ConsultView),
  /** Since when the agent asks for a supervisor; null: not. */
  helpSince: Nullable(Time),
  recordingPause: Nullable(RecordingPauseView),
  /** For supervisors, those in the call; for the agent, those of whom they are told (SUPERVISION_NOTICE). */
  supervisions: Type.Array(SupervisionView),
})
export type LiveCallView = Static<typeof LiveCallView>

/** The caller's previous calls, which the desk shows beside the call. */
export const CallContext = Type.Object({
  callId: Type.String(),
  previousCalls: Type.Array(
    Type.Object({
      id: Type.String(),
      arrivedAt: Time,
      outcome: Type.String(),
      agent: Nullable(Type.String()),
      subject: Nullable(Type.String()),
      resolution: Nullable(Type.String()),
    }),
    { maxItems: 10 },
  ),
  previousCount: Type.Integer(),
})
export type CallContext = Static<typeof CallContext>

/** Figures of the calls that entered a queue in one period (core/reports/figures.ts); the screens show the formulas on focus. */
export const FiguresView = Type.Object({
  offered: Type.Integer(),
  answered: Type.Integer(),
  answeredWithin: Type.Integer(),
  abandoned: Type.Integer(),
  /** Apart from `abandoned`. */
  shortAbandoned: Type.Integer(),
  waitingBeyond: Type.Integer(),
  /** `answered` + `abandoned` + `waitingBeyond`. */
  counted: Type.Integer(),
  /** 0–1, null while `counted` is 0. */
  serviceLevel: Nullable(Type.Number()),
  abandonment: Nullable(Type.Number()),
  averageAnswerMs: Nullable(Type.Number()),
})
export type FiguresView = Static<typeof FiguresView>

const figures = {
  /** Since midnight. */
  day: FiguresView,
  /** Of the last 30 minutes. */
  recent: FiguresView,
}

export const Today = Type.Object({
  waiting: Type.Integer(),
  longestWaitMs: Nullable(Type.Integer()),
  free: Type.Integer(),
  ...figures,
  serviceLevelTargetMs: Type.Integer(),
  shortAbandonMs: Type.Integer(),
  /** For supervisors, as `slots`; empty for others. `agents`: the ids of agents with the queue's skill, at its level. */
  queues: Type.Array(
    Type.Object({ id: Type.String(), name: Type.String(), agents: Type.Array(Type.String()), ...figures }),
  ),
  /** Half-hours of the day, from the first with a call to the present one. */
  slots: Type.Array(
    Type.Object({
      from: Time,
      offered: Type.Integer(),
      answered: Type.Integer(),
      abandoned: Type.Integer(),
    }),
  ),
})
export type Today = Static<typeof Today>

/**
 * `GET /api/live`, server-sent events. `snapshot` comes first and after every gap; then `call`
 * (upsert), `call-ended`, `transfer` (agent's own), `agent` (upsert), `today`, `context` (agent's own call), and
 * `beat` every two seconds. An agent receives only their own state and call, or the one about which a colleague asks them; a supervisor receives everything.
 */
export interface LiveEvents {
  snapshot: {
    at: string
    calls: LiveCallView[]
    agents: AgentView[]
    today: Today
    context: CallContext | null
    /** Of the agent's own transfers whose callers are still there. */
    transfers: TransferView[]
  }
  call: LiveCallView
  /** `outcome: 'left'`: the call goes on, but is no longer this agent's (a missed offer). */
  'call-ended': { id: string; outcome: string }
  /** The course of this agent's own transfer. */
  transfer: TransferView
  agent: AgentView
  today: Today
  context: CallContext
  /** This page was superseded by another page of the same agent. */
  superseded: { instance: string }
  beat: { at: string; lineUp: boolean }
}
