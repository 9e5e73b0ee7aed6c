/**
 * The JSON that crosses the network. Each schema validates, types and documents it; the screens import the
 * types. Every subject has its own `wire.ts`; this file holds what several of them use.
 *
 * Times are ISO 8601 with milliseconds, UTC; durations are milliseconds.
 */
import { Type, type Static, type TSchema } from 'typebox'
import { devices } from '../core/offer.ts'
import { needsTwo, roles, standsAlone, type Role } from '../people/roles.ts'

export { needsTwo, roles, standsAlone, type Role }

/** The schema with a sentence for the API's document; other parts of the document refer to it by its exported name. */
export const Described = <T extends TSchema>(description: string, schema: T): T =>
  Type.With(schema, { description }) as unknown as T

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Time = Type.String({
  format: 'date-time',
  description: 'ISO 8601 with milliseconds, UTC.',
  examples: ['2026-11-30T08:15:00.250Z'],
})

export const Sentence = Described(
  'A sentence to read out, in Romanian: as the screen writes it first, and with every number in words.',
  Type.Object({ digits: Type.String(), words: Type.String() }),
)

export const Person = Described(
  'An account by its id and name.',
  Type.Object({ id: Type.String(), name: Type.String() }),
)

export const Id = Described('Of an account, a queue.', Type.String({ minLength: 1, maxLength: 64 }))
// Asterisk's names have 149 characters at most.
export const Call = Described(
  "A call's id, as its channel's in Asterisk.",
  Type.String({ minLength: 1, maxLength: 149 }),
)
export const Offer = Described(
  "An offer's id: the name of the agent's leg.",
  Type.String({ minLength: 1, maxLength: 149 }),
)

export const PhoneNumber = Type.String({
  description: 'E.164, or as it was sent where it is none.',
  examples: ['+40256123456'],
})

export const Device = Type.Enum([...devices])
export const PauseReason = Described(
  'The id of a reason of the configuration (`pauses` of the live snapshot has its name), or one that the system or a supervisor sets: `sign-in`, `missed`, `phone`, `technical`, `supervisor`.',
  Type.String({ minLength: 1, maxLength: 40 }),
)

export const Instance = Described(
  "A page's random name: the same across its reconnects, a new one after a reload.",
  Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' }),
)

export const Problem = Type.Object(
  {
    type: Described('`about:blank` or a name below `/problems/`.', Type.String()),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Described("A sentence for the user, in the request's language.", Type.String())),
    code: Type.Optional(
      Described('The stable code of the refusal; the screens choose their own text by it.', Type.String()),
    ),
    errors: Type.Optional(
      Described(
        'For `code: validation`: each wrong field, with what it accepts.',
        Type.Array(Type.Object({ field: Type.String(), accepted: Type.String() })),
      ),
    ),
  },
  {
    description: 'A refusal (RFC 9457).',
    examples: [
      {
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'There is no such call.',
        code: 'no-such-call',
      },
    ],
  },
)
export type Problem = Static<typeof Problem>
