/** The confidentiality agreement. Its text is Romanian; an empty line separates paragraphs. */
import { Type, type Static } from 'typebox'
import { Described, Nullable, Time } from '../wire.ts'

/** The maximum length that the ledger accepts. */
export const agreementLengthMax = 20_000

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })

export const MyAgreement = Described(
  '`GET /api/me/agreement`: the text that this account has to sign, or has signed.',
  Type.Object({
    version: Type.Integer(),
    text: Described("With the user's name and employer filled in.", Type.String()),
    digest: Described('SHA-256 of `text` in UTF-8, hex: this is what the user signs.', Digest),
    signedAt: Nullable(Time),
    signedBefore: Described(
      'Whether an earlier text, or one with another name or employer, was signed.',
      Type.Boolean(),
    ),
  }),
)
export type MyAgreement = Static<typeof MyAgreement>

export const SignAgreement = Described(
  '`POST /api/me/agreement`: the digest of the text that was read, and the name that the user typed.',
  Type.Object({
    digest: Digest,
    name: Type.String({ minLength: 1, maxLength: 200 }),
  }),
)

export const AgreementVersion = Type.Object({
  version: Type.Integer(),
  text: Described('With the placeholders `{nume}` and `{angajator}`.', Type.String()),
  publishedAt: Time,
  publishedBy: Described("The publisher's name; null: shipped with the product.", Nullable(Type.String())),
})
export type AgreementVersion = Static<typeof AgreementVersion>

export const AgreementHistory = Described(
  '`GET /api/agreement`: versions, newest first, and how many open accounts have signed the newest.',
  Type.Object({
    items: Type.Array(AgreementVersion),
    signed: Type.Integer(),
    missing: Type.Integer(),
  }),
)
export type AgreementHistory = Static<typeof AgreementHistory>

export const PublishAgreement = Described(
  '`POST /api/agreement`: a new version. `after`: the version that it is based on.',
  Type.Object({
    after: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    text: Type.String({ minLength: 1, maxLength: agreementLengthMax }),
  }),
)

export const PreviewAgreement = Described(
  '`POST /api/agreement/preview`: nothing is published.',
  Type.Object({
    text: Type.String({ minLength: 1, maxLength: agreementLengthMax }),
  }),
)
export const AgreementPreview = Type.Object({
  text: Described('With the name and employer of an example.', Type.String()),
  name: Type.String(),
  employer: Type.String(),
  signAgain: Described(
    'Accounts that have signed the present text and would sign the new one as well.',
    Type.Integer(),
  ),
  signFirst: Described('Accounts that have not signed the present text either.', Type.Integer()),
})
export type AgreementPreview = Static<typeof AgreementPreview>
