/** Accounts for the people of a CSV file. */
import { Type, type Static } from 'typebox'
import { importedMax, personColumns, personFaultCodes } from '../../people/people-import/person-faults.ts'
import { SkillLevels } from '../skills/wire.ts'
import { Described, Nullable, roles, Time } from '../wire.ts'

export { importedMax, personColumns }
export const peopleFileMax = 100_000

export const PersonFault = Type.Object({
  column: Described('Null: of the row as a whole.', Nullable(Type.Enum([...personColumns]))),
  code: Described(
    '`role of two`: a role that two administrators give; open that account by itself.',
    Type.Enum([...personFaultCodes]),
  ),
  value: Described('As it is in the file.', Type.String()),
  accepted: Described('What would be right, where it can be listed.', Type.Array(Type.String())),
})
export type PersonFault = Static<typeof PersonFault>

export const PersonOfFile = Type.Object({
  line: Described('Of the file, from 1.', Type.Integer()),
  username: Type.String(),
  name: Type.String(),
  roles: Type.Array(Type.Enum([...roles])),
  employer: Type.String(),
  skills: Described('Null: every queue, at its least level.', Nullable(SkillLevels)),
  state: Described(
    '`known`: there is an account of this user name, and it stays as it is.',
    Type.Enum(['new', 'known', 'wrong']),
  ),
  faults: Type.Array(PersonFault),
})
export type PersonOfFile = Static<typeof PersonOfFile>

export const PeopleFile = Type.Object({
  csv: Described(
    'The first row names the columns: username and name, and optionally roles, employer, skills (`general:3 taxe`).',
    Type.String({
      minLength: 1,
      maxLength: peopleFileMax,
      examples: ['username,name,roles,skills\nana.pop,Ana Pop,agent,general:3'],
    }),
  ),
})
export type PeopleFile = Static<typeof PeopleFile>

/** `POST /api/people-import/check` */
export const CheckedPeople = Type.Object({
  items: Described('In the order of the file.', Type.Array(PersonOfFile, { maxItems: importedMax })),
})
export type CheckedPeople = Static<typeof CheckedPeople>

export const IssuedAccount = Type.Object({
  username: Type.String(),
  name: Type.String(),
  code: Described('To be handed to its owner; in this answer alone.', Type.String()),
  expiresAt: Nullable(Time),
})
export type IssuedAccount = Static<typeof IssuedAccount>

/** `POST /api/people-import` */
export const ImportedPeople = Type.Object({
  items: Type.Array(IssuedAccount),
  known: Described('So many had an account already.', Type.Integer()),
})
export type ImportedPeople = Static<typeof ImportedPeople>
