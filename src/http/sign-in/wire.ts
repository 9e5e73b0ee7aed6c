/** The ways to sign in, and one's own second factors. */
import { Type, type Static } from 'typebox'
import { Nullable, Time } from '../wire.ts'

/** The choices of the sign-in page. */
export const SignInMethods = Type.Object({
  /** Where passkeys work: the origin of this site. Null: nowhere, because browsers accept host names only. */
  passkeysAt: Nullable(Type.String()),
  /** The city's identity provider; null: none. */
  provider: Nullable(
    Type.Object({
      name: Type.String(),
      /** False while it does not answer. */
      answers: Type.Boolean(),
      /** Every account may sign in with a password as well; else designated ones only. */
      passwordsToo: Type.Boolean(),
    }),
  ),
})
export type SignInMethods = Static<typeof SignInMethods>

/** Texts of WebAuthn are base64url; the bound is that of the longest credential with room to spare. */
const Bytes = Type.String({ maxLength: 8_192, pattern: '^[A-Za-z0-9_-]*$' })
const Credential = {
  id: Bytes,
  rawId: Bytes,
  type: Type.Literal('public-key'),
  authenticatorAttachment: Type.Optional(Type.Enum(['platform', 'cross-platform'])),
  clientExtensionResults: Type.Object({}),
}

/** As `@simplewebauthn/browser` sends it. */
export const PasskeyAnswer = Type.Object({
  ...Credential,
  response: Type.Object({
    clientDataJSON: Bytes,
    authenticatorData: Bytes,
    signature: Bytes,
    userHandle: Type.Optional(Bytes),
  }),
})

export const FactorName = Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' })

export const NewPasskey = Type.Object({
  name: FactorName,
  answer: Type.Object({
    ...Credential,
    response: Type.Object({
      clientDataJSON: Bytes,
      attestationObject: Bytes,
      authenticatorData: Type.Optional(Bytes),
      transports: Type.Optional(
        Type.Array(Type.Enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']), {
          maxItems: 8,
        }),
      ),
      publicKeyAlgorithm: Type.Optional(Type.Integer()),
      publicKey: Type.Optional(Bytes),
    }),
  }),
})

/** Options for the browser's WebAuthn, passed on as they are. */
export const PasskeyOptions = Type.Object({}, { additionalProperties: true })

export const NewTotpSecret = Type.Object({
  /** Base32, to be typed where the QR code cannot be scanned. */
  secret: Type.String(),
  /** `otpauth://…`, for the QR code. */
  uri: Type.String(),
})

export const NewTotp = Type.Object({
  name: FactorName,
  code: Type.String({ minLength: 6, maxLength: 9, pattern: '^[\\d ]+$' }),
})

export const FactorItem = Type.Object({
  id: Type.Integer(),
  kind: Type.Enum(['passkey', 'totp']),
  name: Type.String(),
  addedAt: Time,
  usedAt: Nullable(Time),
})
export type FactorItem = Static<typeof FactorItem>

export const MyFactors = Type.Object({
  items: Type.Array(FactorItem),
  recoveryCodesLeft: Type.Integer(),
  /** A role of the account requires one. */
  required: Type.Boolean(),
  /** This session is too old for changes: sign in again. */
  tooOld: Type.Boolean(),
  passkeysAt: Nullable(Type.String()),
})
export type MyFactors = Static<typeof MyFactors>

/** Shown once. Null: the account has codes already. */
export const AddedFactor = Type.Object({ recoveryCodes: Nullable(Type.Array(Type.String())) })
export type AddedFactor = Static<typeof AddedFactor>

export const RecoveryCodes = Type.Object({ codes: Type.Array(Type.String()) })

export const FactorParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})
