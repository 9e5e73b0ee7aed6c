/**
 * Tokens with which other programs use the API in the name of an account. The program alone has the secret; the database
 * keeps its digest, by which it is found, so that no comparison of a token's characters can be timed. An administrator
 * enters a token without a secret; the person in whose name it asks accepts it, and the secret is made then.
 */
import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { accountById, type Account } from '../accounts.ts'
import { mayDecide } from '../account-changes.ts'
import { requestsPerMinute, scopes, type Scope } from './scopes.ts'
import { digestOf, lockAccess } from '../sessions.ts'

/** Ended and expired ones in a list; the open ones are all in it. */
const overMax = 500
/** The last use is written at most so often. */
const useEveryMs = 60_000

/** A token's shape tells it apart from a session's, which is never accepted in its place. */
export const isProgramToken = (token: string): boolean => /^lin_[A-Za-z0-9_-]{43}$/.test(token)

export interface NewToken {
  readonly program: string
  readonly account: AgentId
  readonly scopes: readonly Scope[]
  readonly days: number
  /** Default: the usual one. */
  readonly perMinute?: number
}

export type TokenEntered =
  | { readonly ok: true; readonly id: number }
  | { readonly ok: false; readonly why: 'not allowed' | 'unknown account' }

/** It has no secret yet and opens nothing. `by`: the administrator. */
export function enterToken(db: Database, entered: NewToken, by: AgentId): Promise<TokenEntered> {
  const { program, account, scopes: rights, days, perMinute = requestsPerMinute.usual } = entered
  return db.transaction().execute(async (trx): Promise<TokenEntered> => {
    if (!(await mayDecide(trx, by, ['administrator'], [account]))) return { ok: false, why: 'not allowed' }
    const person = await accountById(trx, account)
    if (person === null || person.closedAt !== null) return { ok: false, why: 'unknown account' }
    const expires_at = sql<Date>`now() + make_interval(days => ${days})`
    const { id } = await trx
      .insertInto('program_tokens')
      .values({ program, account, scopes: [...rights], requests_per_minute: perMinute, expires_at, by })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { ok: true, id }
  })
}

export type TokenAccepted =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly why: 'no such token' | 'accepted before' }

/** By the person in whose name it asks. The secret is in this answer alone. */
export function acceptToken(db: Database, id: number, account: AgentId): Promise<TokenAccepted> {
  const token = `lin_${randomBytes(32).toString('base64url')}`
  return db.transaction().execute(async (trx): Promise<TokenAccepted> => {
    // Nobody changes the roles, or accepts it as well, until this is saved.
    await lockAccess(trx, account)
    const [entry] = await tokensOf(trx, account)
      .where('token.id', '=', id)
      .where(sql<boolean>`not (${isOver})`)
      .execute()
    if (entry === undefined) return { ok: false, why: 'no such token' }
    if (entry.acceptedAt !== null) return { ok: false, why: 'accepted before' }
    await trx
      .insertInto('program_token_acceptances')
      .columns(['token', 'account_version', 'token_digest'])
      .expression((eb) =>
        eb
          .selectFrom('account_versions')
          .select((one) => [one.val(id).as('token'), 'id', one.val(digestOf(token)).as('digest')])
          .where('account', '=', account)
          .orderBy('id', 'desc')
          .limit(1),
      )
      .execute()
    return { ok: true, token }
  })
}

/**
 * By an administrator or the person in whose name it asks. The digests of its secrets, for those who keep them in memory;
 * null: no such token for this account. Idempotent.
 */
export function endToken(db: Database, id: number, by: AgentId): Promise<readonly Buffer[] | null> {
  return db.transaction().execute(async (trx) => {
    const decides = await mayDecide(trx, by, ['administrator'], [])
    const row = await trx
      .selectFrom('program_tokens')
      .select('account')
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined || !(decides || row.account === by)) return null
    await trx
      .insertInto('program_token_ends')
      .values({ token: id, by })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const accepted = await trx
      .selectFrom('program_token_acceptances')
      .select('token_digest as digest')
      .where('token', '=', id)
      .execute()
    return accepted.map(({ digest }) => digest)
  })
}

/**
 * Ends the tokens in the name of an account, accepted or not, unless their term is over. `by` null: the command line.
 * Call it inside a transaction, after `endSessionsOf`, which tells the nodes.
 */
