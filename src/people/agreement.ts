/** The confidentiality agreement as one person reads and signs it. */
import { isOwnName } from '../city/agreement/name.ts'
import { agreementFor, digestOf } from '../city/agreement/text.ts'
import type { AgentId, Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { addSignature, agreementOf } from '../ledger/agreement/agreements.ts'

export interface ShownAgreement {
  readonly version: number
  /** With this person's name and employer. */
  readonly text: string
  /** SHA-256 of `text`, hex: what is signed. */
  readonly digest: string
  readonly signedAt: Millis | null
  /** The person signed before, an earlier text or with another name or employer. */
  readonly signedBefore: boolean
}

/** Null when there is no such account. */
export async function shownAgreement(db: Database, account: AgentId): Promise<ShownAgreement | null> {
  const own = await agreementOf(db, account)
  if (own === null) return null
  const text = agreementFor(own.text, own)
  const { version, signedAt, signedBefore } = own
  return { version, text, digest: digestOf(text).toString('hex'), signedAt, signedBefore }
}

/**
 * Idempotent. `digest`: of the text that the person has read. `name`: as typed. `changed`: the text has changed since.
 */
export async function signAgreement(
  db: Database,
  account: AgentId,
  signing: { readonly digest: string; readonly name: string },
): Promise<'signed' | 'changed' | 'name differs'> {
  const own = await agreementOf(db, account)
  if (own === null) return 'changed'
  const digest = digestOf(agreementFor(own.text, own))
  if (digest.toString('hex') !== signing.digest) return 'changed'
  if (!isOwnName(signing.name, own.name)) return 'name differs'
  if (own.signedAt !== null) return 'signed'
  await addSignature(db, { account, version: own.version, accountVersion: own.accountVersion, digest })
  return 'signed'
}
