/** Sign-in sessions. Only the browser has the token; the database keeps its digest. */
import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { AgentId, Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import type { Account } from './accounts.ts'
import { newPhoneSecret } from './phone-epochs.ts'
import type { SignInMethod } from './sign-in-method.ts'

/** Lifetime of a session in hours: a working day with an hour to spare. */
export const sessionHoursMax = 13

/** Open sessions of one account: whoever signs in again and again ends the oldest. */
export const sessionsPerAccountMax = 50

const openSince = sql<number>`now() - make_interval(hours => ${sessionHoursMax})`

export interface NewSession {
  readonly account: AgentId
  readonly method: SignInMethod
  /** The row of the password that was checked: it must still be the valid one. Null: no password was checked. */
  readonly password?: number | null
  /** The token of the session that it replaces: it must still be open. */
  readonly replaces?: string | null
  /** Writes rows of the session in the same transaction. */
  readonly withSession?: (trx: Database, token: string) => Promise<void>
}

/** The only place where sessions are made. Null: the account was reset or closed meanwhile. */
export async function openSession(
  db: Database,
  { account, method, password = null, replaces = null, withSession }: NewSession,
): Promise<{ token: string } | null> {
  const token = randomBytes(32).toString('base64url')
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, account)
    const access = await trx
      .selectFrom('account_access')
      .innerJoin('current_accounts', 'current_accounts.id', 'account_access.account')
      .select(['account_access.password', 'awaits_activation as awaitsActivation'])
      .where('account', '=', account)
      .where('closed_at', 'is', null)
      .executeTakeFirst()
    // An identity provider answers for its people, whatever became of an activation code.
    if (access === undefined || (access.awaitsActivation && method !== 'oidc')) return null
    if (password !== null && access.password !== password) return null
    if (replaces !== null && (await sessionOf(trx, replaces))?.account.id !== account) return null
    await trx
      .insertInto('sessions')
      .values({ token_digest: digestOf(token), account, method })
      .execute()
    await endOldest(trx, account)
    await withSession?.(trx, token)
    return { token }
  })
}

