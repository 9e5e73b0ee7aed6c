/** Public holidays, and days declared closed or open again. */
import { Type, type Static } from 'typebox'
import { dayReasonMax } from '../../core/opening-hours.ts'
import { Described, Nullable, Time } from '../wire.ts'

export { dayReasonMax }
/** Of one day; the newest are shown. */
export const dayVersionsMax = 100

const Day = Described('Local.', Type.String({ examples: ['2026-12-24'] }))

export const DayDeclaration = Type.Object({
  version: Described('Named by the next declaration of the day.', Type.Integer()),
  closed: Described('False: the day has the hours of its weekday, also on a public holiday.', Type.Boolean()),
  reason: Described(
    'Empty: none was given, or it has been deleted at the end of its retention.',
    Type.String(),
  ),
  at: Time,
  by: Described('Null: the command line.', Nullable(Type.String())),
})
export type DayDeclaration = Static<typeof DayDeclaration>

export const PublicHoliday = Described(
  'Its name.',
  Type.Object({
    ro: Type.String({ examples: ['Crăciunul'] }),
    en: Type.String({ examples: ['Christmas Day'] }),
  }),
)

const State = {
  date: Day,
  holiday: Described('Null: no public holiday.', Nullable(PublicHoliday)),
  closed: Described('As it is now: by the newest declaration, else by the calendar.', Type.Boolean()),
  declared: Described('The newest declaration of the day; null: none.', Nullable(DayDeclaration)),
}

export const SpecialDay = Type.Object(State)
export type SpecialDay = Static<typeof SpecialDay>

/** `GET /api/declared-days` */
export const DeclaredDays = Type.Object({
  today: Day,
  items: Described(
    'The public holidays of the next twelve months and every declared day from today on, by date.',
    Type.Array(SpecialDay),
  ),
})
export type DeclaredDays = Static<typeof DeclaredDays>

export const dayRules = ['always', 'own day', 'ignores holidays', 'follows holidays'] as const

export const DayWindow = Described(
  'Local times; `24:00` is the end of the day.',
  Type.Object({ from: Type.String({ examples: ['08:00'] }), to: Type.String({ examples: ['22:00'] }) }),
)
export type DayWindow = Static<typeof DayWindow>

export const NumberOnDay = Type.Object({
  number: Type.String({ examples: ['969'] }),
  rule: Described(
    'Only a number that `follows holidays` is closed by a declaration. `own day`: its hours have an entry for this date. `ignores holidays`, `always`: it stays open.',
    Type.Enum([...dayRules]),
  ),
  ifOpen: Described('Its hours on that day while the day is not closed.', Type.Array(DayWindow)),
  ifClosed: Described('And while it is.', Type.Array(DayWindow)),
})
export type NumberOnDay = Static<typeof NumberOnDay>

/** `GET /api/declared-days/{date}` */
export const DayDetail = Type.Object({
  ...State,
  isOver: Type.Boolean(),
  numbers: Described('The city’s numbers, and what the day is for each.', Type.Array(NumberOnDay)),
  versions: Described('Newest first.', Type.Array(DayDeclaration, { maxItems: dayVersionsMax })),
})
export type DayDetail = Static<typeof DayDetail>

export const DayParams = Type.Object({
  date: Described('Local.', Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', examples: ['2026-12-24'] })),
})

/** `PUT /api/declared-days/{date}` */
export const DeclareDay = Type.Object({
  closed: Type.Boolean(),
  reason: Described('Obligatory for a closed day.', Type.String({ maxLength: dayReasonMax })),
  version: Described(
    'The newest declaration of the day that was seen; 0: there was none.',
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  ),
})
export type DeclareDay = Static<typeof DeclareDay>
