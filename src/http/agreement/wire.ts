/** The confidentiality agreement as it crosses the network. Texts are Romanian, paragraphs apart by an empty line. */
import { Type, type Static } from 'typebox'
import { Nullable, Time } from '../wire.ts'

/** As long as the register keeps. */
export const agreementLengthMax = 20_000

const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** `GET /api/me/agreement`: what this account is to sign, or has signed. */
export const MyAgreement = Type.Object({
  version: Type.Integer(),
  /** With this person's name and employer in it. */
  text: Type.String(),
  /** SHA-256 of that text in UTF-8, hex: what is signed. */
  digest: Digest,
  signedAt: Nullable(Time),
  /** An earlier text, or with another name or employer, was signed. */
  signedBefore: Type.Boolean(),
})
export type MyAgreement = Static<typeof MyAgreement>

/** `POST /api/me/agreement`: the digest of what was read, and the person's own name as he typed it. */
export const SignAgreement = Type.Object({
  digest: Digest,
  name: Type.String({ minLength: 1, maxLength: 200 }),
})

export const AgreementVersion = Type.Object({
  version: Type.Integer(),
  /** With `{nume}` and `{angajator}` where name and employer stand. */
  text: Type.String(),
  publishedAt: Time,
  /** By name; null: it came with the product. */
  publishedBy: Nullable(Type.String()),
})
export type AgreementVersion = Static<typeof AgreementVersion>

/** `GET /api/agreement`: newest first, and how many of the open accounts have signed the newest. */
export const AgreementHistory = Type.Object({
  items: Type.Array(AgreementVersion),
  signed: Type.Integer(),
  missing: Type.Integer(),
})
export type AgreementHistory = Static<typeof AgreementHistory>

/** `POST /api/agreement`: a new version. `after`: the one that it was made from. */
export const PublishAgreement = Type.Object({
  after: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  text: Type.String({ minLength: 1, maxLength: agreementLengthMax }),
})
