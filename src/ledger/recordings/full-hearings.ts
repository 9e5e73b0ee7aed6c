/** Hearings of a recording without silencing its identity check: for the auditor, with a reason, recorded first. */
import { sql } from 'kysely'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Stretch } from '../../city/identity/silence.ts'
import { openCheckMs } from '../../city/identity/silence.ts'
import { time, type Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'
import { addObligatoryText } from '../retention/free-texts.ts'

/** `opening`: random id of one playback, which all its requests carry. Idempotent. */
export async function addFullHearing(
  db: Database,
  hearing: {
    readonly opening: string
    readonly call: CallId
    readonly account: AgentId
    readonly reason: string
  },
): Promise<void> {
  const { opening, call, account, reason } = hearing
  await db.transaction().execute(async (trx) => {
    // One at a time: the text of a repetition would be stored without a row.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`hearing ${opening}`}, 0))`.execute(trx)
    const known = await trx
      .selectFrom('full_hearings')
      .select('opening')
      .where('opening', '=', opening)
      .executeTakeFirst()
    if (known === undefined) {
      const reason_digest = await addObligatoryText(trx, reason)
      await trx.insertInto('full_hearings').values({ opening, call, account, reason_digest }).execute()
    }
    // The reason is not in the access log: it may name a person, and an entry of the journal never ends.
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

/** Whether this playback by this account may include the identity check. */
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
 * The stretches of a call in which an identity check ran: from the first character of the agent's search to the
 * verdict. A set of questions without a verdict counts for a limited time.
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
