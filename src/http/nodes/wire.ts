/** The answer of `/readyz`, for monitoring and for the other nodes. */
import { Type, type Static } from 'typebox'

export const Readiness = Type.Object({
  ready: Type.Boolean(),
  missing: Type.Array(Type.String()),
  node: Type.String(),
  /** One node is the owner; the others serve the screens and stand by. */
  role: Type.Enum(['owner', 'standby']),
  owner: Type.Union([Type.String(), Type.Null()]),
  /** Why this node declines to become the owner: the state in Redis was written by a newer release. */
  declines: Type.Optional(Type.String()),
})
export type Readiness = Static<typeof Readiness>
