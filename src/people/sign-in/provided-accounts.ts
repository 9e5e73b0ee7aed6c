/**
 * The accounts of people whom the identity provider vouches for. A person is found by issuer and subject alone: names and
 * addresses can be given to somebody else, and the provider's user `admin` is not ours.
 */
import { createHash } from 'node:crypto'
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { changeAccount } from '../account-changes.ts'
import { foldUsername, isUsable, type Account } from '../accounts.ts'
import { refusedBy } from '../refused-rows.ts'
import { mayGoTogether } from '../roles.ts'
import { serveEveryQueue } from '../skills/agent-skills.ts'
import type { ProvidedPerson } from './provider.ts'
import { provideSkills } from './provided-skills.ts'
import { accountOfSubject, linkSubject, type Link } from './subjects.ts'

export type Provided =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly why: 'no role' | 'closed' | 'linked elsewhere' | 'session over' }

interface ProvidedBy {
  readonly employer: string
  /** The person is to be linked with this account first. */
  readonly link: Link | null
  /** False: a session is checked. */
  readonly isSignIn: boolean
}

/** The person's account with the roles that the provider gives now; made at the first sign-in. */
export async function providedAccount(
  db: Database,
  person: ProvidedPerson,
  { employer, link, isSignIn }: ProvidedBy,
): Promise<Provided> {
  if (person.roles.length === 0 || !mayGoTogether(person.roles)) return { ok: false, why: 'no role' }
  const linked = link === null ? 'linked' : await linkSubject(db, link, person)
  if (linked !== 'linked') return { ok: false, why: linked }
  const account = (await accountOfSubject(db, person)) ?? (await makeAccount(db, person, employer))
  if (account === null || account.closedAt !== null) return { ok: false, why: 'closed' }
  const { name, employer: present } = account
  const changed = await changeAccount(db, account.id, { name, employer: present, roles: person.roles }, null)
  if (!changed.ok) return { ok: false, why: changed.why === 'account closed' ? 'closed' : 'no role' }
  if (changed.account.roles.includes('agent'))
    await (person.skills === null
      ? serveEveryQueue(db, account.id)
      : provideSkills(db, account.id, person.skills, isSignIn))
  return { ok: true, account: changed.account }
}

/** Null: the employer's contract has ended. */
async function makeAccount(db: Database, person: ProvidedPerson, employer: string): Promise<Account | null> {
  const { issuer, subject, roles } = person
  try {
    await db.transaction().execute(async (trx) => {
      const id = await freeUsername(trx, person)
      const name = (person.name ?? person.username ?? subject).normalize('NFC').trim().slice(0, 100)
      await trx
        .insertInto('account_versions')
        .values({ account: id, name, employer, roles: [...roles], closed: false, by: null })
        .execute()
      await trx.insertInto('account_subjects').values({ account: id, issuer, subject }).execute()
    })
  } catch (error) {
    if (refusedBy(error, 'employer_has_contract')) return null
    // Two first sign-ins of one person at once: the other one has made the account.
    if (!refusedBy(error, 'account_subjects_issuer_subject_key')) throw error
  }
  return accountOfSubject(db, person)
}

/** The provider's username if it is free and can be a SIP user; else one that follows from the subject. */
async function freeUsername(trx: Database, { issuer, subject, username }: ProvidedPerson): Promise<AgentId> {
  const own = foldUsername(username ?? '').split('@')[0] ?? ''
  const made = `u${createHash('sha256').update(`${issuer} ${subject}`).digest('hex').slice(0, 16)}`
  for (const wanted of isUsable(own) ? [own, made] : [made]) {
    const added = await trx
      .insertInto('accounts')
      .values({ username: wanted })
      .onConflict((conflict) => conflict.column('username').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added !== undefined) return added.id
  }
  throw new Error(`the username ${made} is taken`)
}
