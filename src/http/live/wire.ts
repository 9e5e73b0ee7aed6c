/** The live feed: calls in progress, agents, today's figures, and a caller's previous calls. */
import { Type, type Static, type TSchema } from 'typebox'
import { Described, Nullable, PhoneNumber, Time } from '../wire.ts'
import { directions, callEndedBy, liveCallStages } from '../../core/call.ts'
import { languages } from '../../core/configuration/menu.ts'
import { overflowWays } from '../../core/configuration/overflow.ts'
import { callOutRights } from '../../core/rules.ts'
import { AgentView } from '../agents/wire.ts'
import { ContactName, UnreachedContact } from '../contacts/wire.ts'
import { ConsultView, RecordingPauseView } from '../consult/wire.ts'
import { SupervisionView } from '../supervision/wire.ts'
import { TransferredBy, TransferView } from '../transfer/wire.ts'

export const LiveCallView = Type.Object({
  id: Type.String(),
  caller: Described('Null when the number is withheld.', Nullable(PhoneNumber)),
  callerName: Nullable(Type.String()),
  direction: Type.Enum([...directions]),
  callback: Described(
    'A citizen who is called back by the place that they had in the queue; null: another call. `of`: the call in which it was promised, null if they have asked for it on the public page; `requests`: about which they have asked for it there; `attempt`: from 1.',
    Nullable(
      Type.Object({
        of: Nullable(Type.String()),
        requests: Type.Array(Type.String()),
        promisedAt: Time,
        attempt: Type.Integer(),
      }),
    ),
  ),
  placedBy: Described(
    'The agent who called the citizen; null: the citizen called.',
    Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  ),
  line: Type.String(),
  language: Described(
    'In which the caller chose to hear the line, by a key of a menu (ISO 639-1); null: they chose none but Romanian.',
    Nullable(Type.Enum([...languages])),
  ),
  queue: Type.Object({ id: Type.String(), name: Type.String() }),
  phase: Type.Enum([...liveCallStages]),
  since: Described('When the present phase began.', Time),
  arrivedAt: Time,
  queuedAt: Nullable(Time),
  answeredAt: Nullable(Time),
  agent: Nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  muted: Type.Boolean(),
  autoAnswer: Described(
    "The agent's phone should answer by itself: it is a new leg of the same conversation.",
    Type.Boolean(),
  ),
  transferred: Described('The last transfer; null: never sent on.', Nullable(TransferredBy)),
  consult: Nullable(ConsultView),
  external: Described(
    'The contact to whom the caller was sent: in `transferring` and `transferred`, in which no agent has the call.',
    Nullable(ContactName),
  ),
  externalHears: Described('The contact who hears the caller or the agent now.', Nullable(ContactName)),
  unreached: Described(
    'The contact who has just not been reached; null once another one is tried, and after a restart of the node.',
    Nullable(UnreachedContact),
  ),
  helpSince: Described('Since when the agent asks for a supervisor; null: not.', Nullable(Time)),
  recordingPause: Nullable(RecordingPauseView),
  supervisions: Described(
    'For supervisors, those in the call; for the agent, those of whom they are told (SUPERVISION_NOTICE).',
    Type.Array(SupervisionView),
  ),
})
export type LiveCallView = Static<typeof LiveCallView>

export const CallContext = Described(
  "The caller's previous calls, which the desk shows beside the call.",
  Type.Object({
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
  }),
)
export type CallContext = Static<typeof CallContext>

export const FiguresView = Described(
  'Figures of the calls that entered a queue in one period (core/reports/figures.ts); the screens show the formulas on focus.',
  Type.Object({
    offered: Type.Integer(),
    answered: Type.Integer(),
    answeredWithin: Described(
      'Within T of the call’s queue, as it was when the call entered the queue.',
      Type.Integer(),
    ),
    abandoned: Type.Integer(),
    shortAbandoned: Described('Apart from `abandoned`.', Type.Integer()),
    waitingBeyond: Described('Still waiting, beyond T of their queue.', Type.Integer()),
    counted: Described('`answered` + `abandoned` + `waitingBeyond`.', Type.Integer()),
    targetPercent: Described(
      'So many of a hundred counted calls are to be answered in time; of the whole line the mean of its queues, by their counted calls.',
      Type.Number(),
    ),
    serviceLevel: Described('0–1, null while `counted` is 0.', Nullable(Type.Number())),
    abandonment: Nullable(Type.Number()),
    averageAnswerMs: Nullable(Type.Number()),
  }),
)
export type FiguresView = Static<typeof FiguresView>

const figures = {
  day: Described('Since midnight.', FiguresView),
  recent: Described('Of the last 30 minutes.', FiguresView),
}

export const QueueTarget = Described(
  'The service level that a queue is to have: its own, or the usual one.',
  Type.Object({
    percent: Type.Integer(),
    withinMs: Described('T: from entering the queue to the answer.', Type.Integer()),
  }),
)

const Course = Type.Object({
  offered: Type.Array(Type.Integer()),
  answered: Type.Array(Type.Integer()),
  abandoned: Type.Array(Type.Integer()),
})

