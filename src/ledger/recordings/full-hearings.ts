/** Hearing a recording with the identity check in it: the auditor's, with a reason, on record before the first byte. */
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Stretch } from '../../city/identity/silence.ts'
import { openCheckMs } from '../../city/identity/silence.ts'
import { time, type Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'

/** `opening`: the player's random name for it, by which its requests are known. The same again changes nothing. */
export async function addFullHearing(
  db: Database,
  hearing: {
    readonly opening: string
    readonly call: CallId
    readonly account: AgentId
    readonly reason: string
  },
): Promise<void> {
  const { opening, call, account } = hearing
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('full_hearings')
      .values({ ...hearing })
      .onConflict((conflict) => conflict.column('opening').doNothing())
      .execute()
    // The reason stands in the register: it may name somebody, and a look never does.
    await recordAccess(trx, {
      kind: 'hearing',
      account,
      call: null,
      about: `${call} whole ${opening}`,
      person: null,
      query: null,
    })
  })
}

/** Whether this opening of this account may hear all of it. */
export async function isFullHearing(
  db: Database,
  hearing: {
    readonly opening: string
    readonly call: CallId
    readonly account: AgentId
    readonly since: Millis
  },
): Promise<boolean> {
  const row = await db
    .selectFrom('full_hearings')
    .select('opening')
    .where('opening', '=', hearing.opening)
    .where('call', '=', hearing.call)
    .where('account', '=', hearing.account)
    .where('recorded_at', '>', time(hearing.since))
    .executeTakeFirst()
  return row !== undefined
}

/**
 * When somebody was proving who he is in this call: from the first word that the agent typed for a search, to the
 * verdict. Questions that nobody answered count for a while.
 */
export async function checkStretches(db: Database, call: CallId): Promise<Stretch[]> {
  const searches = await db
    .selectFrom('identity_searches as s')
    .select(['s.began_at as startedAt', 's.recorded_at as endedAt'])
    .where('s.call', '=', call)
    .execute()
  const sets = await db
    .selectFrom('identity_checks as c')
    .leftJoin('identity_verdicts as v', 'v.check_id', 'c.id')
    .select(['c.recorded_at as askedAt', 'v.recorded_at as judgedAt'])
    .where('c.call', '=', call)
    .execute()
  return [
    ...searches,
    ...sets.map(({ askedAt, judgedAt }) => ({
      startedAt: askedAt,
      endedAt: judgedAt ?? askedAt + openCheckMs,
    })),
  ]
}
