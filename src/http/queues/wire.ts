/** The queues and how many calls wait in each. */
import { Type, type Static } from 'typebox'
import { DailyHours } from '../caller-notices/wire.ts'
import { Described, Nullable, PhoneNumber, Time } from '../wire.ts'

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

export const NumberNow = Type.Object({
  number: PhoneNumber,
  isOpen: Type.Boolean(),
  changesAt: Described(
    'When it closes, or opens next. Null: it is always open, or does not open within 60 days.',
    Nullable(Time),
  ),
})
export type NumberNow = Static<typeof NumberNow>

export const NoticeNow = Type.Object({
  id: Type.Integer(),
  text: Type.String(),
  from: Time,
  until: Time,
  daily: Described('Null: at every hour.', Nullable(DailyHours)),
})
export type NoticeNow = Static<typeof NoticeNow>

/** `GET /api/line` */
export const LineNow = Type.Object({
  numbers: Described('Empty: the configuration could not be read.', Type.Array(NumberNow)),
  notices: Described(
    'Notices to callers that are in force or planned, in the order of their publication.',
    Type.Array(NoticeNow),
  ),
  blocked: Described('How many numbers are blocked.', Type.Integer()),
})
export type LineNow = Static<typeof LineNow>
