/** Accounts: username, roles, employer, password. Every change is a new row. */
import { AgentId, type Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import type { Turn } from './passwords/digests.ts'
import { hashPassword, unmatchableHash, passwordMatches } from './passwords/hash.ts'
import { refusedBy } from './refused-rows.ts'
import { mayGoTogether, type Role } from './roles.ts'
import { giveSkills, serveEveryQueue } from './skills/agent-skills.ts'

export interface Account {
  /** Also the agent's id. */
  readonly id: AgentId
  readonly username: string
  readonly name: string
  readonly roles: Role[]
  readonly employer: string
  /** Null while the account is open. */
  readonly closedAt: Millis | null
}

export interface NewAccount {
  readonly username: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly employer: string
  /** Of the demo and of tests. People set their own with an activation code (`activations.ts`). */
  readonly password?: string
  /** The administrator; null from the command line. */
  readonly by?: AgentId | null
  /** Skill → level, or every queue at its least level. Absent: none yet. */
  readonly skills?: ReadonlyMap<string, number> | 'every queue'
}

export interface Authenticated {
  readonly account: Account
  /** The row of the password that was checked. */
  readonly password: number
  readonly passwordAt: Millis
}

/**
 * The open account with this username and password, else null. Takes the same time for an unknown name as for a wrong
 * password. `throttle.ts` slows repeated failures down. @throws {TooManyDigests}
 */
export async function authenticate(
  db: Database,
  username: string,
  password: string,
  turn: Turn = 'later',
): Promise<Authenticated | null> {
  const account = await findAccount(db, 'username', foldUsername(username))
  // For unknown names too, so that the queries take the same time.
  const current = await currentPassword(db, account?.id ?? AgentId(''))
  const matches = await passwordMatches(password, current?.hash ?? unmatchableHash, turn)
  if (account === null || current === null || !matches) return null
  return account.closedAt === null ? { account, password: current.id, passwordAt: current.at } : null
}

/** Open or closed; null when there is none. */
export function accountById(db: Database, id: AgentId): Promise<Account | null> {
  return findAccount(db, 'id', id)
}

export function accountByUsername(db: Database, username: string): Promise<Account | null> {
  return findAccount(db, 'username', foldUsername(username))
}

/** By username, closed accounts included. */
export async function listAccounts(db: Database): Promise<Account[]> {
  const rows = await db.selectFrom('current_accounts').selectAll().orderBy('username').execute()
  return rows.map(({ closed_at, ...row }) => ({ ...row, closedAt: closed_at }))
}

export type Added =
  | { readonly ok: true; readonly account: Account }
  | {
      readonly ok: false
      readonly why: 'username taken' | 'username not usable' | 'roles not together' | 'contract ended'
    }

/** `hash` replaces `hashPassword` in tests that add many accounts. */
export async function addAccount(
  db: Database,
  account: NewAccount,
  hash: (password: string) => Promise<string> = hashPassword,
): Promise<Added> {
  const username = foldUsername(account.username)
  if (!isUsable(username)) return { ok: false, why: 'username not usable' }
  if (!mayGoTogether(account.roles)) return { ok: false, why: 'roles not together' }
  const hashed = account.password === undefined ? null : await hash(account.password)
  try {
    return await db.transaction().execute((trx) => insertAccount(trx, { ...account, username }, hashed))
  } catch (error) {
    if (refusedBy(error, 'employer_has_contract')) return { ok: false, why: 'contract ended' }
    throw error
  }
}

/** As `addAccount`, without a password, in a transaction. Refusals of the database are thrown. */
export async function addAccountIn(trx: Database, account: Omit<NewAccount, 'password'>): Promise<Added> {
  const username = foldUsername(account.username)
  if (!isUsable(username)) return { ok: false, why: 'username not usable' }
  if (!mayGoTogether(account.roles)) return { ok: false, why: 'roles not together' }
  return insertAccount(trx, { ...account, username }, null)
}

async function insertAccount(trx: Database, account: NewAccount, hash: string | null): Promise<Added> {
  const { username, name, employer, by = null, skills } = account
  const added = await trx
    .insertInto('accounts')
    .values({ username })
    .onConflict((conflict) => conflict.column('username').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (added === undefined) return { ok: false, why: 'username taken' }
  const roles = [...account.roles]
  await trx
    .insertInto('account_versions')
    .values({ account: added.id, name, employer, roles, closed: false, by })
    .execute()
  if (hash !== null) await insertPassword(trx, added.id, hash)
  if (skills === 'every queue') await serveEveryQueue(trx, added.id, by)
  else if (skills !== undefined) await giveSkills(trx, added.id, skills, by)
  return { ok: true, account: { id: added.id, username, name, roles, employer, closedAt: null } }
}

/** Closes an account; its sessions end. */
export async function closeAccount(
  db: Database,
  id: AgentId,
  by: AgentId | null,
): Promise<'closed' | 'was closed' | 'unknown account'> {
  const account = await accountById(db, id)
  if (account === null) return 'unknown account'
  if (account.closedAt !== null) return 'was closed'
  const { name, employer, roles } = account
  await db
    .insertInto('account_versions')
    .values({ account: id, name, employer, roles, closed: true, by })
    .execute()
  return 'closed'
}

export async function insertPassword(db: Database, account: AgentId, hash: string): Promise<void> {
  await db.insertInto('account_passwords').values({ account, hash }).execute()
}

/** The username is also the desk phone's SIP user, and `<username>-web` the browser phone's. */
export function isUsable(username: string): boolean {
  const taken = ['trunk', 'anonymous', 'global', 'system']
  return /^[a-z][a-z0-9._-]{1,39}$/.test(username) && !username.endsWith('-web') && !taken.includes(username)
}

export function foldUsername(username: string): string {
  return username.normalize('NFKC').trim().toLowerCase()
}

async function findAccount(db: Database, by: 'id' | 'username', value: string): Promise<Account | null> {
  // PostgreSQL rejects NUL in text with an error; no account has such a name.
  if (value.includes('\u0000')) return null
  const row = await db
    .selectFrom('current_accounts')
    .selectAll()
    .where((eb) => eb(eb.cast<string>(by, 'text'), '=', value))
    .executeTakeFirst()
  if (row === undefined) return null
  const { closed_at, ...account } = row
  return { ...account, closedAt: closed_at }
}

/** Null: there is none, or the account awaits its activation. */
export async function currentPassword(
  db: Database,
  account: AgentId,
): Promise<{ readonly id: number; readonly hash: string; readonly at: Millis } | null> {
  const row = await db
    .selectFrom('account_access')
    .innerJoin('account_passwords', 'account_passwords.id', 'account_access.password')
    .select(['account_passwords.id', 'hash', 'account_passwords.recorded_at as at'])
    .where('account_access.account', '=', account)
    .where('awaits_activation', '=', false)
    .executeTakeFirst()
  return row ?? null
}
