/**
 * Challenges are random values that a sign-in answers: of a passkey, or of the identity provider's redirect. The browser
 * keeps the open ones in a sealed cookie, so that strangers fill no table; only an answered one is recorded, so that
 * it is accepted once.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Database } from '../../ledger/database.ts'

/** How long a challenge can be answered: the time to find one's phone. */
export const challengeMs = 5 * 60_000

/** False: it was answered before. */
export async function spendChallenge(db: Database, challenge: string): Promise<boolean> {
  await db
    .deleteFrom('spent_challenges')
    .where('spent_at', '<', sql<number>`now() - make_interval(secs => ${(2 * challengeMs) / 1_000})`)
    .execute()
  const spent = await db
    .insertInto('spent_challenges')
    .values({ digest: createHash('sha256').update(challenge).digest() })
    .onConflict((conflict) => conflict.doNothing())
    .returning('digest')
    .executeTakeFirst()
  return spent !== undefined
}
