/** Requests of citizens. Days are local, `YYYY-MM-DD`. */
import { Type, type Static } from 'typebox'
import { requestKinds } from '../../city/requests/kinds.ts'
import {
  dueness,
  noticeWays,
  requestStates,
  settableStatusKinds,
  statusKinds,
} from '../../city/requests/standing.ts'
import { Described, Nullable, PhoneNumber, Time } from '../wire.ts'

export { noticeWays }

const Day = Type.String({ format: 'date' })
const Line = (maxLength: number) => Type.String({ maxLength })

export const RequestKind = Type.Enum([...requestKinds])
export const RequestState = Type.Enum([...requestStates])
export const Dueness = Type.Enum([...dueness])
const Told = Described(
  'When the citizen was told number and dates, or that they could not be reached.',
  Type.Enum(['on the call', 'later', 'not reachable']),
)
/** The lists that a supervisor can choose. */
export const requestFilters = ['open', 'due', 'overdue', 'closed', 'all'] as const

const Words = Type.Object({ ro: Type.String(), en: Type.String() })
export const RequestCategory = Type.Object({
  id: Type.String(),
  name: Words,
  department: Type.String(),
  targetDays: Described("The city's own target; null: only the legal deadline.", Nullable(Type.Integer())),
  anonymous: Described('Whether it can be registered without a name.', Type.Boolean()),
  place: Described('Whether a street is required.', Type.Boolean()),
  said: Described(
    "The citizens' words for it, by which it is found beside its name.",
    Type.Array(Type.String()),
  ),
  fields: Type.Array(
    Type.Object({
      id: Type.String(),
      label: Words,
      required: Type.Boolean(),
      choices: Nullable(Type.Array(Type.Object({ id: Type.String(), ro: Type.String(), en: Type.String() }))),
    }),
  ),
})
export type RequestCategory = Static<typeof RequestCategory>

export const RequestCatalogue = Described(
  "The data that the desk's form needs, requested once.",
  Type.Object({
    categories: Type.Array(RequestCategory),
    departments: Type.Array(Type.String()),
    streets: Described('`Strada Lucian Blaga`.', Type.Array(Type.String())),
  }),
)
export type RequestCatalogue = Static<typeof RequestCatalogue>

export const RequestAddress = Type.Object({
  street: Line(100),
  number: Line(20),
  more: Line(200),
  locality: Line(100),
})
export const RequestPerson = Type.Object({
  name: Line(200),
  phone: Line(32),
  email: Line(200),
  address: RequestAddress,
})
export const RequestForm = Described(
  'The form that the agent fills in. An empty text is a field left empty.',
  Type.Object({
    kind: RequestKind,
    category: Line(60),
    categoryTyped: Type.Optional(
      Described(
        'The text typed for a category while none is chosen; it is kept in the draft, and not registered.',
        Line(100),
      ),
    ),
    person: Described('Null: without a name.', Nullable(RequestPerson)),
    place: RequestAddress,
    text: Line(8_000),
    fields: Type.Record(Type.String({ maxLength: 60 }), Line(200)),
  }),
)
export type RequestForm = Static<typeof RequestForm>

const Draft = Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' })
const Call = Nullable(Type.String({ minLength: 1, maxLength: 100 }))

export const RequestDraftParams = Type.Object({ id: Draft })
export const SaveDraft = Type.Object({ call: Call, form: RequestForm })
export const DraftList = Type.Object({
  items: Type.Array(Type.Object({ id: Type.String(), call: Call, form: RequestForm, changedAt: Time }), {
    maxItems: 20,
  }),
})
export type DraftList = Static<typeof DraftList>

export const FiledElsewhere = Described(
  'A document filed elsewhere, as the caller reads it out. The server asks the document system itself whether it has it.',
  Type.Object({
    number: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
    day: Described('`24.11.2026`, or any other notation.', Type.String({ minLength: 1, maxLength: 20 })),
    name: Type.Optional(
      Described(
        "The name on the document; absent: the petitioner's. Without any, the document is not looked up.",
        Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
      ),
    ),
  }),
)

export const RegisterRequest = Described(
  '`POST /api/requests`. `draft`: random, and the same in every try of one registration.',
  Type.Object({
    draft: Draft,
    call: Call,
    form: RequestForm,
    elsewhere: Type.Optional(FiledElsewhere),
    joinTo: Type.Optional(
      Described(
        'The request that this one repeats; both get one answer.',
        Type.String({ pattern: '^[A-Z]{1,6}\\d{4}-\\d{6,9}$' }),
      ),
    ),
  }),
)
export const ComplainOf = Described(
  '`POST /api/requests/{id}/complaint`.',
  Type.Object({ draft: Draft, call: Call }),
)

