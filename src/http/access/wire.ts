/** Objects opened with a reason, and accounts with unusually many looks. */
import { Type, type Static } from 'typebox'
import { accessReasons, openedObjects } from '../../city/access/reason.ts'
import { Described, Nullable, Person, Time } from '../wire.ts'

export { accessReasons }
export type { AccessReason } from '../../city/access/reason.ts'

export const StateReason = Described(
  "`POST /api/access`. `text`: in the agent's words; who asked, and what for.",
  Type.Object({
    object: Type.Enum([...openedObjects]),
    id: Type.String({ minLength: 1, maxLength: 100 }),
    reason: Type.Enum([...accessReasons]),
    text: Type.String({ minLength: 3, maxLength: 500, pattern: '\\S' }),
  }),
)
export type StateReason = Static<typeof StateReason>
export const Opened = Type.Object({ until: Time })

export const AccessAlerts = Described(
  '`GET /api/access/alerts`: accounts that were above a limit in an hour of the last day, the worst first.',
  Type.Object({
    looksPerHour: Type.Integer(),
    reasonsPerHour: Type.Integer(),
    items: Type.Array(
      Type.Object({ account: Person, looks: Type.Integer(), reasons: Type.Integer(), lastAt: Time }),
      { maxItems: 50 },
    ),
  }),
)
export type AccessAlerts = Static<typeof AccessAlerts>

export const StatedReasons = Described(
  '`GET /api/access/reasons`: newest first.',
  Type.Object({
    items: Type.Array(
      Type.Object({
        id: Type.Integer(),
        at: Time,
        account: Person,
        object: Type.Enum([...openedObjects]),
        objectId: Type.String(),
        reason: Type.Enum([...accessReasons]),
        text: Described('Null once retention has deleted it.', Nullable(Type.String())),
        call: Nullable(Type.String()),
      }),
      { maxItems: 100 },
    ),
  }),
)
export type StatedReasons = Static<typeof StatedReasons>
