/** The document system: queries, its status updates, and messages that have not reached it. */
import { Type, type Static } from 'typebox'
import { documentStates } from '../../city/documents/status-update.ts'
import { messageTypes } from '../../city/documents/message.ts'
import { Nullable, Time } from '../wire.ts'

/** `YYYY-MM-DD`. */
const Day = Type.String({ format: 'date', pattern: '^(19|20)' })
const DocumentState = Type.Enum([...documentStates])

/** `POST /api/documents/find`: as the caller reads it from the document. */
export const FindDocument = Type.Object({
  number: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
  date: Day,
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
  /** The call in which the query is made; null outside of one. */
  callId: Nullable(Type.String({ minLength: 1, maxLength: 100 })),
})
export type FindDocument = Static<typeof FindDocument>

export const FiledDocument = Type.Object({
  number: Type.String(),
  date: Day,
  state: DocumentState,
  department: Type.String(),
  deadline: Nullable(Day),
})
export type FiledDocument = Static<typeof FiledDocument>

/** `unreachable`: the document system is not available; number and date are taken from the caller’s document, unverified. */
export const FoundDocument = Type.Object({
  outcome: Type.Enum(['found', 'unknown', 'unreachable']),
  document: Nullable(FiledDocument),
})
export type FoundDocument = Static<typeof FoundDocument>

/** A message that has not reached the document system: numbers and times, nothing from the request's contents. */
export const UndeliveredMessage = Type.Object({
  id: Type.String(),
  request: Type.String(),
  version: Type.Integer(),
  type: Type.Enum([...messageTypes]),
  queuedAt: Time,
  triedAt: Nullable(Time),
  /** Null: not tried yet. */
  outcome: Nullable(Type.Enum(['delivered', 'refused', 'unreachable', 'asked again'])),
  tries: Type.Integer(),
  /** The HTTP status of a refusal. */
  status: Nullable(Type.Integer()),
  /** Why the document system was not reached. */
  why: Nullable(Type.String()),
  /** The next try; null: it is due now, waits for an earlier message, or was given up. */
  nextAt: Nullable(Time),
  late: Type.Boolean(),
  givenUp: Type.Boolean(),
  /** Whether it waits for an earlier message of the same request. */
  behind: Type.Boolean(),
})
export type UndeliveredMessage = Static<typeof UndeliveredMessage>

export const UndeliveredList = Type.Object({
  /** False: no document system is configured, and everything waits. */
  connected: Type.Boolean(),
  counts: Type.Object({ unsent: Type.Integer(), late: Type.Integer(), givenUp: Type.Integer() }),
  items: Type.Array(UndeliveredMessage),
})
export type UndeliveredList = Static<typeof UndeliveredList>

/** `POST /api/documents/status`: an update from the document system, signed by Standard Webhooks. */
export const StatusMessage = Type.Object({
  type: Type.Literal('document.status'),
  timestamp: Time,
  data: Type.Object({
    /** Our registration number without the date. */
    request: Type.String({ pattern: '^[A-Z]{1,8}\\d{4}-\\d{4,9}$' }),
    version: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
    state: DocumentState,
    department: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 200 }))),
    ownNumber: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 60 }))),
    ownDate: Type.Optional(Nullable(Day)),
    extensionDays: Type.Optional(Nullable(Type.Integer({ minimum: 1, maximum: 60 }))),
  }),
})
export type StatusMessage = Static<typeof StatusMessage>
