/** Calls on record: the list, one call in full, notes and wrap-up forms. */
import { Type, type Static } from 'typebox'
import { isComplete } from '../../city/calls/wrap-up.ts'
import { callEndedBy, callOutcomes, directions, supervisionModes } from '../../core/call.ts'
import { unansweredReasons } from '../../core/reports/unanswered-offer.ts'
import { unservedReasons } from '../../core/reports/unserved-call.ts'
import { Described, Device, Nullable, Person, PhoneNumber, Time } from '../wire.ts'
import { BlockOfCall } from '../blocked-callers/wire.ts'
import { RecordingManifest } from '../recordings/wire.ts'
import { VoicemailItem } from '../voicemails/wire.ts'

export { isComplete }

export const CallItem = Type.Object({
  id: Type.String({ examples: ['1764490500.42'] }),
  caller: Described(
    "The citizen's number; null: withheld, or removed after its term.",
    Nullable(PhoneNumber),
  ),
  line: Type.String({ description: 'The number that was dialled.', examples: ['969'] }),
  queue: Described("A queue's id; null: the call never waited in one.", Nullable(Type.String())),
  direction: Type.Enum([...directions]),
  arrivedAt: Time,
  queuedAt: Nullable(Time),
  offeredAt: Nullable(Time),
  answeredAt: Nullable(Time),
  endedAt: Nullable(Time),
  waitMs: Described(
    'From the queue to the first agent, or to the end; null: never queued.',
    Nullable(Type.Integer()),
  ),
  talkMs: Described(
    'Null: nobody talked with the caller, or the call is in progress.',
    Nullable(Type.Integer()),
  ),
  agent: Described('The one who has the call, or talked with the caller last.', Nullable(Person)),
  earlierAgents: Described(
    'Those who talked with the caller before, each once; in the order of their last words.',
    Type.Array(Person),
  ),
  outcome: Described('Null while the call is in progress.', Nullable(Type.String())),
  recording: Type.Enum(['none', 'pending', 'ready']),
})
export type CallItem = Static<typeof CallItem>

export const CallPage = Described(
  'Calls, newest first. `next`: the cursor of the next page; null: this is the last one.',
  Type.Object({ items: Type.Array(CallItem), next: Nullable(Type.String()) }),
)

export const SurveyAnswers = Type.Object({
  askedAt: Time,
  helped: Described(
    'Whether the caller received the help that they needed; null: no answer.',
    Nullable(Type.Boolean()),
  ),
  rating: Described(
    'Of the conversation, from 1, very poor, to 5, very good; null: no answer.',
    Nullable(Type.Integer({ minimum: 1, maximum: 5 })),
  ),
})

export const CallEventItem = Type.Object({
  seq: Type.Integer(),
  at: Time,
  type: Type.String(),
  detail: Type.Record(Type.String(), Type.Unknown()),
})

const formFields = {
  subject: Type.String({ maxLength: 200 }),
  motivated: Type.Enum(['yes', 'no', 'unstated']),
  reason: Described(
    'Why the call was not motivated.',
    Nullable(Type.Enum(['prank', 'wrong number', 'silence', 'other'])),
  ),
  resolution: Type.Enum(['on the spot', 'registered', 'redirected', 'none', 'unstated']),
} as const
export const codePattern = '^[a-z][a-z0-9-]{0,39}$'

export const WrapUpForm = Type.Object({
  ...formFields,
  code: Type.Optional(
    Described(
      'What the call was about: the id of a code, also of one that was removed while the form was filled in. Null, or absent: none.',
      Nullable(Type.String({ pattern: codePattern })),
    ),
  ),
})
export type WrapUpForm = Static<typeof WrapUpForm>

export const WrapUpVersion = Described(
  'A version of the form. `agent`: a name. `later`: completed or corrected after the call had left the desk.',
  Type.Object({
    ...formFields,
    code: Described(
      'Null: none was chosen. `name`: its path as the agent read it, whatever it is called now.',
      Nullable(Type.Object({ id: Type.String(), name: Type.String({ examples: ['Taxe › Clădiri'] }) })),
    ),
    at: Time,
    agent: Type.String(),
    later: Type.Boolean(),
  }),
)
export type WrapUpVersion = Static<typeof WrapUpVersion>

