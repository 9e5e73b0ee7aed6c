/**
 * When the system was last looked after: its Asterisk fetched, its backups made, its old logs ended. The command `linia`
 * and the supervisor write one small file for each, in one folder; the server's metrics and `linia doctor` read them.
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
  /** The last good backup; an incomplete one is none. */
  readonly backup: {
    readonly at: string
    readonly folder: string
    /** SHA-256 of its manifest. */
    readonly digest: string
    readonly encrypted: boolean
  }
  /** The last complete copy of the recordings' keys. */
  readonly keys: { readonly at: string; readonly folder: string; readonly keys: number }
  /** The ending of old logs and CEL. */
  readonly logs: {
    /** When it last ended everything. */
    readonly at: string
    /** The last clock that was believed, and the days of all tries since, each once. */
    readonly believedAt: string
    readonly days: readonly string[]
    /** Why the last try was refused, or what it could not end; null: nothing is wrong. */
    readonly bad: string | null
  }
}

/** The time from which the age of each kind counts. */
const times: { readonly [Kind in keyof Upkeep]: (folder: string) => string | undefined } = {
  asterisk: (folder) => readUpkeep(folder, 'asterisk')?.fetchedAt,
  backup: (folder) => readUpkeep(folder, 'backup')?.at,
  keys: (folder) => readUpkeep(folder, 'keys')?.at,
  logs: (folder) => readUpkeep(folder, 'logs')?.at,
}

export const upkeepFile = (folder: string, kind: keyof Upkeep): string => join(folder, `${kind}.json`)

/** Null when it was never done. Synchronous, because a scrape reads it. */
export function readUpkeep<Kind extends keyof Upkeep>(folder: string, kind: Kind): Upkeep[Kind] | null {
  try {
    return JSON.parse(readFileSync(upkeepFile(folder, kind), 'utf8')) as Upkeep[Kind]
  } catch (error) {
    // A damaged record proves nothing: it counts as never done.
    if (isMissing(error) || error instanceof SyntaxError) return null
    throw error
  }
}

/** Seconds since each kind of upkeep was last done; a kind that never was is left out. */
export function upkeepAges(folder: string, now: number): ReadonlyMap<string, number> {
  return new Map(
    Object.entries(times).flatMap(([kind, timeIn]) => {
      const at = timeIn(folder)
      return at === undefined ? [] : [[kind, (now - Date.parse(at)) / 1_000]]
    }),
  )
}

/** Whether `linia update` has seen a newer Asterisk than the one that is in use. */
export const newerIsKnown = ({ package: used, newest }: Upkeep['asterisk']): boolean =>
  newest !== null && newest !== used
