/** Runs of retention as the journal has them. */
import type { Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { appendEntry } from '../journal/journal.ts'

export interface RetentionRun {
  /** Recordings of calls that arrived before this day (2026-05-25) lose their keys. */
  readonly audio: {
    readonly before: string
    readonly recordings: number
    /** Folders of raw audio that were ended; missing in runs of versions that did not end them. */
    readonly raw?: number
  }
  /** Rows recorded before `before` are deleted, and values of requests closed before `closedBefore`. */
  readonly details: {
    readonly before: string
    /** Missing in runs of versions that did not delete requests' values. */
    readonly closedBefore?: string
    /** Missing in runs of versions that did not delete traces of use. */
    readonly tracedBefore?: string
    readonly rows: Readonly<Record<string, number>>
  }
}

/**
 * `done`: journalled before it deleted. `announced`: the limits had leapt, and the next run deletes. `refused`: the clock
 * is not believed. `failed` follows the entry of a run that could not end everything. Only `done` deletes.
 */
export const runOutcomes = ['done', 'announced', 'refused', 'failed'] as const
export type RunOutcome = (typeof runOutcomes)[number]

export interface RecordedRun extends RetentionRun {
  readonly outcome: RunOutcome
  /** Why it was refused, or failed. */
  readonly why: string | null
  /** Time of the entry, by the database. */
  readonly at: Millis
}

/** The entry of a run. Every reader skips an entry that is `announced`: nothing is deleted by it. */
interface RunEntry extends RetentionRun {
  /** The server's clock; missing in runs of earlier versions. */
  readonly clock?: string
  readonly announced?: true
  readonly refused?: string
  readonly failed?: string
}

/** An entry has at most 4,000 characters. */
const whyMax = 500

/** Journals a run, before it deletes. `now`: the server's clock. */
export async function recordRun(
  db: Database,
  run: RetentionRun,
  now: Millis = Date.now(),
  outcome: RunOutcome = 'done',
  why = '',
): Promise<void> {
  const entry: RunEntry = {
    ...run,
    clock: new Date(now).toISOString(),
    ...(outcome === 'done' ? {} : { announced: true }),
    ...(outcome === 'refused' || outcome === 'failed' ? { [outcome]: why.slice(0, whyMax) } : {}),
  }
  await appendEntry(db, { what: 'run', kind: 'retention', ...entry })
}

/** A failure after the last run, of something that belongs to it. */
export async function recordFailure(db: Database, now: Millis, why: string): Promise<void> {
  const [last] = await retentionRuns(db, 1)
  if (last === undefined) return
  const nothing = { audio: { ...last.audio, recordings: 0, raw: 0 }, details: { ...last.details, rows: {} } }
  await recordRun(db, nothing, now, 'failed', last.why === null ? why : `${last.why}; ${why}`)
}

/** Newest first. */
export async function retentionRuns(db: Database, limit: number): Promise<RecordedRun[]> {
  const rows = await db
    .selectFrom('journal_entries')
    .select(['entry', 'recorded_at'])
    .where('what', '=', 'run')
    .where('kind', '=', 'retention')
    .orderBy('index', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ entry, recorded_at }) => {
    const { audio, details, announced, refused, failed } = JSON.parse(entry) as RunEntry
    const outcome =
      refused !== undefined ? 'refused' : failed !== undefined ? 'failed' : announced ? 'announced' : 'done'
    return { audio, details, outcome, why: refused ?? failed ?? null, at: recorded_at }
  })
}

/** How retention stands, for alarms. */
export interface RetentionState {
  /** When the last run began that ended everything; null: none did. */
  readonly doneAt: Millis | null
  /** Why the last run was refused, or what it could not end; null: nothing is wrong. */
  readonly bad: string | null
}

/** A run that failed is looked for in so many of the newest ones. */
const runsLooked = 400

export async function retentionState(db: Database): Promise<RetentionState> {
  const runs = await retentionRuns(db, runsLooked)
  // The entry of a failure follows that of its run.
  const done = runs.find(({ outcome }, index) => outcome === 'done' && runs[index - 1]?.outcome !== 'failed')
  return { doneAt: done?.at ?? null, bad: runs[0]?.why ?? null }
}