export async function endTokensOf(trx: Database, account: AgentId, by: AgentId | null): Promise<void> {
  await trx
    .insertInto('program_token_ends')
    .columns(['token', 'by'])
    .expression((eb) =>
      eb
        .selectFrom('program_tokens')
        .select((one) => ['id', one.val(by).as('by')])
        .where('account', '=', account)
        .where('expires_at', '>', sql<number>`now()`),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export interface ProgramToken {
  readonly id: number
  readonly program: string
  readonly account: { readonly id: AgentId; readonly name: string }
  readonly scopes: readonly Scope[]
  readonly perMinute: number
  readonly madeAt: Millis
  readonly madeBy: string
  readonly expiresAt: Millis
  /** Null: never, or within the last minute for the first time. */
  readonly lastUsedAt: Millis | null
  /** By the person; null: not yet, or their roles have changed since. It opens nothing then. */
  readonly acceptedAt: Millis | null
  readonly endedAt: Millis | null
  /** The account is closed: the token opens nothing. */
  readonly accountClosed: boolean
}

const isOver = sql<boolean>`ended.token is not null or token.expires_at <= now() or a.closed_at is not null`

/** The open ones first, then the last ones that are over; newest first. `account`: in the name of one account. */
export async function listTokens(
  db: Database,
  account: AgentId | null = null,
): Promise<readonly ProgramToken[]> {
  const open = await tokensOf(db, account)
    .where(sql<boolean>`not (${isOver})`)
    .execute()
  const over = await tokensOf(db, account).where(isOver).limit(overMax).execute()
  return [...open, ...over].map(({ accountId, accountName, closedAt, ...row }) => ({
    ...row,
    scopes: known(row.scopes),
    perMinute: row.perMinute ?? requestsPerMinute.usual,
    account: { id: accountId, name: accountName },
    accountClosed: closedAt !== null,
  }))
}

/** Whether no later version of the account has other roles than at the acceptance, also if they were changed back. */
const keepsRoles = sql<boolean>`not exists (
  select from account_versions was join account_versions later on later.account = was.account and later.id > was.id
  where was.id = accepted.account_version and not (later.roles @> was.roles and later.roles <@ was.roles))`

function tokensOf(db: Database, account: AgentId | null) {
  return db
    .selectFrom('program_tokens as token')
    .innerJoin('current_accounts as a', 'a.id', 'token.account')
    .innerJoin('current_accounts as maker', 'maker.id', 'token.by')
    .leftJoin('program_token_ends as ended', 'ended.token', 'token.id')
    .leftJoin('program_token_acceptances as accepted', (join) =>
      join.onRef('accepted.token', '=', 'token.id').on(keepsRoles),
    )
    .leftJoin('program_token_uses as used', 'used.token', 'token.id')
    .select(['token.id', 'token.program', 'token.scopes', 'token.expires_at as expiresAt'])
    .select('token.requests_per_minute as perMinute')
    .select(['token.recorded_at as madeAt', 'maker.name as madeBy', 'ended.recorded_at as endedAt'])
    .select(['a.id as accountId', 'a.name as accountName', 'a.closed_at as closedAt'])
    .select(['used.last_at as lastUsedAt', 'accepted.recorded_at as acceptedAt'])
    .$if(account !== null, (query) => query.where('token.account', '=', account ?? ('' as AgentId)))
    .orderBy('token.id', 'desc')
}

export interface OpenProgram {
  readonly account: Account
  readonly id: number
  readonly program: string
  readonly scopes: readonly Scope[]
  readonly perMinute: number
  readonly madeAt: Millis
  readonly expiresAt: Millis
}

/** Null when the token is unknown, void, ended or expired, or its account is closed. Its use is noted. */
export async function programOf(db: Database, token: string): Promise<OpenProgram | null> {
  const row = await db
    .selectFrom('program_token_acceptances as accepted')
    .innerJoin('program_tokens as token', 'token.id', 'accepted.token')
    .innerJoin('current_accounts as a', 'a.id', 'token.account')
    .leftJoin('program_token_ends as ended', 'ended.token', 'token.id')
    .select(['a.id', 'a.username', 'a.name', 'a.roles', 'a.employer', 'a.closed_at as closedAt'])
    .select(['token.id as tokenId', 'token.program', 'token.scopes', 'accepted.recorded_at as madeAt'])
    .select(['token.expires_at as expiresAt', 'token.requests_per_minute as perMinute'])
    .where('accepted.token_digest', '=', digestOf(token))
    .where(keepsRoles)
    .where(sql<boolean>`not (${isOver})`)
    .executeTakeFirst()
  if (row === undefined) return null
  const { tokenId: id, program, scopes: kept, perMinute, madeAt, expiresAt, ...account } = row
  await noteUse(db, id)
  const rate = perMinute ?? requestsPerMinute.usual
  return { account, id, program, scopes: known(kept), perMinute: rate, madeAt, expiresAt }
}

async function noteUse(db: Database, id: number): Promise<void> {
  await sql`
    insert into program_token_uses as used (token, last_at) values (${id}, clock_timestamp())
    on conflict (token) do update set last_at = excluded.last_at
    where used.last_at < excluded.last_at - ${useEveryMs} * interval '1 ms'`.execute(db)
}

/** A scope of another release opens nothing. */
const known = (kept: readonly string[]): readonly Scope[] => scopes.filter((scope) => kept.includes(scope))
