/** Accounts and employers, for administrators. */
import { Type, type Static } from 'typebox'
import { usableSkill } from '../skills/wire.ts'
import { Described, Nullable, roles, Time } from '../wire.ts'

const MaybeTime = Nullable(Time)
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const Roles = Type.Array(Type.Enum([...roles]), { minItems: 1, maxItems: roles.length })

const PresentRoles = Described(
  'Empty while the first role waits for a second administrator.',
  Type.Array(Type.Enum([...roles]), { maxItems: roles.length }),
)

export const Activation = Described(
  'The newest activation code of an account.',
  Type.Object({
    issuedAt: Time,
    expiresAt: Time,
    expired: Type.Boolean(),
    by: Described(
      "Name of the administrator who issued it; null: the server's command line.",
      Nullable(Type.String()),
    ),
    openedAt: Described('When a browser showed the code for the first time.', MaybeTime),
    usedAt: MaybeTime,
  }),
)

export const Proposal = Described(
  'Roles, or a reset, that a second person has to confirm.',
  Type.Object({
    id: Type.Integer(),
    roles: PresentRoles,
    reset: Described('The roles stay as they are.', Type.Boolean()),
    by: Type.Object({ id: Type.String(), name: Type.String() }),
    at: Time,
    expiresAt: Time,
  }),
)
export type Proposal = Static<typeof Proposal>

export const AccountItem = Type.Object({
  id: Type.String(),
  username: Type.String(),
  name: Type.String(),
  employer: Type.String(),
  roles: PresentRoles,
  closedAt: Described('Null while the account is open.', MaybeTime),
  signedAt: Described(
    'When the present agreement was signed; null: not yet, so the account has no access to city data.',
    MaybeTime,
  ),
  passwordAt: Described(
    'Since when the present password is valid; null: the account was never activated.',
    MaybeTime,
  ),
  activation: Nullable(Activation),
  proposal: Nullable(Proposal),
  resetRule: Described(
    "The persons whom a new code takes. `one`: this administrator, nobody has entered the account yet. `factor`: this administrator, and the activation asks for the owner's second factor. `two`: a second person confirms.",
    Type.Enum(['one', 'factor', 'two']),
  ),
})
export type AccountItem = Static<typeof AccountItem>

export const AccountPage = Described(
  '`GET /api/accounts`: by user name; `next` is the cursor of the following page.',
  Type.Object({
    items: Type.Array(AccountItem),
    next: Nullable(Type.String()),
  }),
)
export type AccountPage = Static<typeof AccountPage>

export const AccountsQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })),
  cursor: Type.Optional(
    Described('The `next` of the previous page.', Type.String({ minLength: 1, maxLength: 100 })),
  ),
})

export const NewAccount = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 100 }),
  name: Name,
  employer: Name,
  roles: Roles,
  skills: Type.Optional(
    Described(
      'Of an agent: skill → level 1–5; empty: none yet. Without it the agent serves every queue, at its least level. With a role that waits for a second administrator they hold once it is confirmed.',
      Type.Record(Type.String({ pattern: usableSkill }), Type.Integer({ minimum: 1, maximum: 5 }), {
        additionalProperties: false,
        maxProperties: 100,
      }),
    ),
  ),
})
export type NewAccount = Static<typeof NewAccount>

export const ActivationCode = Described(
  "To be handed to the account's owner; shown in this response only, and kept as a digest.",
  Type.Object({
    code: Type.String(),
    half: Described(
      'One half of two: another person gets the other half when they confirm, or got it when they proposed.',
      Type.Boolean(),
    ),
    expiresAt: Described('Null: the term begins when another person has confirmed.', MaybeTime),
  }),
)
export type ActivationCode = Static<typeof ActivationCode>

export const ResetQuery = Type.Object({
  factors: Type.Optional(
    Described(
      '`end`: the owner has lost the second factor as well, and starts without any.',
      Type.Literal('end'),
    ),
  ),
})

export const AccountWithCode = Described(
  'An account with a code for its owner.',
  Type.Object({ account: AccountItem, activation: ActivationCode }),
)
export type AccountWithCode = Static<typeof AccountWithCode>

export const ChangedAccount = Described(
  'The account after a change; `code`: the change waits for another administrator, and this is the first half.',
  Type.Object({
    ...AccountItem.properties,
    code: Nullable(ActivationCode),
  }),
)
export type ChangedAccount = Static<typeof ChangedAccount>

export const OpenProposals = Described(
  '`GET /api/account-proposals`: what the caller may decide on.',
  Type.Object({
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
  }),
)
export type OpenProposals = Static<typeof OpenProposals>

export const ProposalParams = Type.Object({ proposal: Type.Integer({ minimum: 1, maximum: 2 ** 52 }) })

export const AccountChange = Described(
  '`PUT /api/accounts/{id}`: all fields that can be changed.',
  Type.Object({ name: Name, employer: Name, roles: Roles }),
)
export type AccountChange = Static<typeof AccountChange>

export const EmployerItem = Type.Object({
  name: Type.String(),
  accounts: Described('The number of open accounts.', Type.Integer()),
  ended: Described('Whether its contract has ended: no account can be opened for it then.', Type.Boolean()),
})
export type EmployerItem = Static<typeof EmployerItem>
export const EmployerList = Type.Object({ items: Type.Array(EmployerItem) })

export const EmployerName = Type.Object({ employer: Name })
export const ContractEnded = Type.Object({
  closed: Described('How many accounts were closed.', Type.Integer()),
})
