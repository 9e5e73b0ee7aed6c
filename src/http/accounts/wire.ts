/** Accounts and employers, for administrators. */
import { Type, type Static } from 'typebox'
import { Nullable, roles, Time } from '../wire.ts'

const MaybeTime = Nullable(Time)
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const Roles = Type.Array(Type.Enum([...roles]), { minItems: 1, maxItems: roles.length })

/** Empty while the first role waits for a second administrator. */
const PresentRoles = Type.Array(Type.Enum([...roles]), { maxItems: roles.length })

/** The newest activation code of an account. */
export const Activation = Type.Object({
  issuedAt: Time,
  expiresAt: Time,
  expired: Type.Boolean(),
  /** Name of the administrator who issued it; null: the server's command line. */
  by: Nullable(Type.String()),
  /** When a browser showed the code for the first time. */
  openedAt: MaybeTime,
  usedAt: MaybeTime,
})

/** Roles, or a reset, that a second person has to confirm. */
export const Proposal = Type.Object({
  id: Type.Integer(),
  roles: PresentRoles,
  /** The roles stay as they are. */
  reset: Type.Boolean(),
  by: Type.Object({ id: Type.String(), name: Type.String() }),
  at: Time,
  expiresAt: Time,
})
export type Proposal = Static<typeof Proposal>

export const AccountItem = Type.Object({
  id: Type.String(),
  username: Type.String(),
  name: Type.String(),
  employer: Type.String(),
  roles: PresentRoles,
  /** Null while the account is open. */
  closedAt: MaybeTime,
  /** When the present agreement was signed; null: not yet, so the account has no access to city data. */
  signedAt: MaybeTime,
  /** Since when the present password is valid; null: the account was never activated. */
  passwordAt: MaybeTime,
  activation: Nullable(Activation),
  proposal: Nullable(Proposal),
  /**
   * The persons whom a new code takes. `one`: this administrator, nobody has entered the account yet. `factor`: this
   * administrator, and the activation asks for the owner's second factor. `two`: a second person confirms.
   */
  resetRule: Type.Enum(['one', 'factor', 'two']),
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

/** To be handed to the account's owner; shown in this response only, and kept as a digest. */
export const ActivationCode = Type.Object({
  code: Type.String(),
  /** One half of two: another person gets the other half when they confirm, or got it when they proposed. */
  half: Type.Boolean(),
  /** Null: the term begins when another person has confirmed. */
  expiresAt: MaybeTime,
})
export type ActivationCode = Static<typeof ActivationCode>

export const ResetQuery = Type.Object({
  /** `end`: the owner has lost the second factor as well, and starts without any. */
  factors: Type.Optional(Type.Literal('end')),
})

/** An account with a code for its owner. */
export const AccountWithCode = Type.Object({ account: AccountItem, activation: ActivationCode })
export type AccountWithCode = Static<typeof AccountWithCode>

/** The account after a change; `code`: the change waits for another administrator, and this is the first half. */
export const ChangedAccount = Type.Object({
  ...AccountItem.properties,
  code: Nullable(ActivationCode),
})
export type ChangedAccount = Static<typeof ChangedAccount>

/** `GET /api/account-proposals`: what the caller may decide on. */
export const OpenProposals = Type.Object({
  items: Type.Array(
    Type.Object({
      ...Proposal.properties,
      account: Type.Object({
        id: Type.String(),
        username: Type.String(),
        name: Type.String(),
        employer: Type.String(),
        roles: PresentRoles,
      }),
    }),
  ),
})
export type OpenProposals = Static<typeof OpenProposals>

export const ProposalParams = Type.Object({ proposal: Type.Integer({ minimum: 1, maximum: 2 ** 52 }) })

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
