/** The own account: activation, password, sessions, sign-ins. */
import { Type, type Static } from 'typebox'
import { PasskeyAnswer } from '../sign-in/wire.ts'
import { Nullable, roles, Time } from '../wire.ts'

export { passwordLengthMin } from '../../people/password-rules.ts'

const Code = Type.String({ minLength: 1, maxLength: 100 })
const Password = Type.String({ minLength: 1, maxLength: 1000 })

export const OpenActivation = Type.Object({ code: Code })
export const Activate = Type.Object({
  code: Code,
  password: Password,
  /** Of the authenticator app, or a recovery code. */
  factorCode: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  passkey: Type.Optional(PasskeyAnswer),
})
export type Activate = Static<typeof Activate>

/** The account that the code opens. */
export const OpenedActivation = Type.Object({
  username: Type.String(),
  name: Type.String(),
  employer: Type.String(),
  roles: Type.Array(Type.Enum([...roles])),
  expiresAt: Time,
  /** The account had a password before. */
  reset: Type.Boolean(),
  /** The code alone is not enough: one of the owner's second factors, too. `passkeysAt`: where a passkey may be it. */
  factor: Nullable(Type.Object({ passkeysAt: Nullable(Type.String()) })),
})
export type OpenedActivation = Static<typeof OpenedActivation>

export const ChangePassword = Type.Object({ current: Password, password: Password })

export const MyAccess = Type.Object({
  passwordAt: Nullable(Time),
  /** Null: the account is older than activation codes. */
  activation: Nullable(
    Type.Object({
      issuedAt: Time,
      /** Name of the administrator; null: the server's command line. */
      by: Nullable(Type.String()),
      openedAt: Nullable(Time),
      usedAt: Nullable(Time),
    }),
  ),
  /** When a recovery code was last used, at a sign-in or an activation; null: never. */
  recoveryUsedAt: Nullable(Time),
  /** Number of open sessions, this one included. */
  sessions: Type.Integer(),
  signIns: Type.Array(
    Type.Object({
      at: Time,
      address: Type.String(),
      /** Null: before methods were recorded. */
      method: Nullable(Type.Enum(['password', 'totp', 'recovery', 'passkey', 'oidc', 'demo'])),
    }),
  ),
  /** Refused tries with this name: one for each day and network. */
  refused: Type.Array(Type.Object({ lastAt: Time, address: Type.String(), tries: Type.Integer() })),
})
export type MyAccess = Static<typeof MyAccess>

/** Credentials of the agent's own desk phone (SIP). */
export const DeskPhone = Type.Object({ username: Type.String(), password: Type.String() })
export type DeskPhone = Static<typeof DeskPhone>
