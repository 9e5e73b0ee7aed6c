/** The ways to sign in, and one's own second factors. */
import { Type, type Static } from 'typebox'
import { Described, Nullable, Time } from '../wire.ts'

export const SignInMethods = Described(
  'The choices of the sign-in page.',
  Type.Object({
    passkeysAt: Described(
      'Where passkeys work: the origin of this site. Null: nowhere, because browsers accept host names only.',
      Nullable(Type.String()),
    ),
    provider: Described(
      "The city's identity provider; null: none.",
      Nullable(
        Type.Object({
          name: Type.String(),
          answers: Described('False while it does not answer.', Type.Boolean()),
          passwordsToo: Described(
            'Every account may sign in with a password as well; else designated ones only.',
            Type.Boolean(),
          ),
        }),
      ),
    ),
  }),
)
export type SignInMethods = Static<typeof SignInMethods>

const Bytes = Described(
  'Texts of WebAuthn are base64url; the bound is that of the longest credential with room to spare.',
  Type.String({ maxLength: 8_192, pattern: '^[A-Za-z0-9_-]*$' }),
)
const Credential = {
  id: Bytes,
  rawId: Bytes,
  type: Type.Literal('public-key'),
  authenticatorAttachment: Type.Optional(Type.Enum(['platform', 'cross-platform'])),
  clientExtensionResults: Type.Object({}),
}

export const PasskeyAnswer = Described(
  'As `@simplewebauthn/browser` sends it.',
  Type.Object({
    ...Credential,
    response: Type.Object({
      clientDataJSON: Bytes,
      authenticatorData: Bytes,
      signature: Bytes,
      userHandle: Type.Optional(Bytes),
    }),
  }),
)

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

export const PasskeyOptions = Described(
  "Options for the browser's WebAuthn, passed on as they are.",
  Type.Object({}, { additionalProperties: true }),
)

export const NewTotpSecret = Type.Object({
  secret: Described('Base32, to be typed where the QR code cannot be scanned.', Type.String()),
  uri: Described('`otpauth://…`, for the QR code.', Type.String()),
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
  required: Described('A role of the account requires one.', Type.Boolean()),
  tooOld: Described('This session is too old for changes: sign in again.', Type.Boolean()),
  passkeysAt: Nullable(Type.String()),
})
export type MyFactors = Static<typeof MyFactors>

export const AddedFactor = Described(
  'Shown once. Null: the account has codes already.',
  Type.Object({ recoveryCodes: Nullable(Type.Array(Type.String())) }),
)
export type AddedFactor = Static<typeof AddedFactor>

export const RecoveryCodes = Type.Object({ codes: Type.Array(Type.String()) })

export const FactorParams = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})
