/**
 * The JSON that crosses the network. Each schema validates, types and documents it; the screens import the
 * types. Every subject has its own `wire.ts`; this file holds what several of them use.
 *
 * Times are ISO 8601 with milliseconds, UTC; durations are milliseconds.
 */
import { Type, type Static, type TSchema } from 'typebox'
import { pauseReasons } from '../core/agent.ts'
import { devices } from '../core/offer.ts'
import { roles, standsAlone, type Role } from '../people/roles.ts'

export { roles, standsAlone, type Role }

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Time = Type.String({ format: 'date-time' })

/** A sentence to read out, in Romanian: as the screen writes it first, and with every number in words. */
export const Sentence = Type.Object({ digits: Type.String(), words: Type.String() })

/** An account by its id and name. */
export const Person = Type.Object({ id: Type.String(), name: Type.String() })

/** Of an account, a queue. */
export const Id = Type.String({ minLength: 1, maxLength: 64 })
/** The name of a leg in Asterisk, whose names have 149 characters at most. */
/** A call's id, as its channel's in Asterisk. */
export const Call = Type.String({ minLength: 1, maxLength: 149 })
export const Offer = Type.String({ minLength: 1, maxLength: 149 })

export const Device = Type.Enum([...devices])
export const PauseReason = Type.Enum([...pauseReasons])

/** A page's random name: the same across its reconnects, a new one after a reload. */
export const Instance = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })

export const Problem = Type.Object({
  /** `about:blank` or a name below `/problems/`. */
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  /** A sentence for the user, in the request's language. */
  detail: Type.Optional(Type.String()),
  /** The stable code of the refusal; the screens choose their own text by it. */
  code: Type.Optional(Type.String()),
  /** For `code: validation`: each wrong field, with what it accepts. */
  errors: Type.Optional(Type.Array(Type.Object({ field: Type.String(), accepted: Type.String() }))),
})
export type Problem = Static<typeof Problem>
