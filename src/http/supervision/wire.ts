/** The orders of supervisors to calls: listening, whispering, joining, taking over, moving and ending. */
import { Type, type Static } from 'typebox'
import { stateReasons, type StateReason } from '../../city/supervision/orders.ts'
import { supervisionModes } from '../../core/call.ts'
import type { QueueId } from '../../core/ids.ts'
import { Device, Id, Nullable, Time } from '../wire.ts'

export { stateReasons, type StateReason }

const Mode = Type.Enum([...supervisionModes])

/** `POST /api/calls/{id}/supervision`: again with another `mode` while it lasts. */
export const Supervise = Type.Object({ mode: Mode })

/** `POST /api/calls/{id}/move`: `front` puts the caller before all others of the queue. */
export const MoveCall = Type.Object({
  queue: Type.Unsafe<QueueId>(Id),
  front: Type.Optional(Type.Boolean()),
})

/** A supervisor in a call. */
export const SupervisionView = Type.Object({
  id: Type.String(),
  name: Type.String(),
  mode: Mode,
  device: Device,
  /** Since when they hear the call; null: their phone rings. */
  since: Nullable(Time),
})
export type SupervisionView = Static<typeof SupervisionView>