export const AgentWrapUp = Described(
  "One agent's form of a call. `earlier`: newest first.",
  Type.Object({
    agent: Person,
    current: WrapUpVersion,
    earlier: Type.Array(WrapUpVersion),
  }),
)

export const ReturnCall = Described(
  'A call that was placed because of an earlier one. `by`: null of a callback that was promised. `outcome`: null while it goes on.',
  Type.Object({
    call: Type.String(),
    by: Nullable(Person),
    at: Time,
    outcome: Nullable(Type.Enum([...callOutcomes])),
  }),
)
export type ReturnCall = Static<typeof ReturnCall>

export const CallDetail = Type.Intersect([
  CallItem,
  Type.Object({
    legs: Described(
      'The agents who have talked with the caller so far, in order. `device`: null of an older call; `until`: while it is up.',
      Type.Array(Type.Object({ agent: Person, device: Nullable(Device), from: Time, until: Nullable(Time) })),
    ),
    others: Described(
      'Colleagues who were consulted, and for supervisors and auditors the supervisors, in order. `withCaller`: all three talked. `modes`: how a supervisor took part; empty for a colleague.',
      Type.Array(
        Type.Object({
          agent: Person,
          device: Nullable(Device),
          from: Time,
          until: Nullable(Time),
          role: Type.Enum(['consulted', 'supervisor']),
          withCaller: Type.Boolean(),
          modes: Type.Array(Type.Enum([...supervisionModes])),
        }),
      ),
    ),
    externals: Described(
      'The parties outside the contact centre who were in the call, in order.',
      Type.Array(
        Type.Object({
          contact: Type.Object({ id: Type.String(), name: Type.String() }),
          from: Time,
          until: Nullable(Time),
        }),
      ),
    ),
    endedBy: Described('Null while the call is in progress.', Nullable(Type.Enum([...callEndedBy]))),
    block: Described(
      'Why the caller was turned away, for supervisors and auditors; null: the number was not blocked.',
      Nullable(BlockOfCall),
    ),
    events: Described("For agents without the supervisors' coming and going.", Type.Array(CallEventItem)),
    people: Described('Those whom the events name beside the agents who served.', Type.Array(Person)),
    notes: Described(
      '`later`: added after the call had left the desk.',
      Type.Array(
        Type.Object({
          at: Time,
          author: Type.String(),
          authorId: Type.String(),
          text: Type.String(),
          later: Type.Boolean(),
        }),
      ),
    ),
    wrapUp: Described(
      'The form that counts for the call: that of the agent who served last, or the newest one if they left none.',
      Nullable(WrapUpVersion),
    ),
    wrapUps: Described(
      'The form of each agent who filled one in, the one that counts first.',
      Type.Array(AgentWrapUp),
    ),
    correctableUntil: Described(
      'Until when the reader can complete and correct their own form; null: not theirs, on the desk still, or too late.',
      Nullable(Time),
    ),
    manifest: Nullable(RecordingManifest),
    waveform: Described(
      "Loudness of each track, 0–100 per slice, for the player's waveform.",
      Nullable(Type.Object({ caller: Type.Array(Type.Integer()), agent: Type.Array(Type.Integer()) })),
    ),
    returnedBy: Described('The calls by which the caller was called back, in order.', Type.Array(ReturnCall)),
    voicemail: Described(
      'The message that the caller has left; null: none, or its recording is not finished yet.',
      Nullable(VoicemailItem),
    ),
    survey: Described(
      'For supervisors and auditors: what the caller answered once the conversation was over; null: not asked.',
      Nullable(SurveyAnswers),
    ),
  }),
])
export type CallDetail = Static<typeof CallDetail>

export const UnansweredOffer = Type.Object({
  call: Type.String(),
  queue: Described("A queue's id.", Nullable(Type.String())),
  callerEnding: Described(
    "The last three digits of the caller's number: the agent did not serve the call. Null: withheld or removed.",
    Nullable(Type.String()),
  ),
  offeredAt: Time,
  ringMs: Described('How long it rang.', Type.Integer()),
  reason: Type.Enum([...unansweredReasons]),
  isLost: Described(
    'Whether the agent may call back: the call is over, and nobody has talked with the caller.',
    Type.Boolean(),
  ),
})
export type UnansweredOffer = Static<typeof UnansweredOffer>

