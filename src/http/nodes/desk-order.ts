/** What a desk asks of the line, as data: another node may have to do it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Agent } from '../../core/agent.ts'
import { AgentId, OfferId } from '../../core/ids.ts'
import type { Command, DeskCommands } from '../../acd/ports.ts'
import { Device, Instance, PauseReason } from '../wire.ts'

const agent = Type.String({ minLength: 1, maxLength: 64 })
const plain = ['signIn', 'signOut', 'ready', 'endWrapUp'] as const
const onCall = ['hangUp', 'hold', 'resume', 'decline'] as const
const offer = Type.Optional(Type.String({ minLength: 1, maxLength: 64 }))

export const DeskOrder = Type.Union([
  Type.Object({ do: Type.Enum([...plain]), agent }),
  Type.Object({ do: Type.Enum([...onCall]), agent, offer }),
  Type.Object({ do: Type.Literal('pause'), agent, reason: PauseReason }),
  Type.Object({ do: Type.Literal('chooseDevice'), agent, device: Type.Union([Device, Type.Null()]) }),
  Type.Object({ do: Type.Literal('mute'), agent, muted: Type.Boolean(), offer }),
  Type.Object({ do: Type.Literal('extendWrapUp'), agent, byMs: Type.Integer({ minimum: 0 }) }),
  Type.Object({ do: Type.Literal('pageOpened'), agent, instance: Instance }),
])
export type DeskOrder = Static<typeof DeskOrder>

/** Null where the command has no answer but that it is done. */
export type DeskAnswer = Command<Agent> | null

export async function carryOut(desk: DeskCommands, order: DeskOrder): Promise<DeskAnswer> {
  const id = AgentId(order.agent)
  switch (order.do) {
    case 'pause':
      return desk.pause(id, order.reason)
    case 'chooseDevice':
      return desk.chooseDevice(id, order.device)
    case 'mute':
      return desk.mute(id, order.muted, offerIn(order))
    case 'extendWrapUp':
      return desk.extendWrapUp(id, order.byMs)
    case 'pageOpened':
      await desk.pageOpened(id, order.instance)
      return null
    case 'signIn':
    case 'signOut':
    case 'ready':
    case 'endWrapUp':
      return desk[order.do](id)
    case 'hangUp':
    case 'hold':
    case 'resume':
    case 'decline':
      return desk[order.do](id, offerIn(order))
  }
}

const offerIn = (order: { readonly offer?: string }): OfferId | undefined =>
  order.offer === undefined ? undefined : OfferId(order.offer)