export const ReadOut = Described(
  'The data to read out to the citizen.',
  Type.Object({
    id: Type.String(),
    number: Described('Number and day of registration: `CC2026-000123/24.11.2026`.', Type.String()),
    registeredAt: Time,
    registeredOn: Day,
    announcedOn: Day,
    legalEndOn: Day,
    department: Type.String(),
    category: Type.String(),
    kind: RequestKind,
    code: Described('Six digits; null once retention has deleted them.', Nullable(Type.String())),
  }),
)
export type ReadOut = Static<typeof ReadOut>

export const RequestItem = Described(
  'A request in a list, without personal data.',
  Type.Object({
    id: Type.String(),
    number: Type.String(),
    registeredAt: Time,
    registeredOn: Day,
    kind: RequestKind,
    category: Type.String(),
    state: RequestState,
    dueness: Dueness,
    department: Type.String(),
    toHead: Type.Boolean(),
    announcedOn: Day,
    legalEndOn: Day,
    extended: Type.Boolean(),
    call: Described('The call in which it was registered.', Call),
  }),
)
export type RequestItem = Static<typeof RequestItem>
export const RequestList = Type.Object({ items: Type.Array(RequestItem, { maxItems: 200 }) })
export const RegisteredInCall = Described(
  '`GET /api/calls/{id}/registered-requests`: what was registered in a call: number and status, not the contents.',
  Type.Object({
    items: Type.Array(
      Type.Object({
        id: Type.String(),
        number: Type.String(),
        category: Type.String(),
        state: RequestState,
        dueness: Dueness,
        opens: Described('Whether the reader may open it.', Type.Boolean()),
        own: Described(
          'Whether the reader registered it, and not another agent of the call.',
          Type.Boolean(),
        ),
      }),
    ),
  }),
)
export type RegisteredInCall = Static<typeof RegisteredInCall>
export const RequestPage = Type.Object({
  items: Type.Array(RequestItem, { maxItems: 200 }),
  next: Nullable(Type.String()),
})
export type RequestPage = Static<typeof RequestPage>

export const SimilarAsked = Type.Object({ category: Line(60), street: Line(100), call: Call })
export const SimilarList = Type.Object({
  items: Type.Array(
    Type.Intersect([RequestItem, Type.Object({ place: Type.String(), joined: Type.Integer() })]),
    { maxItems: 10 },
  ),
})
export type SimilarList = Static<typeof SimilarList>

export const FindRequest = Type.Object({ number: Type.String({ minLength: 1, maxLength: 60 }), call: Call })
export const RequestsQuery = Type.Object({
  which: Type.Optional(Type.Enum([...requestFilters])),
  department: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  agent: Type.Optional(
    Described(
      'The id of the agent who registered them.',
      Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
    ),
  ),
  category: Type.Optional(
    Described(
      'What they are about, such as `street-lighting`: the `id` of a category of `GET /api/requests/catalogue`.',
      Type.String({ minLength: 1, maxLength: 60, pattern: '^[a-z][a-z0-9-]*$' }),
    ),
  ),
  updatedSince: Type.Optional(Described('Registered or changed at or after this time.', Time)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
})

export const RequestParams = Type.Object({ id: Type.String({ pattern: '^[A-Z]{1,6}\\d{4}-\\d{6,9}$' }) })
export const InCall = Described(
  'The call in which it is opened, for the access log.',
  Type.Object({ call: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) }),
)

const NoticeWay = Type.Enum([...noticeWays])

export const StatusItem = Type.Object({
  version: Type.Integer(),
  at: Time,
  kind: Type.Enum([...statusKinds]),
  state: RequestState,
  department: Type.String(),
  announcedOn: Day,
  legalEndOn: Day,
  authority: Nullable(Type.String()),
  joinedTo: Nullable(Type.String()),
  foreignNumber: Nullable(Type.String()),
  told: Described(
    'How the petitioner was told of an extension, and when; null in other rows, and when the document system extended.',
    Nullable(Type.Object({ by: NoticeWay, on: Day })),
  ),
  extendedDays: Described(
    'By how many days the term was extended, as granted; null in other rows, and in those from before it was on record.',
    Nullable(Type.Integer()),
  ),
  by: Described('The author; null: the document system.', Nullable(Type.String())),
  note: Nullable(Type.String()),
})
export type StatusItem = Static<typeof StatusItem>