async function endOldest(trx: Database, account: AgentId): Promise<void> {
  const ended = await trx
    .insertInto('session_ends')
    .columns(['token_digest'])
    .expression((eb) =>
      eb
        .selectFrom('sessions')
        .select('sessions.token_digest')
        .leftJoin('session_ends', 'session_ends.token_digest', 'sessions.token_digest')
        .where('session_ends.token_digest', 'is', null)
        .where('account', '=', account)
        .where('sessions.recorded_at', '>', openSince)
        .orderBy('sessions.recorded_at', 'desc')
        .offset(sessionsPerAccountMax),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  // Heard by every node when the transaction commits (`Sessions.accountChanged`).
  if (ended.numInsertedOrUpdatedRows) await sql`select pg_notify('accounts', ${account})`.execute(trx)
}

/**
 * Held by a transaction that opens sessions of an account, ends all of them, or changes its credentials: a session
 * that is opened meanwhile with the old credentials is either ended with the others or refused.
 */
export async function lockAccess(trx: Database, account: AgentId): Promise<void> {
  await sql`select pg_advisory_xact_lock(969023, hashtext(${account}))`.execute(trx)
}

/** As `lockAccess`, of several accounts: always in one order, so that two transactions cannot wait for each other. */
export async function lockAccesses(trx: Database, accounts: readonly AgentId[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(969023, key)
    from (select distinct hashtext(id) as key from unnest(${[...accounts]}::text[]) id order by key) keys`.execute(
    trx,
  )
}

/** Ends all sessions of an account, on all nodes, except that of `keep` (a token). Call it inside a transaction. */
export async function endSessionsOf(
  trx: Database,
  account: AgentId,
  { keep = null }: { readonly keep?: string | null } = {},
): Promise<void> {
  await lockAccess(trx, account)
  await trx
    .insertInto('session_ends')
    .columns(['token_digest'])
    .expression((eb) => {
      const all = eb.selectFrom('sessions').select('token_digest').where('account', '=', account)
      return keep === null ? all : all.where('token_digest', '<>', digestOf(keep))
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await newPhoneSecret(trx, account, 'web')
  // Heard by every node when the transaction commits (`Sessions.accountChanged`).
  await sql`select pg_notify('accounts', ${account})`.execute(trx)
}

export interface OpenSession {
  readonly account: Account
  /** Null: opened before methods were kept. */
  readonly method: SignInMethod | null
  readonly openedAt: Millis
}

/** Null when the token is unknown, revoked or expired, or its account is closed. */
export async function accountOfSession(db: Database, token: string): Promise<Account | null> {
  return (await sessionOf(db, token))?.account ?? null
}

/** Null as for `accountOfSession`. */
export function sessionOf(db: Database, token: string): Promise<OpenSession | null> {
  return sessionWith(db, digestOf(token))
}

/**
 * Does the work in a transaction during which the account is not reset, if its session (a digest) is open. A request is
 * authenticated before its body has arrived, and a browser may come back from elsewhere: both can be later than a reset.
 */
export function inOpenSession<T>(
  db: Database,
  { account, session }: { readonly account: AgentId; readonly session: Buffer },
  work: (trx: Database) => Promise<T>,
): Promise<T | 'session over'> {
  return db.transaction().execute(async (trx): Promise<T | 'session over'> => {
    await lockAccess(trx, account)
    const open = await sessionWith(trx, session)
    return open?.account.id === account ? work(trx) : 'session over'
  })
}

async function sessionWith(db: Database, digest: Buffer): Promise<OpenSession | null> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('current_accounts as a', 'a.id', 'sessions.account')
    .select(['a.id', 'a.username', 'a.name', 'a.roles', 'a.employer', 'a.closed_at as closedAt'])
    .select(['sessions.method', 'sessions.recorded_at as openedAt'])
    .where('sessions.token_digest', '=', digest)
    .where('sessions.recorded_at', '>', openSince)
    .where('a.closed_at', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('session_ends')
            .select('session_ends.token_digest')
            .whereRef('session_ends.token_digest', '=', 'sessions.token_digest'),
        ),
      ),
    )
    .executeTakeFirst()
  if (row === undefined) return null
  const { method, openedAt, ...account } = row
  return { account, method, openedAt }
}

/**
 * The account of a session that has ended by time or by its owner's doing, for the call that is still going on. Null
 * for an unknown token, for an account that was closed, and where the account was reset since the session began: those
 * end everything at once.
 */
export async function accountOfEndedSession(db: Database, token: string): Promise<AgentId | null> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('current_accounts as a', 'a.id', 'sessions.account')
    .innerJoin('account_access', 'account_access.account', 'sessions.account')
    .select('a.id')
    .where('sessions.token_digest', '=', digestOf(token))
    .where('sessions.recorded_at', '>', sql<number>`now() - make_interval(hours => ${2 * sessionHoursMax})`)
    .where('a.closed_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('account_access.issued_at', 'is', null),
        eb('account_access.issued_at', '<', eb.ref('sessions.recorded_at')),
      ]),
    )
    .executeTakeFirst()
  return row?.id ?? null
}

/** The browser phone's secret ends as well. Idempotent, also for an unknown token. */
export async function revokeSession(db: Database, token: string): Promise<void> {
  const digest = digestOf(token)
  await db.transaction().execute(async (trx) => {
    const session = await trx
      .selectFrom('sessions')
      .select('account')
      .where('token_digest', '=', digest)
      .executeTakeFirst()
    if (session === undefined) return
    const ended = await trx
      .insertInto('session_ends')
      .values({ token_digest: digest })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (ended.numInsertedOrUpdatedRows === 1n) await newPhoneSecret(trx, session.account, 'web')
  })
}

/** The database's key of a session; it does not reveal the token. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
