/** Locks of a taxpayer's telephone channel: set after failed identity checks, removed by a supervisor. */
import { sql } from 'kysely'
import { failedCalls, lockWindowMs, type Tried } from '../../city/identity/lock.ts'
import type { CheckId } from '../../city/identity/standing.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { addObligatoryText } from '../retention/free-texts.ts'

interface Named {
  readonly id: AgentId
  readonly name: string
}

export interface Lock {
  /** The number that the agent gives to the supervisor. */
  readonly id: number
  readonly lockedAt: Millis
  /** When the lock of one calling number ends by itself; null: the whole channel, until a supervisor unlocks it. */
  readonly until: Millis | null
}

export interface FailedCall {
  readonly call: CallId
  readonly at: Millis
  /** The agent in the call. */
  readonly agent: Named
  /** The calling number; null when withheld. */
  readonly caller: string | null
}

export interface LockRow extends Lock {
  /** Failed calls of the window before the lock, after the unlock before it; the newest ones, oldest first. */
  readonly calls: readonly FailedCall[]
  readonly unlocked: {
    readonly at: Millis
    readonly by: Named
    /** Empty when retention has deleted it. */
    readonly reason: string
  } | null
}

/** The lock in force for calls from this number, the channel's first; null while the channel is open to them. */
export async function lockOf(
  db: Database,
  person: string,
  bucket: string,
  now: Millis,
): Promise<Lock | null> {
  const row = await db
    .selectFrom('identity_locks as l')
    .leftJoin('identity_unlocks as u', 'u.lock', 'l.id')
    .select(['l.id', 'l.recorded_at as lockedAt', 'l.until'])
    .where('l.person', '=', person)
    .where('u.lock', 'is', null)
    .where((eb) =>
      eb.or([
        eb('l.bucket', 'is', null),
        eb.and([eb('l.bucket', '=', bucket), eb('l.until', '>', time(now))]),
      ]),
    )
    .orderBy(sql`l.bucket is not null`)
    .orderBy('l.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ?? null
}

/** When the channel, or the number, was last unlocked: earlier failures no longer count for it. Null: never. */
export async function lastUnlocked(
  db: Database,
  person: string,
  bucket: string | null,
): Promise<Millis | null> {
  const row = await db
    .selectFrom('identity_unlocks as u')
    .innerJoin('identity_locks as l', 'l.id', 'u.lock')
    .select('u.recorded_at as at')
    .where('l.person', '=', person)
    .where('l.bucket', bucket === null ? 'is' : '=', bucket)
    .orderBy('u.recorded_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

/** Verdicts and searches about this person after `since`; void verdicts are left out. */
export async function triedSince(db: Database, person: string, since: Millis): Promise<Tried[]> {
  const [verdicts, searches] = await Promise.all([
    db
      .selectFrom('identity_checks as c')
      .innerJoin('identity_verdicts as v', 'v.check_id', 'c.id')
      .innerJoin('identity_searches as s', 's.id', 'c.search')
      .select(['c.call', 's.bucket', 'v.verdict', 'v.recorded_at as at'])
      .where('c.person', '=', person)
      .where('c.recorded_at', '>', time(since))
      .where('v.verdict', 'in', ['passed', 'failed'])
      .execute(),
    db
      .selectFrom('identity_searches')
      .select(['call', 'bucket', 'taxpayer', 'recorded_at as at'])
      .where('person', '=', person)
      .where('recorded_at', '>', time(since))
      .execute(),
  ])
  return [
    ...verdicts.map(({ call, bucket, verdict, at }) => ({
      call,
      bucket,
      what: verdict === 'passed' ? ('passed' as const) : ('failed' as const),
      at,
    })),
    ...searches.map(({ call, bucket, taxpayer, at }) => ({
      call,
      bucket,
      what: taxpayer === null ? ('fruitless' as const) : ('found' as const),
      at,
    })),
  ]
}

/** `check`: the failure that caused it; null: searches without a match did. */
export async function lockChannel(
  db: Database,
  { person, check }: { readonly person: string; readonly check: CheckId | null },
): Promise<void> {
  await db
    .insertInto('identity_locks')
    .values({ person, check_id: check, bucket: null, until: null })
    .execute()
}

/** For calls from one number, until it ends by itself. */
export async function lockNumber(
  db: Database,
  { person, bucket, until }: { readonly person: string; readonly bucket: string; readonly until: Millis },
): Promise<void> {
  await db
    .insertInto('identity_locks')
    .values({ person, check_id: null, bucket, until: new Date(until) })
    .execute()
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
  const { lock, account, reason } = opened
  return db.transaction().execute(async (trx) => {
    // One unlocking at a time: the text of a second one would be stored without a row.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`unlock ${lock}`}, 0))`.execute(trx)
    const unlocked = await trx
      .selectFrom('identity_unlocks')
      .select('lock')
      .where('lock', '=', lock)
      .executeTakeFirst()
    if (unlocked !== undefined) return 'not locked'
    const reason_digest = await addObligatoryText(trx, reason)
    await trx.insertInto('identity_unlocks').values({ lock, account, reason_digest }).execute()
    return 'unlocked'
  })
}

/** Locks in force first, then those that were removed or have ended; each newest first. */
export async function locks(db: Database, now: Millis, limit: number): Promise<LockRow[]> {
  const isOver = sql<boolean>`(u.lock is not null or l.until <= ${time(now)})`
  const rows = await db
    .selectFrom('identity_locks as l')
    .leftJoin('identity_unlocks as u', 'u.lock', 'l.id')
    .leftJoin('current_accounts as a', 'a.id', 'u.account')
    .leftJoin('free_texts as said', 'said.digest', 'u.reason_digest')
    .select([
      'l.id',
      'l.person',
      'l.bucket',
      'l.until',
      'l.recorded_at as lockedAt',
      'u.recorded_at as unlockedAt',
      'said.text as reason',
      'a.id as by',
      'a.name',
      sql<Millis | null>`(select max(x.recorded_at) from identity_unlocks x join identity_locks p on p.id = x.lock
                          where p.person = l.person and p.bucket is not distinct from l.bucket
                          and p.id < l.id)`.as('openedBefore'),
    ])
    .orderBy(sql`coalesce(${isOver}, false)`)
    .orderBy('l.id', 'desc')
    .limit(limit)
    .execute()
  return Promise.all(
    rows.map(async ({ id, person, bucket, until, lockedAt, openedBefore, unlockedAt, by, name, reason }) => ({
      id,
      lockedAt,
      until,
      calls: await callsOf(db, { person, bucket, since: openedBefore, lockedAt }),
      unlocked:
        unlockedAt === null || by === null || name === null
          ? null
          : { at: unlockedAt, by: { id: by, name }, reason: reason ?? '' },
    })),
  )
}

/** How many locks of whole channels are in force. */
export async function closedLocks(db: Database): Promise<number> {
  const { count } = await db
    .selectFrom('identity_locks as l')
    .leftJoin('identity_unlocks as u', 'u.lock', 'l.id')
    .select(sql<number>`count(*)`.as('count'))
    .where('u.lock', 'is', null)
    .where('l.bucket', 'is', null)
    .executeTakeFirstOrThrow()
  return count
}

const failedCallsMax = 20

interface Counted {
  readonly person: string
  readonly bucket: string | null
  /** The unlock before. */
  readonly since: Millis | null
  readonly lockedAt: Millis
}

/** The failed calls that a lock was made of. */
async function callsOf(db: Database, { person, bucket, since, lockedAt }: Counted): Promise<FailedCall[]> {
  const from = Math.max(lockedAt - lockWindowMs, since ?? 0)
  const tried = await triedSince(db, person, from)
  const failed = failedCalls(
    // The lock is written a moment after the failure that caused it, at times within the same millisecond.
    tried.filter((one) => one.at > from && one.at <= lockedAt && (bucket === null || one.bucket === bucket)),
  ).slice(-failedCallsMax)
  if (failed.length === 0) return []
  const rows = await db
    .selectFrom('identity_searches as s')
    .innerJoin('current_accounts as a', 'a.id', 's.agent')
    .leftJoin('callers', 'callers.call', 's.call')
    .distinctOn('s.call')
    .select(['s.call', 'a.id', 'a.name', 'callers.number as caller'])
    .where('s.person', '=', person)
    .where(
      's.call',
      'in',
      failed.map(({ call }) => call),
    )
    .orderBy('s.call')
    .orderBy('s.recorded_at', 'desc')
    .execute()
  return failed.flatMap(({ call, at }) => {
    const row = rows.find((one) => one.call === call)
    return row === undefined ? [] : [{ call, at, agent: { id: row.id, name: row.name }, caller: row.caller }]
  })
}
