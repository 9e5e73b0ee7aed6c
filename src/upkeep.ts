/**
 * When the system was last looked after: its Asterisk fetched, its backups made. The command `linia` writes one small
 * file for each, in one folder; the server's metrics and `linia doctor` read them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isMissing } from './missing-file.ts'

/** The kinds of upkeep, which are the names of the files. Times are ISO. */
export interface Upkeep {
  /** As `linia update` last saw it. `newest`: version of Debian's package; null: unknown. */
  readonly asterisk: {
    readonly version: string
    readonly package: string | null
    readonly fetchedAt: string
    readonly newest: string | null
    readonly checkedAt: string
  }
}

/** The time from which the age of each kind counts. */
const times: { readonly [Kind in keyof Upkeep]: (record: Upkeep[Kind]) => string } = {
  asterisk: ({ fetchedAt }) => fetchedAt,
}

export const upkeepFile = (folder: string, kind: keyof Upkeep): string => join(folder, `${kind}.json`)

/** Null when it was never done. Synchronous, because a scrape reads it. */
export function readUpkeep<Kind extends keyof Upkeep>(folder: string, kind: Kind): Upkeep[Kind] | null {
  try {
    return JSON.parse(readFileSync(upkeepFile(folder, kind), 'utf8')) as Upkeep[Kind]
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Seconds since each kind of upkeep was last done; a kind that never was is left out. */
export function upkeepAges(folder: string, now: number): ReadonlyMap<string, number> {
  const ages = new Map<string, number>()
  for (const kind of Object.keys(times) as (keyof Upkeep)[]) {
    const record = readUpkeep(folder, kind)
    if (record !== null) ages.set(kind, (now - Date.parse(times[kind](record))) / 1_000)
  }
  return ages
}

/** Whether `linia update` has seen a newer Asterisk than the one that is in use. */
export const newerIsKnown = ({ package: used, newest }: Upkeep['asterisk']): boolean =>
  newest !== null && newest !== used
