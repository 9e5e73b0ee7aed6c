/**
 * Retention believes the clock only near what was recorded last, because a clock that is ahead would destroy recordings too
 * early: it may be a week away from the last run, and one day more for each day on which anything was recorded
 * since. So a leap is refused for as long as it lasts, and a clock that is right again is believed at once. After a longer
 * rest of the whole system, a time stamp from outside that agrees with the clock confirms it, or a person
 * (`linia retention clock`).
 */
import { sql } from 'kysely'
import type { Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { appendEntry } from '../journal/journal.ts'
import { newestStamp } from '../journal/time-stamps.ts'

const dayMs = 24 * 3_600_000
/** A run whose limits are more than this beyond those of the last run is only announced. */
export const leapMaxMs = 7 * dayMs

export class ClockDoubtful extends Error {
  override name = 'ClockDoubtful'
}

/** The time that the journal shows, to compare a clock with. */
export interface KnownTime {
  /** The clock of the last run that deleted, or that was confirmed since; before the first one, the time of the journal's first entry. */
  readonly at: Millis
  /** Days on which anything was recorded since: at least so many have passed, whatever any clock showed. */
  readonly days: number
}

/** Null: nothing has ever been recorded. */
async function knownTime(db: Database): Promise<KnownTime | null> {
  const { rows } = await sql<{ at: Millis | null; days: number }>`
    with last as (
      select index, coalesce((entry::jsonb ->> 'clock')::timestamptz, recorded_at) as at from journal_entries
      where what = 'run' and (kind = 'clock' or kind = 'retention' and entry::jsonb ->> 'announced' is null)
      order by index desc limit 1)
    select coalesce((select at from last), (select recorded_at from journal_entries where index = 0)) as at,
           (select count(distinct (recorded_at at time zone 'UTC')::date) from journal_entries
            where index > coalesce((select index from last), -1)) as days`.execute(db)
  const [found] = rows
  return found === undefined || found.at === null ? null : { at: found.at, days: found.days }
}

/** A person has confirmed the clock. Like a run that deletes nothing, so that verification skips the entry. */
export async function recordClock(db: Database, now: Millis, by: string): Promise<void> {
  await appendEntry(db, {
    what: 'run',
    kind: 'clock',
    clock: new Date(now).toISOString(),
    announced: true,
    by,
  })
}

export interface RecordedClock {
  /** Index of the entry. */
  readonly index: number
  readonly at: Millis
  /** ISO time that the clock showed. */
  readonly clock: string
  readonly by: string
}

/** Clocks that a person has confirmed, newest first. */
export async function recordedClocks(db: Database, limit: number): Promise<RecordedClock[]> {
  const rows = await db
    .selectFrom('journal_entries')
    .select(['index', 'entry', 'recorded_at'])
    .where('what', '=', 'run')
    .where('kind', '=', 'clock')
    .orderBy('index', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ index, entry, recorded_at: at }) => {
    const { clock, by } = JSON.parse(entry) as Partial<RecordedClock>
    return { index, at, clock: String(clock), by: String(by) }
  })
}

/** A sentence; null: the clock is believed. */
export async function whyClockIsDoubtful(db: Database, anchor: string, now: Millis): Promise<string | null> {
  const known = await knownTime(db)
  const doubt = doubtOf(known, now)
  if (doubt === null) return null
  // An anchor that cannot be read confirms nothing.
  const stamp = await newestStamp(anchor).catch(() => null)
  return stamp !== null && Math.abs(now - stamp.at) <= leapMaxMs ? null : doubt
}

/** Also for the supervisor's files (`src/stack/retention/`). */
export function doubtOf(known: KnownTime | null, now: Millis): string | null {
  // The entry of this refusal is what the next run compares with.
  if (known === null) return 'Nothing has been recorded yet that the clock could be compared with.'
  const away = now - known.at
  if (Math.abs(away) <= leapMaxMs + known.days * dayMs) return null
  const days = Math.round(Math.abs(away) / dayMs)
  return `The clock shows ${dayOf(now)}, ${days} days ${away > 0 ? 'after' : 'before'} the last run (${dayOf(known.at)}), but ${known.days} days are on record since. Nothing was deleted. Set the clock right; if it is right: linia retention clock <today’s date>`
}

const dayOf = (at: Millis): string => new Date(at).toISOString().slice(0, 10)
