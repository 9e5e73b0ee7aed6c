/** The confidentiality agreement. Its text is Romanian; an empty line separates paragraphs. */
import { Type, type Static } from 'typebox'
import { Nullable, Time } from '../wire.ts'

/** The maximum length that the ledger accepts. */
export const agreementLengthMax = 20_000

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** `GET /api/me/agreement`: the text that this account has to sign, or has signed. */
export const MyAgreement = Type.Object({
  version: Type.Integer(),
  /** With the user's name and employer filled in. */
  text: Type.String(),
  /** SHA-256 of `text` in UTF-8, hex: this is what the user signs. */
  digest: Digest,
  signedAt: Nullable(Time),
  /** Whether an earlier text, or one with another name or employer, was signed. */
  signedBefore: Type.Boolean(),
})
export type MyAgreement = Static<typeof MyAgreement>

/** `POST /api/me/agreement`: the digest of the text that was read, and the name that the user typed. */
export const SignAgreement = Type.Object({
  digest: Digest,
  name: Type.String({ minLength: 1, maxLength: 200 }),
})

export const AgreementVersion = Type.Object({
  version: Type.Integer(),
  /** With the placeholders `{nume}` and `{angajator}`. */
  text: Type.String(),
  publishedAt: Time,
  /** The publisher's name; null: shipped with the product. */
  publishedBy: Nullable(Type.String()),
})
export type AgreementVersion = Static<typeof AgreementVersion>

/** `GET /api/agreement`: versions, newest first, and how many open accounts have signed the newest. */
export const AgreementHistory = Type.Object({
  items: Type.Array(AgreementVersion),
  signed: Type.Integer(),
  missing: Type.Integer(),
})
export type AgreementHistory = Static<typeof AgreementHistory>

/** `POST /api/agreement`: a new version. `after`: the version that it is based on. */
export const PublishAgreement = Type.Object({
  after: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  text: Type.String({ minLength: 1, maxLength: agreementLengthMax }),
})

/** `POST /api/agreement/preview`: nothing is published. */
export const PreviewAgreement = Type.Object({
  text: Type.String({ minLength: 1, maxLength: agreementLengthMax }),
})
export const AgreementPreview = Type.Object({
  /** With the name and employer of an example. */
  text: Type.String(),
  name: Type.String(),
  employer: Type.String(),
  /** Accounts that have signed the present text and would sign the new one as well. */
  signAgain: Type.Integer(),
  /** Accounts that have not signed the present text either. */
  signFirst: Type.Integer(),
})
export type AgreementPreview = Static<typeof AgreementPreview>
