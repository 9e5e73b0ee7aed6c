/**
 * The confidentiality agreement: its versions, and who has signed the present one with his present name and
 * employer. A text that changes is a new version; a signature is a row and stays.
 */
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'

export interface AgreementVersion {
  readonly version: number
  /** With marks where name and employer stand. */
  readonly text: string
  readonly publishedAt: Millis
  /** Who published it, by name; null: it came with the product. */
  readonly publishedBy: string | null
}

/** What one account is to sign, or has signed. */
export interface AgreementOf {
  readonly version: number
  readonly text: string
  /** The version of the account whose name and employer stand in it. */
  readonly accountVersion: number
  readonly name: string
  readonly employer: string
  /** Null until the account has signed this text with this name and employer. */
  readonly signedAt: Millis | null
  /** The account has signed an earlier text, or with another name or employer. */
  readonly signedBefore: boolean
}

/** One answer, asked at every opening of city data; nothing is remembered, so that a new text binds at once. */
export async function hasSigned(db: Database, account: AgentId): Promise<boolean> {
  const row = await db
    .selectFrom('agreement_standing')
    .select('signed_at')
    .where('account', '=', account)
    .executeTakeFirst()
  return row !== undefined && row.signed_at !== null
}

/** Newest first. */
export async function agreementVersions(db: Database, limit: number): Promise<AgreementVersion[]> {
  return db
    .selectFrom('agreement_versions')
    .leftJoin('current_accounts', 'current_accounts.id', 'agreement_versions.by')
    .select(['version', 'text', 'recorded_at as publishedAt', 'current_accounts.name as publishedBy'])
    .orderBy('version', 'desc')
    .limit(limit)
    .execute()
}

/** Null: there is no such account. */
export async function agreementOf(db: Database, account: AgentId): Promise<AgreementOf | null> {
  const row = await db
    .selectFrom('agreement_standing as standing')
    .innerJoin('agreement_versions as agreement', 'agreement.version', 'standing.version')
    .innerJoin('account_versions as own', 'own.account', 'standing.account')
    .select(['agreement.version', 'agreement.text', 'own.id as accountVersion', 'own.name', 'own.employer'])
    .select('standing.signed_at as signedAt')
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('agreement_signatures')
            .select('id')
            .whereRef('agreement_signatures.account', '=', 'standing.account'),
        )
        .as('signedBefore'),
    )
    .where('standing.account', '=', account)
    .orderBy('own.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { ...row, signedBefore: Boolean(row.signedBefore) }
}

export interface Signature {
  readonly account: AgentId
  readonly version: number
  readonly accountVersion: number
  /** Of the text as it was shown. */
  readonly digest: Buffer
}

/** Of a text that has just been replaced it stands too, and no longer counts. */
export async function addSignature(db: Database, signature: Signature): Promise<void> {
  const { account, version, accountVersion, digest } = signature
  await db
    .insertInto('agreement_signatures')
    .values({ account, version, account_version: accountVersion, digest })
    .execute()
}

/** `changed`: somebody has published another one after the version that this text was made from. */
export async function publishAgreement(
  db: Database,
  next: { readonly after: number; readonly text: string; readonly by: AgentId | null },
): Promise<'published' | 'changed'> {
  const { after, text, by } = next
  const [present] = await agreementVersions(db, 1)
  if (present?.version !== after) return 'changed'
  const added = await db
    .insertInto('agreement_versions')
    .values({ version: after + 1, text, by })
    // Two who publish at once: the first one's stands.
    .onConflict((conflict) => conflict.column('version').doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n ? 'published' : 'changed'
}

/** Of the open accounts that may see city data: how many have signed what counts now. */
export async function signatureCounts(
  db: Database,
): Promise<{ readonly signed: number; readonly missing: number }> {
  const row = await db
    .selectFrom('agreement_standing')
    .innerJoin('current_accounts', 'current_accounts.id', 'agreement_standing.account')
    .select((eb) => [eb.fn.count<number>('signed_at').as('signed'), eb.fn.countAll<number>().as('all')])
    .where('closed_at', 'is', null)
    .where((eb) => eb.not(eb(eb.val('administrator'), '=', eb.fn.any('roles'))))
    .executeTakeFirstOrThrow()
  return { signed: row.signed, missing: row.all - row.signed }
}
