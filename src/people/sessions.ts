/** Sign-in sessions. Only the browser has the token; the database keeps its digest. */
import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../ledger/database.ts'
import type { Account } from './accounts.ts'

/** Lifetime of a session in hours: a working day with an hour to spare. */
export const sessionHoursMax = 13

export async function openSession(db: Database, account: Account): Promise<{ token: string }> {
  const token = randomBytes(32).toString('base64url')
  await db
    .insertInto('sessions')
    .values({ token_digest: digestOf(token), account: account.id })
    .execute()
  return { token }
}

/** Null when the token is unknown, revoked or expired, or its account is closed. */
export async function accountOfSession(db: Database, token: string): Promise<Account | null> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('current_accounts as a', 'a.id', 'sessions.account')
    .select(['a.id', 'a.username', 'a.name', 'a.roles', 'a.employer', 'a.closed_at as closedAt'])
    .where('sessions.token_digest', '=', digestOf(token))
    .where('sessions.recorded_at', '>', sql<number>`now() - make_interval(hours => ${sessionHoursMax})`)
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
  return row ?? null
}

/** Idempotent, also for an unknown token. */
export async function revokeSession(db: Database, token: string): Promise<void> {
  const digest = digestOf(token)
  await db
    .insertInto('session_ends')
    .columns(['token_digest'])
    .expression((eb) => eb.selectFrom('sessions').select('token_digest').where('token_digest', '=', digest))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** The database's key of a session; it does not reveal the token. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest()
}
