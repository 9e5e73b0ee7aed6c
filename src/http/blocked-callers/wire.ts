/** Callers who are turned away before any queue. */
import { Type, type Static } from 'typebox'
import { blockDaysMax } from '../../core/blocked-callers/caller-block.ts'
import { Described, Person, PhoneNumber, Time } from '../wire.ts'

export { blockDaysMax }
/** Far more than there are: all in force are shown, since each can only be ended there. */
export const blocksMax = 10_000
export const blockReasonMax = 200

export const BlockedCaller = Type.Object({
  id: Type.Integer(),
  number: PhoneNumber,
  from: Time,
  until: Described('The block ends by itself then.', Time),
  reason: Described('Empty once its term of keeping is over.', Type.String()),
  by: Person,
})
export type BlockedCaller = Static<typeof BlockedCaller>

/** `GET /api/blocked-callers`: the blocks in force, newest first. */
export const BlockedCallers = Type.Object({ items: Type.Array(BlockedCaller, { maxItems: blocksMax }) })
export type BlockedCallers = Static<typeof BlockedCallers>

/** `POST /api/blocked-callers` */
export const BlockCaller = Type.Object({
  number: Described('As typed, or as a call has it.', Type.String({ minLength: 1, maxLength: 40 })),
  reason: Type.String({ minLength: 1, maxLength: blockReasonMax, pattern: '\\S' }),
  days: Type.Integer({ minimum: 1, maximum: blockDaysMax }),
})
export type BlockCaller = Static<typeof BlockCaller>

export const BlockParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 53 - 1 }) })

export const BlockOfCall = Described(
  'Why a call was turned away; also of a block that has ended.',
  Type.Object({
    until: Time,
    reason: Described('Empty once its term of keeping is over.', Type.String()),
    by: Person,
  }),
)
