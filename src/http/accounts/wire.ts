/** Accounts and employers as they cross the network: for administrators. */
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
  /** When the present agreement was signed; null: it has to be, before any city data. */
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
  /** The `next` of the page before. */
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
})

export const NewAccount = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 100 }),
  name: Name,
  employer: Name,
  roles: Roles,
})

/** The password and the desk phone's are told once, and kept nowhere in this form. */
export const AddedAccount = Type.Object({
  account: AccountItem,
  password: Type.String(),
  /** Of an agent's desk phone (SIP); else null. */
  phone: Nullable(Type.Object({ username: Type.String(), password: Type.String() })),
})
export type AddedAccount = Static<typeof AddedAccount>

/** `PUT /api/accounts/{id}`: the whole of what may change. */
export const AccountChange = Type.Object({ name: Name, employer: Name, roles: Roles })
export type AccountChange = Static<typeof AccountChange>

export const EmployerItem = Type.Object({
  name: Type.String(),
  /** Open accounts. */
  accounts: Type.Integer(),
  /** Its contract has ended: no account can be opened for it. */
  ended: Type.Boolean(),
})
export type EmployerItem = Static<typeof EmployerItem>
export const EmployerList = Type.Object({ items: Type.Array(EmployerItem) })

export const EmployerName = Type.Object({ employer: Name })
export const ContractEnded = Type.Object({
  /** How many accounts were closed with it. */
  closed: Type.Integer(),
})
