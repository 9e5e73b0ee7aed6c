/** The own account: activation, password, sessions, sign-ins. */
import { Type, type Static } from 'typebox'
import { PasskeyAnswer } from '../sign-in/wire.ts'
import { Described, Nullable, roles, Time } from '../wire.ts'

export { passwordLengthMin } from '../../people/passwords/rules.ts'

const Code = Type.String({ minLength: 1, maxLength: 100 })
const Password = Type.String({ minLength: 1, maxLength: 1000 })

export const OpenActivation = Type.Object({ code: Code })
export const Activate = Type.Object({
  code: Code,
  password: Password,
  factorCode: Type.Optional(
    Described('Of the authenticator app, or a recovery code.', Type.String({ minLength: 1, maxLength: 40 })),
  ),
  passkey: Type.Optional(PasskeyAnswer),
})
export type Activate = Static<typeof Activate>

export const OpenedActivation = Described(
  'The account that the code opens.',
  Type.Object({
    username: Type.String(),
    name: Type.String(),
    employer: Type.String(),
    roles: Type.Array(Type.Enum([...roles])),
    expiresAt: Time,
    reset: Described('The account had a password before.', Type.Boolean()),
    factor: Described(
      "The code alone is not enough: one of the owner's second factors, too. `passkeysAt`: where a passkey may be it.",
      Nullable(Type.Object({ passkeysAt: Nullable(Type.String()) })),
    ),
  }),
)
export type OpenedActivation = Static<typeof OpenedActivation>

export const ChangePassword = Type.Object({ current: Password, password: Password })

export const MyAccess = Type.Object({
  passwordAt: Nullable(Time),
  activation: Described(
    'Null: the account is older than activation codes.',
    Nullable(
      Type.Object({
        issuedAt: Time,
        by: Described("Name of the administrator; null: the server's command line.", Nullable(Type.String())),
        openedAt: Nullable(Time),
        usedAt: Nullable(Time),
      }),
    ),
  ),
  recoveryUsedAt: Described(
    'When a recovery code was last used, at a sign-in or an activation; null: never.',
    Nullable(Time),
  ),
  sessions: Described('Number of open sessions, this one included.', Type.Integer()),
  signIns: Type.Array(
    Type.Object({
      at: Time,
      address: Type.String(),
      method: Described(
        'Null: before methods were recorded.',
        Nullable(Type.Enum(['password', 'totp', 'recovery', 'passkey', 'oidc', 'demo'])),
      ),
    }),
  ),
  refused: Described(
    'Refused tries with this name: one for each day and network.',
    Type.Array(Type.Object({ lastAt: Time, address: Type.String(), tries: Type.Integer() })),
  ),
})
export type MyAccess = Static<typeof MyAccess>

export const DeskPhone = Described(
  "Credentials of the agent's own desk phone (SIP).",
  Type.Object({ username: Type.String(), password: Type.String() }),
)
export type DeskPhone = Static<typeof DeskPhone>
