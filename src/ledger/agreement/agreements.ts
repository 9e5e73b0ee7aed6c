/**
 * The confidentiality agreement: its versions and signatures. A signature counts while text, name and employer are
 * the current ones. A changed text is a new version; signatures are never deleted.
 */
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'

export interface AgreementVersion {
  readonly version: number
  /** With placeholders for name and employer. */
  readonly text: string
  readonly publishedAt: Millis
  /** The publisher's name; null: the text came with the product. */
  readonly publishedBy: string | null
}

/** The current agreement as one account signs it. */
export interface AgreementOf {
  readonly version: number
  readonly text: string
  /** The version of the account that gives name and employer. */
  readonly accountVersion: number
  readonly name: string
  readonly employer: string
  /** Null until the account has signed this text with this name and employer. */
  readonly signedAt: Millis | null
  /** The account has signed an earlier text, or with another name or employer. */
  readonly signedBefore: boolean
}

/** Asked at every access to city data and never cached, so that a new text binds at once. */
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
  /** Of the text as it was shown to the agent. */
  readonly digest: Buffer
}

/** Records the signature even when the text has just been replaced; it does not count then. */
export async function addSignature(db: Database, signature: Signature): Promise<void> {
  const { account, version, accountVersion, digest } = signature
  await db
    .insertInto('agreement_signatures')
    .values({ account, version, account_version: accountVersion, digest })
    .execute()
}

/** `changed`: another version was published after `after`, from which this text was made. */
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
    // Of two concurrent publications the first one wins.
    .onConflict((conflict) => conflict.column('version').doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n ? 'published' : 'changed'
}

/** How many open accounts with access to city data have a signature that counts, and how many lack one. */
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
