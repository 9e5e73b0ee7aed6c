/** Links of accounts with people at the identity provider. */
import { sql } from 'kysely'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { accountById, type Account } from '../accounts.ts'
import { refusedBy } from '../refused-rows.ts'
import { inOpenSession } from '../sessions.ts'
import type { ProvidedPerson } from './provider.ts'

/** The account that a person is to be linked with, and the session (a digest) in which that was asked for. */
export interface Link {
  readonly account: AgentId
  readonly session: Buffer
}

type Linked = 'linked' | 'linked elsewhere' | 'session over'

export async function accountOfSubject(
  db: Database,
  { issuer, subject }: Pick<ProvidedPerson, 'issuer' | 'subject'>,
): Promise<Account | null> {
  const row = await openLinks(db)
    .select('s.account')
    .where('s.issuer', '=', issuer)
    .where('s.subject', '=', subject)
    .executeTakeFirst()
  return row === undefined ? null : accountById(db, row.account)
}

/** Since when the account is linked with a person at the provider; null: it is not. */
export async function linkedSince(db: Database, account: AgentId): Promise<Millis | null> {
  const row = await openLinks(db)
    .select('s.recorded_at as at')
    .where('s.account', '=', account)
    .orderBy('s.id', 'desc')
    .executeTakeFirst()
  return row?.at ?? null
}

/** Since when the account's newest link has ended by a reset; null: it never had one, or its newest is open. */
export async function linkEndedAt(db: Database, account: AgentId): Promise<Millis | null> {
  const newest = await db
    .selectFrom('account_subjects as s')
    .leftJoin('account_subject_ends as e', 'e.link', 's.id')
    .select('e.recorded_at as at')
    .where('s.account', '=', account)
    .orderBy('s.id', 'desc')
    .executeTakeFirst()
  return newest?.at ?? null
}

/** `linked elsewhere`: the person, or the account, is linked with another. */
export async function linkSubject(db: Database, link: Link, person: ProvidedPerson): Promise<Linked> {
  const { account } = link
  const { issuer, subject } = person
  try {
    return await inOpenSession(db, link, async (trx): Promise<Linked> => {
      const present = await accountOfSubject(trx, person)
      if (present !== null) return present.id === account ? 'linked' : 'linked elsewhere'
      await trx.insertInto('account_subjects').values({ account, issuer, subject }).execute()
      return 'linked'
    })
  } catch (error) {
    if (refusedBy(error, 'account_subjects_issuer_subject_key')) return 'linked elsewhere'
    if (refusedBy(error, 'account_subjects_account_issuer_key')) return 'linked elsewhere'
    throw error
  }
}

/**
 * Ends the links that were made in a session of the account, which a thief may have had. An account that the provider's
 * person has made by signing in stays theirs: its link is older than any password or activation.
 */
export async function endLinksOf(db: Database, account: AgentId, by: AgentId | null): Promise<void> {
  const links = await openLinks(db)
    .select('s.id as link')
    .where('s.account', '=', account)
    .where(
      sql<boolean>`(exists (select from account_passwords p where p.account = s.account and p.recorded_at < s.recorded_at)
        or exists (select from account_activations n where n.account = s.account and n.recorded_at < s.recorded_at))`,
    )
    .execute()
  if (links.length === 0) return
  await db
    .insertInto('account_subject_ends')
    .values(links.map(({ link }) => ({ link, by })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function openLinks(db: Database) {
  return db
    .selectFrom('account_subjects as s')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('account_subject_ends as e').select('e.link').whereRef('e.link', '=', 's.id'),
        ),
      ),
    )
}
