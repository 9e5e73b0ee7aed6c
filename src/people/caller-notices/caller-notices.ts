/** Notices that callers hear. One ends by itself, or a supervisor ends it before; it stays on record. */
import { sql } from 'kysely'
import type { CallerNotice } from '../../core/announcements/caller-notice.ts'
import type { AgentId, Millis, QueueId } from '../../core/ids.ts'
import type { Window } from '../../core/opening-hours.ts'
import type { Database } from '../../ledger/database.ts'
import { refusedBy } from '../refused-rows.ts'

export interface NewCallerNotice {
  readonly text: string
  /** Empty: callers of every queue. */
  readonly queues: readonly QueueId[]
  /** Null: at once. */
  readonly from: Millis | null
  readonly until: Millis
  readonly daily: Window | null
  readonly by: AgentId
}

export interface ListedCallerNotice extends CallerNotice {
  readonly by: { readonly id: AgentId; readonly name: string }
  readonly at: Millis
  readonly endedAt: Millis | null
  /** The callers who have heard it, or its beginning. */
  readonly heard: number
  /** Those of them who have hung up during it, or within `sparedWithinMs` after it. */
  readonly spared: number
}

/** A caller who hangs up so soon after a notice has heard what they wanted to know. */
const sparedWithinMs = 15_000

export async function addCallerNotice(db: Database, notice: NewCallerNotice): Promise<number> {
  const { text, queues, from, until, daily, by } = notice
  const { id } = await db
    .insertInto('caller_notices')
    .values({
      text,
      queues: queues.length === 0 ? null : [...new Set(queues)],
      begins_at: from === null ? null : new Date(from),
      until: new Date(until),
      daily_from: daily?.from ?? null,
      daily_to: daily?.to ?? null,
      by,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** It is not heard any more, or will not be. `not in force`: there is none, or it has ended. */
export async function endCallerNotice(
  db: Database,
  { notice, by }: { readonly notice: number; readonly by: AgentId },
): Promise<'ended' | 'not in force'> {
  if ((await held(db).where('n.id', '=', notice).executeTakeFirst()) === undefined) return 'not in force'
  try {
    await db.insertInto('caller_notice_ends').values({ notice, by }).execute()
    return 'ended'
  } catch (error) {
    // Two supervisors at once.
    if (refusedBy(error, 'caller_notice_ends_pkey')) return 'not in force'
    throw error
  }
}

const begins = sql<Millis>`coalesce(n.begins_at, n.recorded_at)`.as('from')
const daily = sql<Window | null>`case when n.daily_from is not null
  then jsonb_build_object('from', n.daily_from, 'to', n.daily_to) end`.as('daily')

/** Also those that begin later. */
const held = (db: Database) =>
  db
    .selectFrom('caller_notices as n')
    .select(['n.id', 'n.text', 'n.until'])
    .select(begins)
    .select(daily)
    .select(sql<QueueId[]>`coalesce(n.queues, '{}')`.as('queues'))
    .where(sql<boolean>`n.until > clock_timestamp()`)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('caller_notice_ends as e').select('e.notice').whereRef('e.notice', '=', 'n.id'),
        ),
      ),
    )

/** Those that are not over, in the order in which they were published. */
export const heldCallerNotices = (db: Database): Promise<CallerNotice[]> => held(db).orderBy('n.id').execute()

/** The latest notices, newest first, also those that have ended. */
export async function listedCallerNotices(db: Database, limit: number): Promise<ListedCallerNotice[]> {
  const rows = await db
    .selectFrom('caller_notices as n')
    .innerJoin('current_accounts as a', 'a.id', 'n.by')
    .leftJoin('caller_notice_ends as e', 'e.notice', 'n.id')
    .select(['n.id', 'n.text', 'n.until', 'n.recorded_at as at', 'e.recorded_at as endedAt'])
    .select(begins)
    .select(daily)
    .select(sql<QueueId[]>`coalesce(n.queues, '{}')`.as('queues'))
    .select(['a.id as account', 'a.name'])
    .orderBy('n.id', 'desc')
    .limit(limit)
    .execute()
  const callers = await callersOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map(({ account, name, ...notice }) => {
    const { heard = 0, spared = 0 } = callers.get(notice.id) ?? {}
    return { ...notice, by: { id: account, name }, heard, spared }
  })
}

interface Callers {
  readonly heard: number
  readonly spared: number
}

/** By notice. A call that is not over yet has not been spared. The words are those of the index of 0058. */
async function callersOf(db: Database, notices: readonly number[]): Promise<ReadonlyMap<number, Callers>> {
  const { rows } = await sql<Callers & { readonly notice: number }>`
    select (m.event -> 'announcement' ->> 'notice')::int as notice,
      count(distinct m.call)::int as heard,
      count(distinct m.call) filter (
        where c.outcome = 'abandoned' and c.ended_at <= over.at + ${sparedWithinMs} * interval '1 millisecond'
      )::int as spared
    from call_events m
    left join calls c on c.id = m.call
    -- The first event after which the call has no reading: its end, an answer, or the caller's hanging up during it.
    left join lateral (
      select p.at from call_events p
      where p.call = m.call and p.seq > m.seq and p.after ->> 'announcement' is null
      order by p.seq limit 1
    ) over on true
    where m.type = 'AnnouncementMade' and m.event -> 'announcement' ->> 'notice' is not null
      and (m.event -> 'announcement' ->> 'notice')::int = any(${notices})
    group by 1`.execute(db)
  return new Map(rows.map(({ notice, ...counts }) => [notice, counts]))
}
