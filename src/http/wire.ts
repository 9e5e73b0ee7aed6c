/**
 * The JSON that crosses the network, one schema each: it validates, types and documents. The screens
 * import the types from here. Times are ISO 8601 with milliseconds, UTC; durations are milliseconds.
 */
import { Type, type Static } from 'typebox'
import { pauseReasons } from '../core/agent.ts'

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])
const Time = Type.String({ format: 'date-time' })
const literals = <T extends string>(values: readonly T[]) => Type.Enum([...values])

export const roles = ['agent', 'supervisor', 'editor', 'administrator', 'auditor'] as const
export type Role = (typeof roles)[number]
export const Device = literals(['desk', 'web'] as const)
export const PauseReason = literals(pauseReasons)

export const Problem = Type.Object({
  /** `about:blank` or a name below `/problems/`. */
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  /** A sentence that a person understands. */
  detail: Type.Optional(Type.String()),
  /** A stable word that the screens translate. */
  code: Type.Optional(Type.String()),
  /** For `code: validation`: each wrong field with what is accepted there. */
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), accepted: Type.String() }))),
})
export type Problem = Static<typeof Problem>

export const SignIn = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 100 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
})

export const AgentView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  state: literals(['signed out', 'paused', 'ready', 'offered', 'talking', 'wrap-up'] as const),
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
  after: Nullable(literals(['ready', 'paused', 'signed out'] as const)),
})
export type AgentView = Static<typeof AgentView>

export const LiveCallView = Type.Object({
  id: Type.String(),
  /** Null when withheld. */
  caller: Nullable(Type.String()),
  callerName: Nullable(Type.String()),
  line: Type.String(),
  queue: Type.Object({ id: Type.String(), name: Type.String() }),
  phase: literals([
    'greeting',
    'waiting',
    'ringing',
    'connecting',
    'talking',
    'held',
    'reconnecting',
    'dismissing',
  ] as const),
  /** When the present phase began. */
  since: Time,
  arrivedAt: Time,
  queuedAt: Nullable(Time),
  answeredAt: Nullable(Time),
  agent: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  muted: Type.Boolean(),
  /** The agent's phone should pick up by itself (same conversation, new leg). */
  autoAnswer: Type.Boolean(),
})
export type LiveCallView = Static<typeof LiveCallView>

/** What the desk shows about a caller beside the call itself. */
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

/** Today's figures; the formulas stand in metrics.md and are shown on focus. */
export const Today = Type.Object({
  waiting: Type.Integer(),
  longestWaitMs: Nullable(Type.Integer()),
  free: Type.Integer(),
  offered: Type.Integer(),
  answered: Type.Integer(),
  abandoned: Type.Integer(),
  answeredWithin: Type.Integer(),
  serviceLevelTargetMs: Type.Integer(),
  /** 0–1, null before the first offered call. */
  serviceLevel: Nullable(Type.Number()),
  abandonment: Nullable(Type.Number()),
  averageAnswerMs: Nullable(Type.Number()),
})
export type Today = Static<typeof Today>

/**
 * `GET /api/live`, server-sent events. `snapshot` comes first and after every gap; then `call`
 * (upsert), `call-ended`, `agent` (upsert), `today`, `context` (agent's own call), and `beat` each
 * two seconds. An agent receives only his own agent and call; a supervisor everything.
 */
export interface LiveEvents {
  snapshot: {
    at: string
    calls: LiveCallView[]
    agents: AgentView[]
    today: Today
    context: CallContext | null
  }
  call: LiveCallView
  /** `outcome: 'left'`: the call goes on, but is no longer this agent's (a missed offer). */
  'call-ended': { id: string; outcome: string }
  agent: AgentView
  today: Today
  context: CallContext
  /** This page was superseded by another page of the same agent. */
  superseded: { instance: string }
  beat: { at: string; lineUp: boolean }
}

export const Me = Type.Object({
  id: Type.String(),
  username: Type.String(),
  name: Type.String(),
  roles: Type.Array(literals(roles)),
  employer: Type.String(),
  agent: Nullable(AgentView),
  demo: Type.Boolean(),
})
export type Me = Static<typeof Me>

export const MyPhone = Type.Object({
  username: Type.String(),
  password: Type.String(),
  domain: Type.String(),
  /** Path of the WebSocket on this site. */
  path: Type.String(),
  /** What to dial for the echo test. */
  echo: Type.String(),
})

export const SetState = Type.Object({
  state: literals(['ready', 'paused'] as const),
  reason: Type.Optional(PauseReason),
})
export const SetDevice = Type.Object({ device: Nullable(Device) })
/** `POST /api/me/call` — what the agent does with the call that he sees; without `offerId`, with the present one. */
export const CallAction = Type.Object({
  offerId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  action: literals([
    'hang-up',
    'hold',
    'resume',
    'mute',
    'unmute',
    'decline',
    'end-wrap-up',
    'extend-wrap-up',
  ] as const),
})

