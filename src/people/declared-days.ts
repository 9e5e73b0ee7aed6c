/** Days declared closed, or open again. The newest declaration of a day counts. */
import { sql } from 'kysely'
import type { AgentId, Millis } from '../core/ids.ts'
import { dayReasonMax } from '../core/opening-hours.ts'
import { dateAt, isDate } from '../core/local-time.ts'
import type { Database } from '../ledger/database.ts'
import { addFreeText } from '../ledger/retention/free-texts.ts'
import { mayDecide } from './account-changes.ts'

export interface DeclaredDay {
  /** `YYYY-MM-DD`, local. */
  readonly date: string
  /** False: the opening hours of its weekday apply, even on a public holiday. */
  readonly closed: boolean
  /** Never empty for a closed day, until retention has deleted it. */
  readonly reason: string
}

export interface Declaration extends DeclaredDay {
  /** The newest declaration of the day that was seen; 0: there was none. Null: whichever it is. */
  readonly basedOn: number | null
}

export type DayRefusal =
  | 'not allowed'
  | 'not a day'
  | 'day over'
  | 'reason missing'
  | 'reason too long'
  | 'changed meanwhile'

/** Declares a day from today on; the newest declaration counts. A public holiday is no declaration. */
export async function declare(
  db: Database,
  { basedOn, ...day }: Declaration,
  { by, now }: { readonly by: AgentId | null; readonly now: Millis },
): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: DayRefusal }> {
  const reason = day.reason.trim()
  if (!isDate(day.date)) return { ok: false, why: 'not a day' }
  if (day.date < dateAt(now)) return { ok: false, why: 'day over' }
  if (day.closed && reason === '') return { ok: false, why: 'reason missing' }
  if (reason.length > dayReasonMax) return { ok: false, why: 'reason too long' }
  return db.transaction().execute(async (trx) => {
    if (!(await mayDecide(trx, by, ['administrator'], []))) return { ok: false, why: 'not allowed' }
    // Two declarations at once would not see each other.
    await sql`select pg_advisory_xact_lock(969073)`.execute(trx)
    const [newest] = await dayVersions(trx, day.date, 1)
    if (basedOn !== null && (newest?.version ?? 0) !== basedOn) return { ok: false, why: 'changed meanwhile' }
    const reason_digest = await addFreeText(trx, reason)
    const { date, closed } = day
    await trx.insertInto('declared_days').values({ day: date, closed, reason_digest, by }).execute()
    return { ok: true }
  })
}

export interface DayVersion extends DeclaredDay {
  readonly version: number
  readonly at: Millis
  /** Null: the command line. */
  readonly by: string | null
}

const versions = (db: Database) =>
  db
    .selectFrom('declared_days as version')
    .leftJoin('free_texts as said', 'said.digest', 'version.reason_digest')
    .leftJoin('current_accounts as author', 'author.id', 'version.by')
    .select([
      'version.id as version',
      sql<string>`version.day::text`.as('date'),
      'version.closed',
      sql<string>`coalesce(said.text, '')`.as('reason'),
      'version.recorded_at as at',
      'author.name as by',
    ])

/** The declarations of one day, newest first. */
export const dayVersions = (db: Database, date: string, limit: number): Promise<DayVersion[]> =>
  versions(db).where('version.day', '=', date).orderBy('version.id', 'desc').limit(limit).execute()

/** The newest declaration of each day from `from` on, by date. */
export const newestDeclarations = (db: Database, from: string): Promise<DayVersion[]> =>
  versions(db)
    .distinctOn('version.day')
    .where('version.day', '>=', from)
    .orderBy('version.day')
    .orderBy('version.id', 'desc')
    .execute()

/** The declarations in force, by date. */
export function declaredDays(db: Database): Promise<DeclaredDay[]> {
  return db
    .selectFrom('declared_days')
    .leftJoin('free_texts as said', 'said.digest', 'declared_days.reason_digest')
    .distinctOn('day')
    .select([sql<string>`day::text`.as('date'), 'closed', sql<string>`coalesce(said.text, '')`.as('reason')])
    .orderBy('day')
    .orderBy('id', 'desc')
    .execute()
}
