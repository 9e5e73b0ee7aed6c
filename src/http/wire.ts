/**
 * The JSON that crosses the network. Each schema validates, types and documents it; the screens import the
 * types. Every subject has its own `wire.ts`; this file holds what several of them use.
 *
 * Times are ISO 8601 with milliseconds, UTC; durations are milliseconds.
 */
import { Type, type Static, type TSchema } from 'typebox'
import { pauseReasons } from '../core/agent.ts'
import { devices } from '../core/offer.ts'
import { roles, type Role } from '../people/roles.ts'

export { roles, type Role }

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const Time = Type.String({ format: 'date-time' })

export const Device = Type.Enum([...devices])
export const PauseReason = Type.Enum([...pauseReasons])

/** A page's own random name, the same across its reconnects; a reload makes a new one. */
export const Instance = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })

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
