/** The document system: queries, its status updates, and messages that have not reached it. */
import { Type, type Static } from 'typebox'
import { documentStates } from '../../city/documents/status-update.ts'
import { messageTypes } from '../../city/documents/message.ts'
import { Described, Nullable, Time } from '../wire.ts'

const Day = Described('`YYYY-MM-DD`.', Type.String({ format: 'date', pattern: '^(19|20)' }))
const DocumentState = Type.Enum([...documentStates])

export const FindDocument = Described(
  '`POST /api/documents/find`: as the caller reads it from the document.',
  Type.Object({
    number: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
    date: Day,
    name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
    callId: Described(
      'The call in which the query is made; null outside of one.',
      Nullable(Type.String({ minLength: 1, maxLength: 100 })),
    ),
  }),
)
export type FindDocument = Static<typeof FindDocument>

export const FiledDocument = Type.Object({
  number: Type.String(),
  date: Day,
  state: DocumentState,
  department: Type.String(),
  deadline: Nullable(Day),
})
export type FiledDocument = Static<typeof FiledDocument>

export const FoundDocument = Described(
  '`unreachable`: the document system is not available; number and date are taken from the caller’s document, unverified.',
  Type.Object({
    outcome: Type.Enum(['found', 'unknown', 'unreachable']),
    document: Nullable(FiledDocument),
  }),
)
export type FoundDocument = Static<typeof FoundDocument>

export const UndeliveredMessage = Described(
  "A message that has not reached the document system: numbers and times, nothing from the request's contents.",
  Type.Object({
    id: Type.String(),
    request: Type.String(),
    version: Type.Integer(),
    type: Type.Enum([...messageTypes]),
    queuedAt: Time,
    triedAt: Nullable(Time),
    outcome: Described(
      'Null: not tried yet.',
      Nullable(Type.Enum(['delivered', 'refused', 'unreachable', 'asked again'])),
    ),
    tries: Type.Integer(),
    status: Described('The HTTP status of a refusal.', Nullable(Type.Integer())),
    why: Described('Why the document system was not reached.', Nullable(Type.String())),
    nextAt: Described(
      'The next try; null: it is due now, waits for an earlier message, or was given up.',
      Nullable(Time),
    ),
    late: Type.Boolean(),
    givenUp: Type.Boolean(),
    behind: Described('Whether it waits for an earlier message of the same request.', Type.Boolean()),
  }),
)
export type UndeliveredMessage = Static<typeof UndeliveredMessage>

export const UndeliveredList = Type.Object({
  connected: Described('False: no document system is configured, and everything waits.', Type.Boolean()),
  counts: Type.Object({ unsent: Type.Integer(), late: Type.Integer(), givenUp: Type.Integer() }),
  items: Type.Array(UndeliveredMessage),
})
export type UndeliveredList = Static<typeof UndeliveredList>

export const StatusMessage = Described(
  '`POST /api/documents/status`: an update from the document system, signed by Standard Webhooks.',
  Type.Object({
    type: Type.Literal('document.status'),
    timestamp: Time,
    data: Type.Object({
      request: Described(
        'Our registration number without the date.',
        Type.String({ pattern: '^[A-Z]{1,8}\\d{4}-\\d{4,9}$' }),
      ),
      version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
      state: DocumentState,
      department: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 200 }))),
      ownNumber: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 60 }))),
      ownDate: Type.Optional(Nullable(Day)),
      extensionDays: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 60 }))),
    }),
  }),
)
export type StatusMessage = Static<typeof StatusMessage>