export const CallItem = Type.Object({
  id: Type.String(),
  caller: Nullable(Type.String()),
  line: Type.String(),
  queue: Nullable(Type.String()),
  direction: literals(['inbound'] as const),
  arrivedAt: Time,
  queuedAt: Nullable(Time),
  offeredAt: Nullable(Time),
  answeredAt: Nullable(Time),
  endedAt: Nullable(Time),
  waitMs: Nullable(Type.Integer()),
  talkMs: Nullable(Type.Integer()),
  agent: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  /** Null while the call is in progress. */
  outcome: Nullable(Type.String()),
  recording: literals(['none', 'pending', 'ready'] as const),
})
export type CallItem = Static<typeof CallItem>
export const CallPage = Type.Object({ items: Type.Array(CallItem), next: Nullable(Type.String()) })
export const CallEventItem = Type.Object({
  seq: Type.Integer(),
  at: Time,
  type: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
})
export const WrapUpForm = Type.Object({
  subject: Type.String({ maxLength: 200 }),
  motivated: literals(['yes', 'no', 'unstated'] as const),
  /** Why not motivated. */
  reason: Nullable(literals(['prank', 'wrong number', 'silence', 'other'] as const)),
  resolution: literals(['on the spot', 'registered', 'redirected', 'none', 'unstated'] as const),
})
export type WrapUpForm = Static<typeof WrapUpForm>
export const RecordingManifest = Type.Object({
  durationMs: Type.Integer(),
  bytes: Type.Integer(),
  /** Hex, of the compressed file. */
  sha256: Type.String(),
  tracks: Type.Array(literals(['caller', 'agent'] as const)),
  /** File offset ↔ wall time: the file runs only while bridged. */
  spans: Type.Array(Type.Object({ offsetMs: Type.Integer(), startedAt: Time, durationMs: Type.Integer() })),
  gaps: Type.Array(Type.Object({ startedAt: Time, endedAt: Time, why: Type.String() })),
  /** Where somebody proves who he is: silent, but for an auditor who has said why. */
  silenced: Type.Array(Type.Object({ offsetMs: Type.Integer(), durationMs: Type.Integer() })),
})
export type RecordingManifest = Static<typeof RecordingManifest>
export const CallDetail = Type.Intersect([
  CallItem,
  Type.Object({
    events: Type.Array(CallEventItem),
    notes: Type.Array(Type.Object({ at: Time, author: Type.String(), text: Type.String() })),
    wrapUp: Nullable(Type.Intersect([WrapUpForm, Type.Object({ at: Time, agent: Type.String() })])),
    manifest: Nullable(RecordingManifest),
    /** Loudness of each track, 0–100 per slice, for the player's waveform. */
    waveform: Nullable(
      Type.Object({ caller: Type.Array(Type.Integer()), agent: Type.Array(Type.Integer()) }),
    ),
  }),
])
export type CallDetail = Static<typeof CallDetail>

/** A page's own random name, the same across its reconnects; a reload makes a new one. */
export const Instance = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
/** `PUT /api/me/page`: the person at this page takes over from the agent's other pages. */
export const ClaimPage = Type.Object({ instance: Instance })

/** `PUT /api/calls/{id}/notes`: the whole text, each time; the last version counts. */
export const SetNotes = Type.Object({ text: Type.String({ maxLength: 20_000 }) })

/** `PUT /api/agents/{id}/state`: what a supervisor may make of an agent. */
export const SetAgentState = Type.Object({ state: literals(['paused', 'signed out'] as const) })

export const QueueItem = Type.Object({
  id: Type.String(),
  name: Type.String(),
  skill: Type.String(),
  levelMin: Type.Integer(),
  priority: Type.Integer(),
  waiting: Type.Integer(),
  longestWaitMs: Nullable(Type.Integer()),
})
export type QueueItem = Static<typeof QueueItem>
export const QueueList = Type.Object({ items: Type.Array(QueueItem) })

/** `GET /api/demo`, on the demo's own machine only: whom the sign-in page offers. */
export const DemoAccounts = Type.Object({
  accounts: Type.Array(Type.Object({ username: Type.String(), name: Type.String(), role: literals(roles) })),
})
/** `POST /api/demo/session`: signs one of them in without the password. */
export const DemoSignIn = Type.Object({ username: Type.String({ minLength: 1, maxLength: 100 }) })

/** `GET /api/calls`. `caller` in any usual form; times with a zone. */
export const CallsQuery = Type.Object({
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  caller: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  /** An agent's id. */
  agent: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })),
  outcome: Type.Optional(
    literals(['answered', 'abandoned', 'closed', 'voicemail', 'callback', 'rejected', 'failed'] as const),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
})

/** `opening`: the player's random name for one opening of the recording; its requests are one hearing. */
export const RecordingQuery = Type.Object({ opening: Type.Optional(Instance) })
