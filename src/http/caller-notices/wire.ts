/** Notices that callers hear when they enter a queue. */
import { Type, type Static } from 'typebox'
import { callerNoticeDaysMax } from '../../core/announcements/caller-notice.ts'
import { Described, Nullable, Person, Time } from '../wire.ts'

/** A minute of speech, about. */
export const callerNoticeMax = 500
/** The latest ones are listed. */
export const callerNoticesMax = 50

const LocalTime = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  description: 'A time of day in the city, `HH:MM`; `00:00` as an end is midnight.',
  examples: ['08:00'],
})

export const DailyHours = Described(
  'The hours of each day in which a notice is heard; over midnight where `to` is earlier than `from`. They differ.',
  Type.Object({ from: LocalTime, to: LocalTime }),
)
export type DailyHours = Static<typeof DailyHours>

export const CallerNoticeItem = Type.Object({
  id: Type.Integer(),
  text: Type.String(),
  queues: Described('Ids; empty: callers of every queue.', Type.Array(Type.String())),
  publishedAt: Time,
  from: Described('It is heard from then on; not before `publishedAt`.', Time),
  until: Described('It is heard no more from then on.', Time),
  daily: Described('Null: at every hour.', Nullable(DailyHours)),
  endedAt: Described('A supervisor has ended it before; null: no.', Nullable(Time)),
  by: Person,
  heard: Described('The callers who have heard it.', Type.Integer()),
  spared: Described(
    'Those of them who have hung up during it or within 15 seconds after it, without an agent.',
    Type.Integer(),
  ),
})
export type CallerNoticeItem = Static<typeof CallerNoticeItem>

/** `GET /api/caller-notices`: the latest ones, newest first, also those that have ended. */
export const CallerNotices = Type.Object({
  items: Type.Array(CallerNoticeItem, { maxItems: callerNoticesMax }),
})
export type CallerNotices = Static<typeof CallerNotices>

/** `POST /api/caller-notices` */
export const NewCallerNotice = Type.Object({
  text: Described(
    'In Romanian; it is read out as it is written.',
    Type.String({ maxLength: callerNoticeMax, pattern: '[\\p{L}\\p{N}]' }),
  ),
  queues: Described(
    'Ids; empty: callers of every queue.',
    Type.Array(Type.String({ maxLength: 40 }), { maxItems: 100 }),
  ),
  from: Described(
    `At most ${callerNoticeDaysMax} days ahead; null, or left out: at once.`,
    Type.Optional(Nullable(Time)),
  ),
  until: Described(`At most ${callerNoticeDaysMax} days after it begins.`, Time),
  daily: Described('Null, or left out: at every hour.', Type.Optional(Nullable(DailyHours))),
})
export type NewCallerNotice = Static<typeof NewCallerNotice>

export const CallerNoticeParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 53 - 1 }) })
