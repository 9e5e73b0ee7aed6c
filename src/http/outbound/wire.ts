/** Calls to citizens, from an agent's desk. */
import { Type, type Static } from 'typebox'
import { Described, Call } from '../wire.ts'

export const CallOut = Described(
  '`POST /api/me/call-out`: a number as typed, or whose call or request is returned.',
  Type.Union([
    Type.Object({ number: Type.String({ minLength: 1, maxLength: 40 }) }, { additionalProperties: false }),
    Type.Object({ call: Call }, { additionalProperties: false }),
    Type.Object({ request: Type.String({ minLength: 1, maxLength: 40 }) }, { additionalProperties: false }),
  ]),
)
export type CallOut = Static<typeof CallOut>
