/** Accounts and employers, for administrators. */
import { Type, type Static } from 'typebox'
import { Nullable, roles, Time } from '../wire.ts'

const MaybeTime = Nullable(Time)
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const Roles = Type.Array(Type.Enum([...roles]), { minItems: 1, maxItems: roles.length })

export const AccountItem = Type.Object({
  id: Type.String(),
  username: Type.String(),
  name: Type.String(),
  employer: Type.String(),
  roles: Roles,
  /** Null while the account is open. */
  closedAt: MaybeTime,
  /** When the present agreement was signed; null: not yet, so the account has no access to city data. */
  signedAt: MaybeTime,
})
export type AccountItem = Static<typeof AccountItem>

/** `GET /api/accounts`: by user name; `next` is the cursor of the following page. */
export const AccountPage = Type.Object({
  items: Type.Array(AccountItem),
  next: Nullable(Type.String()),
})
export type AccountPage = Static<typeof AccountPage>

export const AccountsQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  /** The `next` of the previous page. */
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
})

export const NewAccount = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 100 }),
  name: Name,
  employer: Name,
  roles: Roles,
})

/** Both passwords appear only in this response; they are not stored in this form. */
export const AddedAccount = Type.Object({
  account: AccountItem,
  password: Type.String(),
  /** Credentials of an agent's desk phone (SIP); null for other roles. */
  phone: Nullable(Type.Object({ username: Type.String(), password: Type.String() })),
})
export type AddedAccount = Static<typeof AddedAccount>

/** `PUT /api/accounts/{id}`: all fields that can be changed. */
export const AccountChange = Type.Object({ name: Name, employer: Name, roles: Roles })
export type AccountChange = Static<typeof AccountChange>

export const EmployerItem = Type.Object({
  name: Type.String(),
  /** The number of open accounts. */
  accounts: Type.Integer(),
  /** Whether its contract has ended: no account can be opened for it then. */
  ended: Type.Boolean(),
})
export type EmployerItem = Static<typeof EmployerItem>
export const EmployerList = Type.Object({ items: Type.Array(EmployerItem) })

export const EmployerName = Type.Object({ employer: Name })
export const ContractEnded = Type.Object({
  /** How many accounts were closed. */
  closed: Type.Integer(),
})
