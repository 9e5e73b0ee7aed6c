/**
 * Runs of retention in the journal excuse missing values, keys and recordings up to their limits. A run is an entry like
 * any other, which the owner of the database can forge, and which a server with a wrong clock writes itself. So a limit
 * counts only where the run's time and the terms in force before it explain it; otherwise it is void.
 */
import { sql } from 'kysely'
import type { Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'

/** The latest valid limits; null without one. */
export interface RunLimits {
  /** Keys and recordings of days before this one (2026-05-25). */
  readonly audioBefore: string | null
  /** ISO times. */
  readonly before: string | null
  readonly closedBefore: string | null
  readonly tracedBefore: string | null
}

const termOf = {
  audioBefore: 'audio',
  before: 'details',
  closedBefore: 'requests',
  tracedBefore: 'logs',
} as const satisfies Record<keyof RunLimits, string>
const places = Object.keys(termOf) as (keyof RunLimits)[]

const dayMs = 86_400_000
/** The clocks of server and database differ a little. */
const clocksMs = 10 * 60_000

interface Found {
  readonly what: string
  readonly entry: string
  readonly latest: Millis
}

/**
 * A limit is valid between its run's time less the term, and a day earlier. The order of entries is the order of times, so
 * a run is no later than any entry after it: otherwise the clock was ahead. Before the first terms only the run's time
 * bounds a limit; a term that the terms in force do not name, or that is none, excuses nothing.
 */
export async function runLimits(db: Database): Promise<RunLimits> {
  const { rows } = await sql<Found>`
    select what, entry, least(at, now(), min(at) over (order by index desc rows between unbounded preceding and 1 preceding),
             (select (entry::jsonb ->> 'at')::timestamptz from public.journal_entries order by index desc limit 1)) as latest
    from (select index, what, entry, (entry::jsonb ->> 'at')::timestamptz as at from public.journal_entries
          where what = 'terms' or (what = 'run' and kind = 'retention')) few
    order by index`.execute(db)
  const limits: Record<keyof RunLimits, string | null> = {
    audioBefore: null,
    before: null,
    closedBefore: null,
    tracedBefore: null,
  }
  let days: Partial<Record<string, unknown>> | null = null
  for (const { what, entry, latest } of rows) {
    const body = JSON.parse(entry) as Body
    if (what === 'terms') days = body.days ?? {}
    if (what === 'terms' || body.announced !== undefined) continue
    for (const place of places) {
      const limit = place === 'audioBefore' ? body.audio?.before : body.details?.[place]
      if (!isValid(limit, latest, days === null ? null : { days: days[termOf[place]] })) continue
      const known = limits[place]
      if (known === null || Date.parse(known) < Date.parse(limit)) limits[place] = limit
    }
  }
  return limits
}

interface Body {
  readonly days?: Partial<Record<string, unknown>>
  readonly announced?: true
  readonly audio?: { readonly before?: unknown }
  readonly details?: { readonly [place in Exclude<keyof RunLimits, 'audioBefore'>]?: unknown }
}

/** `term`: null before the first terms. */
function isValid(limit: unknown, latest: Millis, term: { readonly days: unknown } | null): limit is string {
  if (typeof limit !== 'string' || !/^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(limit)) return false
  const at = Date.parse(limit)
  if (term === null) return at <= latest
  const { days } = term
  if (typeof days !== 'number' || days < 1) return false
  const expected = latest - days * dayMs
  return at <= expected + clocksMs && at >= expected - dayMs - clocksMs
}