export const UnansweredOffers = Described(
  '`GET /api/calls/unanswered`. `more`: there are older ones beyond the limit.',
  Type.Object({ items: Type.Array(UnansweredOffer), more: Type.Boolean() }),
)
export type UnansweredOffers = Static<typeof UnansweredOffers>

export const UnansweredQuery = Described(
  "`agent`: an agent's id; without it the account's own.",
  Type.Object({
    agent: Type.Optional(Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
)

export const abandonedMax = 100

export const AbandonedCall = Type.Object({
  call: Type.String(),
  queue: Described(
    "A queue's id: in which the caller waited, or was promised to be called back.",
    Type.String(),
  ),
  callerEnding: Described(
    "The last three digits of the caller's number; null: it is a short one.",
    Nullable(Type.String()),
  ),
  reason: Described(
    '`sent away`: the line has ended the call, after the longest wait or by a failure. `callback in vain`: no attempt has reached them.',
    Type.Enum([...unservedReasons]),
  ),
  abandonedAt: Time,
  waitMs: Described('Null: a caller of a closed number.', Nullable(Type.Integer())),
  lastTry: Described(
    'The last try to call them back, which has reached nobody, or goes on; null: nobody has tried.',
    Nullable(ReturnCall),
  ),
})
export type AbandonedCall = Static<typeof AbandonedCall>

export const AbandonedCalls = Described(
  '`GET /api/calls/abandoned`. `more`: there are older ones beyond the limit.',
  Type.Object({ items: Type.Array(AbandonedCall, { maxItems: abandonedMax }), more: Type.Boolean() }),
)
export type AbandonedCalls = Static<typeof AbandonedCalls>

export const SetNotes = Described(
  '`PUT /api/calls/{id}/notes`: always the whole text; the last version counts.',
  Type.Object({ text: Type.String({ maxLength: 20_000 }) }),
)

export const AddNote = Described(
  '`POST /api/calls/{id}/notes`: one more note, beside those that were typed during the call.',
  Type.Object({ text: Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' }) }),
)

export const UnfinishedCalls = Described(
  '`GET /api/calls/unfinished`: own calls of the last day whose own wrap-up form is not complete. Newest first.',
  Type.Object({
    items: Type.Array(
      Type.Object({
        id: Type.String(),
        caller: Nullable(Type.String()),
        arrivedAt: Time,
        until: Described('Until when the form can be completed.', Time),
        subject: Described('The subject, or the code; empty without both.', Type.String()),
      }),
    ),
  }),
)
export type UnfinishedCalls = Static<typeof UnfinishedCalls>

export const CallsQuery = Described(
  '`GET /api/calls`. `caller`: a number in any usual notation, or at least three digits of one; times with a zone. `updatedSince`: calls in progress, and those of which something was recorded since: the end, a note, a form, a part of the recording.',
  Type.Object({
    from: Type.Optional(Time),
    to: Type.Optional(Time),
    caller: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
    agent: Type.Optional(
      Described("An agent's id.", Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })),
    ),
    outcome: Type.Optional(Type.Enum([...callOutcomes])),
    queue: Type.Optional(Described("A queue's id.", Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }))),
    code: Type.Optional(
      Described(
        'The id of a wrap-up code: calls in one of whose forms it is, or one below it.',
        Type.String({ pattern: codePattern }),
      ),
    ),
    updatedSince: Type.Optional(Time),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
  }),
)

export const WrapUpCodes = Described(
  '`GET /api/wrap-up-codes`: in the order of the tree.',
  Type.Object({
    items: Type.Array(
      Type.Object({
        id: Type.String(),
        path: Type.String({ description: 'With the codes that it is under', examples: ['Taxe › Clădiri'] }),
        pathEn: Type.String({
          description: 'On English screens; where a name is not translated, the Romanian one',
        }),
        queues: Described(
          'The queues for whose calls it may be chosen; null: every one.',
          Nullable(Type.Array(Type.String())),
        ),
      }),
    ),
  }),
)
export type WrapUpCodes = Static<typeof WrapUpCodes>
