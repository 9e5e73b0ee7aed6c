/** The orders of supervisors to calls: listening, whispering, joining, taking over, moving and ending. */
import { Type, type Static } from 'typebox'
import {
  callbackReasons,
  stateReasons,
  type CallbackReason,
  type StateReason,
} from '../../city/supervision/orders.ts'
import { supervisionModes } from '../../core/call.ts'
import type { QueueId } from '../../core/ids.ts'
import { Described, Device, Id, Nullable, Time } from '../wire.ts'

export { callbackReasons, stateReasons, type CallbackReason, type StateReason }

const Mode = Type.Enum([...supervisionModes])

export const Supervise = Described(
  '`POST /api/calls/{id}/supervision`: again with another `mode` while it lasts.',
  Type.Object({ mode: Mode }),
)

export const MoveCall = Described(
  '`POST /api/calls/{id}/move`: `front` puts the caller before all others of the queue.',
  Type.Object({
    queue: Type.Unsafe<QueueId>(Id),
    front: Type.Optional(Type.Boolean()),
  }),
)

export const CancelCallback = Described(
  '`POST /api/calls/{id}/cancel-callback`.',
  Type.Object({ reason: Type.Enum([...callbackReasons]) }),
)

export const SupervisionView = Described(
  'A supervisor in a call.',
  Type.Object({
    id: Type.String(),
    name: Type.String(),
    mode: Mode,
    device: Device,
    since: Described('Since when they hear the call; null: their phone rings.', Nullable(Time)),
  }),
)
export type SupervisionView = Static<typeof SupervisionView>
