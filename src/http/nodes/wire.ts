/** The answer of `/readyz`, for monitoring and for the other nodes. */
import { Type, type Static } from 'typebox'
import { Described } from '../wire.ts'

export const Readiness = Type.Object({
  ready: Type.Boolean(),
  missing: Type.Array(Type.String()),
  node: Type.String(),
  role: Described(
    'One node is the owner; the others serve the screens and stand by.',
    Type.Enum(['owner', 'standby']),
  ),
  owner: Type.Union([Type.String(), Type.Null()]),
  declines: Type.Optional(
    Described(
      'Why this node declines to become the owner: the state in Redis was written by a newer release.',
      Type.String(),
    ),
  ),
})
export type Readiness = Static<typeof Readiness>
