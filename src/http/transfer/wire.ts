/** Transfers: an agent sends the caller on, to a queue or to one colleague, and leaves the call. */
import { Type, type Static } from 'typebox'
import { agentStates } from '../../core/agent.ts'
import type { DeskCommand } from '../../core/desk-command.ts'
import { OfferId, type AgentId, type ContactId, type QueueId } from '../../core/ids.ts'
import { unreachedReasons } from '../contacts/wire.ts'
import { Described, Id, Nullable, Offer, Time } from '../wire.ts'

const ToAgent = Type.Object({ agent: Type.Unsafe<AgentId>(Id) })
const ToContact = Type.Object({ contact: Type.Unsafe<ContactId>(Id) })
export const ConsultTarget = Type.Union([ToAgent, ToContact])
export const TransferTarget = Type.Union([
  Type.Object({ queue: Type.Unsafe<QueueId>(Id) }),
  ToAgent,
  ToContact,
])

export const TransferCall = Described(
  '`POST /api/me/transfer`; without `offerId`, the present call.',
  Type.Object({ offerId: Type.Optional(Offer), to: TransferTarget }),
)
export type TransferCall = Static<typeof TransferCall>

export const transferOf = (agent: AgentId, { offerId, to }: TransferCall): DeskCommand => ({
  do: 'transfer',
  agent,
  to,
  ...(offerId === undefined ? {} : { offer: OfferId(offerId) }),
})

export const TransferTargets = Described(
  '`GET /api/me/transfer-targets`: where a caller can be sent; the asking agent counts nowhere in it.',
  Type.Object({
    queues: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        waiting: Type.Integer(),
        free: Described('Colleagues who could take a caller at once.', Type.Integer()),
        atWork: Described(
          'Colleagues who take calls of the queue, free or not; with none a transfer is refused.',
          Type.Integer(),
        ),
      }),
    ),
    colleagues: Described(
      'Those who are signed in.',
      Type.Array(
        Type.Object({
          id: Type.String(),
          name: Type.String(),
          state: Type.Enum([...agentStates]),
          free: Type.Boolean(),
        }),
      ),
    ),
  }),
)
export type TransferTargets = Static<typeof TransferTargets>

const Named = Type.Object({ id: Type.String(), name: Type.String() })

export const TransferView = Described(
  'The course of a transfer, for the agent who made it; without the caller.',
  Type.Object({
    callId: Type.String(),
    to: Described('The queue, the colleague, or the contact.', Named),
    toQueue: Type.Boolean(),
    external: Described('`to` is a contact.', Type.Boolean()),
    why: Described(
      'Why a contact did not take the caller, in `returning`.',
      Nullable(Type.Enum([...unreachedReasons])),
    ),
    state: Described(
      '`returning`: nobody took the caller, who comes back; `over`: ended once taken; `left`: the caller hung up before.',
      Type.Enum(['waiting', 'ringing', 'taken', 'returning', 'over', 'left']),
    ),
    agent: Described('Whose phone rings, or who took the caller.', Nullable(Named)),
    since: Time,
  }),
)
export type TransferView = Static<typeof TransferView>

export const TransferredBy = Described(
  'Where a call comes from, for the agent who is offered it.',
  Type.Object({
    by: Named,
    from: Named,
    at: Time,
    takenAt: Described('When somebody took the caller; null: nobody yet.', Nullable(Time)),
    underWay: Described('Nobody has taken the caller yet.', Type.Boolean()),
    failed: Described('Nobody took the caller, who came back.', Type.Boolean()),
  }),
)
