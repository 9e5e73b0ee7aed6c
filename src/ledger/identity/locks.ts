/** Locks of a taxpayer's telephone channel: set after failed identity checks, removed by a supervisor. */
import { sql } from 'kysely'
import type { Judged } from '../../city/identity/lock.ts'
import type { CheckId } from '../../city/identity/standing.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

interface Named {
  readonly id: AgentId
  readonly name: string
}

export interface Lock {
  /** The number that the agent gives to the supervisor. */
  readonly id: number
  readonly lockedAt: Millis
}

export interface FailedCall {
  readonly call: CallId
  readonly at: Millis
  /** The agent who made the check. */
  readonly agent: Named
  /** The calling number; null when withheld. */
  readonly caller: string | null
}

export interface LockRow extends Lock {
  /** Failed calls of the 24 hours before the lock, after the unlock before it; oldest first. */
  readonly calls: readonly FailedCall[]
  readonly unlocked: { readonly at: Millis; readonly by: Named; readonly reason: string } | null
}

/** The lock in force; null while the channel is open. */
export async function lockOf(db: Database, person: string): Promise<Lock | null> {
  const row = await db
    .selectFrom('identity_locks as l')
    .leftJoin('identity_unlocks as u', 'u.lock', 'l.id')
    .select(['l.id', 'l.recorded_at as lockedAt'])
    .where('l.person', '=', person)
    .where('u.lock', 'is', null)
    .orderBy('l.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** When the channel was last unlocked: earlier failures no longer count. Null: never. */
export async function lastUnlocked(db: Database, person: string): Promise<Millis | null> {
  const row = await db
    .selectFrom('identity_unlocks as u')
    .innerJoin('identity_locks as l', 'l.id', 'u.lock')
    .select('u.recorded_at as at')
    .where('l.person', '=', person)
    .orderBy('l.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

/** Verdicts about this person after `since`; void ones are left out. */
export async function judgedSince(db: Database, person: string, since: Millis): Promise<Judged[]> {
  const rows = await db
    .selectFrom('identity_checks as c')
    .innerJoin('identity_verdicts as v', 'v.check_id', 'c.id')
    .select(['c.call', 'v.verdict', 'v.recorded_at as at'])
    .where('c.person', '=', person)
    .where('c.recorded_at', '>', time(since))
    .where('v.verdict', 'in', ['passed', 'failed'])
    .execute()
  return rows.map(({ call, verdict, at }) => ({ call, at, passed: verdict === 'passed' }))
}

export async function addLock(
  db: Database,
  { person, check }: { readonly person: string; readonly check: CheckId },
): Promise<void> {
  await db.insertInto('identity_locks').values({ person, check_id: check }).execute()
}

/** `not locked`: there is no such lock, or it was unlocked before. */
export async function unlock(
  db: Database,
  opened: { readonly lock: number; readonly account: AgentId; readonly reason: string },
): Promise<'unlocked' | 'not locked'> {
  const known = await db
    .selectFrom('identity_locks')
    .select('id')
    .where('id', '=', opened.lock)
    .executeTakeFirst()
  if (known === undefined) return 'not locked'
  const added = await db
    .insertInto('identity_unlocks')
    .values(opened)
    .onConflict((conflict) => conflict.column('lock').doNothing())
    .executeTakeFirst()
  return added.numInsertedOrUpdatedRows === 1n ? 'unlocked' : 'not locked'
}

/** Locks in force first, then removed ones; each newest first. */
export async function locks(db: Database, limit: number): Promise<LockRow[]> {
  const rows = await db
    .selectFrom('identity_locks as l')
    .leftJoin('identity_unlocks as u', 'u.lock', 'l.id')
    .leftJoin('current_accounts as a', 'a.id', 'u.account')
    .select([
      'l.id',
      'l.person',
      'l.recorded_at as lockedAt',
      'u.recorded_at as unlockedAt',
      'u.reason',
      'a.id as by',
      'a.name',
      sql<Millis | null>`(select max(x.recorded_at) from identity_unlocks x join identity_locks p on p.id = x.lock
                          where p.person = l.person and p.id < l.id)`.as('openedBefore'),
    ])
    .orderBy(sql`u.lock is not null`)
    .orderBy('l.id', 'desc')
    .limit(limit)
    .execute()
  return Promise.all(
    rows.map(async ({ id, person, lockedAt, openedBefore, unlockedAt, by, name, reason }) => ({
      id,
      lockedAt,
      calls: await failedCalls(db, person, Math.max(lockedAt - dayMs, openedBefore ?? 0), lockedAt),
      unlocked:
        unlockedAt === null || by === null || name === null || reason === null
          ? null
          : { at: unlockedAt, by: { id: by, name }, reason },
    })),
  )
}

/** How many locks are in force. */
export async function closedLocks(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('identity_locks as l')
    .leftJoin('identity_unlocks as u', 'u.lock', 'l.id')
    .select(sql<number>`count(*)`.as('count'))
    .where('u.lock', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

const dayMs = 24 * 3_600_000
const failedCallsMax = 20

/** One row per call: its last failure. */
async function failedCalls(
  db: Database,
  person: string,
  since: Millis,
  until: Millis,
): Promise<FailedCall[]> {
  const rows = await db
    .selectFrom('identity_checks as c')
    .innerJoin('identity_verdicts as v', 'v.check_id', 'c.id')
    .innerJoin('current_accounts as a', 'a.id', 'v.agent')
    .leftJoin('callers', 'callers.call', 'c.call')
    .distinctOn('c.call')
    .select(['c.call', 'v.recorded_at as at', 'a.id', 'a.name', 'callers.number as caller'])
    .where('c.person', '=', person)
    .where('v.verdict', '=', 'failed')
    .where('v.recorded_at', '>', time(since))
    // The lock is written a moment after the failure that caused it, at times within the same millisecond.
    .where('v.recorded_at', '<', time(until + 1))
    .orderBy('c.call')
    .orderBy('v.recorded_at', 'desc')
    .limit(failedCallsMax)
    .execute()
  return rows
    .sort((one, other) => one.at - other.at)
    .map(({ call, at, id, name, caller }) => ({ call, at, agent: { id, name }, caller }))
}
