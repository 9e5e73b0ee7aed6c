/**
 * Results of checks of the whole journal, for every node, the auditor's page and the command line. A completed check is
 * kept beside the heads; a failed one in the server's own folder, because the heads may be what could not be read.
 */
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Millis } from '../../core/ids.ts'
import { unlessMissing } from '../../missing-file.ts'
import type { Database } from '../database.ts'
import { writeWhole } from '../whole-file.ts'
import type { AnchorPlace } from './keys.ts'

/** The last check that came to its end. */
export interface LastCheck {
  readonly at: Millis
  readonly entries: number
  /** Null: intact. Otherwise the first finding, as one sentence. */
  readonly bad: string | null
  /** The last one that found the journal intact; missing in results of older versions. */
  readonly goodAt?: Millis | null
}

/** A check that could not be made. */
export interface FailedCheck {
  readonly at: Millis
  readonly why: string
}

export interface CheckResults {
  readonly last: LastCheck | null
  /** After the last completed check; null: none has failed since. */
  readonly failed: FailedCheck | null
  /** A night was missed: a check is to be made now. */
  readonly isDue: boolean
  /** Not checked since then, for longer than a missed night; null: checked in time. */
  readonly overdueSince: Millis | null
}

const checkFile = 'last-check.json'
const failedFile = 'failed-check.json'
/** A day, also the one of 25 hours, and the time of a check. */
const dueAfterMs = 26 * 3_600_000
/** One night may be missed by some hours, as when a long check is interrupted. */
const checkWithinMs = 36 * 3_600_000
const whyMax = 300

export async function keepLastCheck(
  { folder, own }: Pick<AnchorPlace, 'folder' | 'own'>,
  check: Pick<LastCheck, 'at' | 'entries' | 'bad'>,
): Promise<void> {
  const before = await lastCheckOf(folder).catch(() => null)
  const goodAt = check.bad === null ? check.at : goodAtOf(before)
  await writeWhole(path.join(folder, checkFile), `${JSON.stringify({ ...check, goodAt })}\n`)
  await rm(path.join(own, failedFile), { force: true })
}

export async function keepFailedCheck(own: string, failed: FailedCheck): Promise<void> {
  await writeWhole(path.join(own, failedFile), `${JSON.stringify(failed)}\n`)
}

/** Why a check failed, for people. */
export function failureOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map(failureOf).join('; ').slice(0, whyMax)
  return (error instanceof Error ? error.message || error.name : String(error)).slice(0, whyMax)
}

export const goodAtOf = (check: LastCheck | null): Millis | null =>
  check === null ? null : (check.goodAt ?? (check.bad === null ? check.at : null))

export async function lastCheckOf(folder: string): Promise<LastCheck | null> {
  return read<LastCheck>(path.join(folder, checkFile))
}

/** A result that cannot be read counts as a failed check. */
export async function checkResults(db: Database, place: AnchorPlace, now: Millis): Promise<CheckResults> {
  const unreadable = (what: string) => (error: unknown) => {
    return { failed: { at: now, why: `the result of the ${what} check cannot be read: ${failureOf(error)}` } }
  }
  const last = await lastCheckOf(place.folder).catch(unreadable('last'))
  if (last !== null && 'failed' in last)
    return { last: null, failed: last.failed, isDue: false, overdueSince: null }
  const failed = await read<FailedCheck>(path.join(place.own, failedFile)).catch(unreadable('failed'))
  const found = failed !== null && 'failed' in failed ? failed.failed : failed
  // Another node's folder is not this one's: its later check counts.
  const isLater = found !== null && found.at >= (last?.at ?? -Infinity)
  if (last === null && found !== null) return { last, failed: found, isDue: false, overdueSince: null }
  const since = last === null ? await begunAt(db) : last.at
  // A check of the future, made while the clock was ahead, is none of today.
  const ageMs = since === null ? 0 : Math.abs(now - since)
  return {
    last,
    failed: isLater ? found : null,
    isDue: ageMs > dueAfterMs,
    overdueSince: ageMs > checkWithinMs ? since : null,
  }
}

/** The alarm as a sentence; null: none. */
export function wrongAtCheck({ last, failed, overdueSince }: Omit<CheckResults, 'isDue'>): string | null {
  if (last !== null && last.bad !== null) return last.bad
  if (failed !== null)
    return `The journal could not be checked at ${new Date(failed.at).toISOString()}: ${failed.why}`
  if (overdueSince === null) return null
  return last === null
    ? 'The journal has never been checked: the nightly check does not run.'
    : `The journal was last checked at ${new Date(overdueSince).toISOString()}: the nightly check does not run.`
}

async function read<T>(file: string): Promise<T | null> {
  const text = await readFile(file, 'utf8').catch(unlessMissing)
  return text === undefined ? null : (JSON.parse(text) as T)
}

/** The journal's beginning, or its last accepted rollback, which puts the results aside; null without an entry. */
export async function begunAt(db: Database): Promise<Millis | null> {
  const of = db.selectFrom('journal_entries').select('recorded_at').limit(1)
  const rollback = await of.where('what', '=', 'rollback').orderBy('index', 'desc').executeTakeFirst()
  const first = rollback ?? (await of.where('index', '=', 0).executeTakeFirst())
  return first?.recorded_at ?? null
}
