/** Transfers: an agent sends the caller on, to a queue or to one colleague, and leaves the call. */
import { Type, type Static } from 'typebox'
import { agentStates } from '../../core/agent.ts'
import type { DeskCommand } from '../../core/desk-command.ts'
import { OfferId, type AgentId, type QueueId } from '../../core/ids.ts'
import { Id, Nullable, Offer, Time } from '../wire.ts'

export const TransferTarget = Type.Union([
  Type.Object({ queue: Type.Unsafe<QueueId>(Id) }),
  Type.Object({ agent: Type.Unsafe<AgentId>(Id) }),
])

/** `POST /api/me/transfer`; without `offerId`, the present call. */
export const TransferCall = Type.Object({ offerId: Type.Optional(Offer), to: TransferTarget })
export type TransferCall = Static<typeof TransferCall>

export const transferOf = (agent: AgentId, { offerId, to }: TransferCall): DeskCommand => ({
  do: 'transfer',
  agent,
  to,
  ...(offerId === undefined ? {} : { offer: OfferId(offerId) }),
})

/** `GET /api/me/transfer-targets`: where a caller can be sent; the asking agent counts nowhere in it. */
export const TransferTargets = Type.Object({
  queues: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      waiting: Type.Integer(),
      /** Colleagues who could take a caller at once. */
      free: Type.Integer(),
      /** Colleagues who take calls of the queue, free or not; with none a transfer is refused. */
      atWork: Type.Integer(),
    }),
  ),
  /** Those who are signed in. */
  colleagues: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      state: Type.Enum([...agentStates]),
      free: Type.Boolean(),
    }),
  ),
})
export type TransferTargets = Static<typeof TransferTargets>

const Named = Type.Object({ id: Type.String(), name: Type.String() })

/** The course of a transfer, for the agent who made it; without the caller. */
export const TransferView = Type.Object({
  callId: Type.String(),
  /** The queue, or the colleague. */
  to: Named,
  toQueue: Type.Boolean(),
  /** `returning`: nobody took the caller, who comes back; `over`: ended once taken; `left`: the caller hung up before. */
  state: Type.Enum(['waiting', 'ringing', 'taken', 'returning', 'over', 'left']),
  /** Whose phone rings, or who took the caller. */
  agent: Nullable(Named),
  since: Time,
})
export type TransferView = Static<typeof TransferView>

/** Where a call comes from, for the agent who is offered it. */
export const TransferredBy = Type.Object({
  by: Named,
  from: Named,
  at: Time,
  /** When somebody took the caller; null: nobody yet. */
  takenAt: Nullable(Time),
  /** Nobody has taken the caller yet. */
  underWay: Type.Boolean(),
  /** Nobody took the caller, who came back. */
  failed: Type.Boolean(),
})