export const RequestDetail = Type.Intersect([
  RequestItem,
  Type.Object({
    agent: Type.String(),
    anonymous: Type.Boolean(),
    countedFrom: Described(
      'The first day of the present term: that of the registration, or of the last reopening.',
      Day,
    ),
    extension: Described(
      'The bound of the one extension of the present term, and the article that sets it.',
      Type.Object({ daysMax: Type.Integer(), law: Type.String() }),
    ),
    details: Described(
      'Null once retention has deleted the personal data.',
      Nullable(
        Type.Object({
          person: Nullable(RequestPerson),
          place: RequestAddress,
          text: Type.String(),
          fields: Type.Record(Type.String(), Type.String()),
          code: Type.String(),
        }),
      ),
    ),
    about: Nullable(
      Type.Object({
        request: Described(
          'The number of our own request; null: it was filed elsewhere.',
          Nullable(Type.String()),
        ),
        number: Described(
          'As the caller read it from the document; null: our own request.',
          Nullable(Type.String()),
        ),
        day: Nullable(Day),
        lateness: Type.Enum(['due', 'overdue']),
        verified: Described(
          'Our own, or confirmed by the document system when the complaint was registered.',
          Type.Boolean(),
        ),
      }),
    ),
    told: Nullable(Type.Object({ at: Time, how: Told })),
    registeredIn: Described(
      'The call in which it was registered, for a reader who may open that call; null for others, and without one.',
      Nullable(Type.Object({ call: Type.String(), arrivedAt: Time })),
    ),
    history: Type.Array(StatusItem),
  }),
])
export type RequestDetail = Static<typeof RequestDetail>

export const TellRequest = Type.Object({
  how: Told,
  call: Call,
})

export const AddStatus = Described(
  '`POST /api/requests/{id}/statuses`. `note`: the text of the answer, or the reason of an extension or a filing, which are required.',
  Type.Object({
    kind: Type.Enum([...settableStatusKinds]),
    department: Type.Optional(
      Described(
        'For `in progress`: the new department, if it changes.',
        Type.String({ minLength: 1, maxLength: 200 }),
      ),
    ),
    told: Type.Optional(
      Described(
        'For `extended`, where it is required: how and when the petitioner was told, before the first term ended.',
        Type.Object({ by: NoticeWay, on: Day }),
      ),
    ),
    days: Type.Optional(Described('For `extended`.', Type.Integer({ minimum: 1, maximum: 30 }))),
    authority: Type.Optional(
      Described('For `redirected`: the receiving authority.', Type.String({ minLength: 2, maxLength: 200 })),
    ),
    to: Type.Optional(
      Described(
        'For `joined`: the number of the request whose answer is for both.',
        Type.String({ minLength: 1, maxLength: 60 }),
      ),
    ),
    note: Type.Optional(Type.String({ maxLength: 4_000 })),
  }),
)
export type AddStatus = Static<typeof AddStatus>

export const RaiseNumber = Type.Object({
  next: Described(
    'Numbers have at most nine digits (`RequestParams`): 900 million remain free above this limit.',
    Type.Integer({ minimum: 2, maximum: 99_999_999 }),
  ),
  reason: Type.String({ minLength: 3, maxLength: 200 }),
})

export const TrackRequest = Described(
  '`POST /api/tracking`, without a session.',
  Type.Object({
    number: Type.String({ minLength: 1, maxLength: 60 }),
    code: Type.String({ minLength: 1, maxLength: 20 }),
  }),
)
export const TrackedRequest = Type.Object({
  number: Type.String(),
  state: RequestState,
  registeredOn: Day,
  announcedOn: Day,
  legalEndOn: Day,
  extended: Type.Boolean(),
  dueness: Dueness,
  department: Type.String(),
  changedAt: Time,
  callbacks: Described('Whether a callback about the request may be asked for.', Type.Boolean()),
})
export type TrackedRequest = Static<typeof TrackedRequest>

export const AskCallback = Described(
  '`POST /api/tracking/callback`, without a session: number and code as in `POST /api/tracking`, and the telephone number to call.',
  Type.Object({
    number: Type.String({ minLength: 1, maxLength: 60 }),
    code: Type.String({ minLength: 1, maxLength: 20 }),
    phone: Type.String({ minLength: 1, maxLength: 40 }),
  }),
)
export const PromisedCallback = Type.Object({
  phone: PhoneNumber,
  opensAt: Described('When the line opens, if it is closed now.', Nullable(Time)),
  wait: Described(
    'The probable wait of somebody who comes now: so many minutes, or more; null: not known, or the line is closed.',
    Nullable(Type.Object({ minutes: Type.Integer(), isMore: Type.Boolean() })),
  ),
})
export type PromisedCallback = Static<typeof PromisedCallback>
