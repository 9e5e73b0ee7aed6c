/** The queues and how many calls wait in each. */
import { Type, type Static } from 'typebox'
import { Described, Nullable } from '../wire.ts'

export const QueueItem = Type.Object({
  id: Type.String(),
  name: Type.String(),
  nameEn: Described('Null: the Romanian name serves English screens too.', Nullable(Type.String())),
  skill: Type.String(),
  levelMin: Type.Integer(),
  priority: Type.Integer(),
  waiting: Type.Integer(),
  longestWaitMs: Nullable(Type.Integer()),
})
export type QueueItem = Static<typeof QueueItem>

export const QueueList = Type.Object({ items: Type.Array(QueueItem) })