export const Today = Type.Object({
  waiting: Type.Integer(),
  longestWaitMs: Nullable(Type.Integer()),
  free: Type.Integer(),
  tooLong: Described('Whether a caller waits beyond T of their queue.', Type.Boolean()),
  ...figures,
  serviceLevelTargetMs: Described('T of a queue without a target of its own.', Type.Integer()),
  shortAbandonMs: Type.Integer(),
  queues: Described(
    "For supervisors, as `slots`; empty for others. `agents`: the ids of agents with the queue's skill, at its level.",
    Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        target: QueueTarget,
        agents: Type.Array(Type.String()),
        ...figures,
        course: Type.Optional(
          Described(
            'The course of the day: one count for each of `slots`. Left out by a node of an earlier release.',
            Course,
          ),
        ),
      }),
    ),
  ),
  slots: Described(
    'Half-hours of the day, from the first with a call to the present one.',
    Type.Array(
      Type.Object({
        from: Time,
        offered: Type.Integer(),
        answered: Type.Integer(),
        abandoned: Type.Integer(),
      }),
    ),
  ),
  overflows: Described(
    'For supervisors; empty for others. Callers who have overflowed since midnight (`day`), and within the last 30 minutes, by the queue that they left and the one in which they, or their messages, have been since. Without `way` they have waited there; `voicemail`: they could leave a message; `callback`: they were asked whether they want to be called back.',
    Type.Array(
      Type.Object({
        from: Type.String(),
        to: Type.String(),
        way: Type.Optional(Type.Enum([...overflowWays])),
        day: Type.Integer(),
        recent: Type.Integer(),
      }),
    ),
  ),
  surveys: Described(
    'For supervisors; empty for others. Callers whose conversation ended since midnight and who were asked how it was, by queue.',
    Type.Array(
      Type.Object({
        queue: Type.String(),
        asked: Type.Integer(),
        answered: Described('Answers to the first question.', Type.Integer()),
        helped: Described('Of these, who received the help that they needed.', Type.Integer()),
        rated: Described('Answers to the second question.', Type.Integer()),
        ratings: Described('Their sum, each from 1 to 5.', Type.Integer()),
      }),
    ),
  ),
})
export type Today = Static<typeof Today>

export const PauseView = Described(
  'A reason for a pause, as agents choose it, or as old states and reports have it.',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    nameEn: Described('Null: the Romanian name serves English screens too.', Nullable(Type.String())),
    expectedMinutes: Described(
      'A pause that lasts longer is marked. Null: none is.',
      Nullable(Type.Integer()),
    ),
    offered: Described('Whether agents can choose it now.', Type.Boolean()),
  }),
)
export type PauseView = Static<typeof PauseView>

export const CallOutView = Described(
  'Which citizens the account may call from the desk, by the rules in force.',
  Type.Object({
    right: Described(
      '`returns`: only the number of an earlier call or of a request.',
      Type.Enum([...callOutRights]),
    ),
    allowed: Described(
      'Beginnings of numbers in E.164, and whole short numbers; premium numbers, 112 and the city’s own are never called.',
      Type.Array(Type.String()),
    ),
    callbacks: Type.Optional(
      Described(
        'The same for callbacks, for supervisors: those that every agent may call. Left out for others, and by a node of an earlier release.',
        Type.Array(Type.String()),
      ),
    ),
  }),
)
export type CallOutView = Static<typeof CallOutView>

export const LiveSnapshot = Described(
  'All that the account may see, at first and after every gap.',
  Type.Object({
    at: Time,
    calls: Type.Array(LiveCallView),
    agents: Type.Array(AgentView),
    pauses: Described(
      'The reasons for pauses: first those that are offered, in their order.',
      Type.Array(PauseView),
    ),
    callOut: CallOutView,
    today: Today,
    context: Nullable(CallContext),
    transfers: Described(
      "Of the agent's own transfers whose callers are still there.",
      Type.Array(TransferView),
    ),
  }),
)

export const LiveCallEnded = Described(
  "`outcome` `left`, `endedBy` null: the call goes on, but is no longer this agent's (a missed offer).",
  Type.Object({ id: Type.String(), outcome: Type.String(), endedBy: Nullable(Type.Enum([...callEndedBy])) }),
)

const eventOf = <Name extends string, Data extends TSchema>(event: Name, data: Data) =>
  Type.Object({ event: Type.Literal(event), data })

const liveEvents = {
  snapshot: LiveSnapshot,
  call: LiveCallView,
  'call-ended': LiveCallEnded,
  transfer: Described("The course of this agent's own transfer.", TransferView),
  agent: AgentView,
  today: Today,
  context: CallContext,
  superseded: Described(
    'This page was superseded by another page of the same agent.',
    Type.Object({ instance: Type.String() }),
  ),
  beat: Type.Object({
    at: Time,
    lineUp: Described('Whether a call would be answered now.', Type.Boolean()),
  }),
}

/** `GET /api/live`, server-sent events, by name. */
export type LiveEvents = { [Name in keyof typeof liveEvents]: Static<(typeof liveEvents)[Name]> }

export const LiveEvent = Described(
  "An event by its name and the JSON of its data. `snapshot` comes first and after every gap; then `call` (upsert), `call-ended`, `transfer` (an agent's own), `agent` (upsert), `today`, `context` (the earlier calls of an agent's own caller), and `beat` every two seconds. An agent receives only their own state and call, or the one about which a colleague asks them; a supervisor receives everything.",
  Type.Union([
    eventOf('snapshot', liveEvents.snapshot),
    eventOf('call', liveEvents.call),
    eventOf('call-ended', liveEvents['call-ended']),
    eventOf('transfer', liveEvents.transfer),
    eventOf('agent', liveEvents.agent),
    eventOf('today', liveEvents.today),
    eventOf('context', liveEvents.context),
    eventOf('superseded', liveEvents.superseded),
    eventOf('beat', liveEvents.beat),
  ]),
)
