/** The age of the last good copies, for `linia doctor`. The server's `linia_upkeep_age_seconds` has the same. */
import { existsSync } from 'node:fs'
import type { Settings } from '../../config.ts'
import { readUpkeep } from '../../upkeep.ts'
import { say } from '../terminal.ts'

/** A nightly copy that is older has missed a night. */
const ageMaxMs = 26 * 3_600_000

/** Prints the ages; returns a sentence for each copy that is too old, in plain, or was never made. */
export function wrongAtBackups(
  { paths, backupRecipient }: Settings,
  tell = say,
  now = Date.now(),
): readonly string[] {
  // A demo's calls are invented.
  const isDemo = existsSync(paths.demo)
  const backup = readUpkeep(paths.upkeep, 'backup')
  const keys = readUpkeep(paths.upkeep, 'keys')
  const wrong: string[] = []
  for (const [what, command, copy] of [
    ['backup', 'linia backup', backup],
    ['copy of the keys', 'linia backup keys', keys],
  ] as const) {
    const ageMs = copy === null ? null : now - Date.parse(copy.at)
    tell(
      `Last good ${what}: ${copy === null || ageMs === null ? 'none' : `${aged(ageMs)} ago, in ${copy.folder}`}`,
    )
    if (ageMs === null && !isDemo) wrong.push(`There is no good ${what} yet: ${command}, each night.`)
    if (ageMs !== null && ageMs > ageMaxMs)
      wrong.push(`The last good ${what} is ${aged(ageMs)} old. Look at what ${command} says by night.`)
  }
  if (backup?.encrypted === false)
    wrong.push(
      `The backups hold names and numbers of citizens in plain${backupRecipient === null ? ': BACKUP_RECIPIENT is not set' : ''}.`,
    )
  return wrong
}

function aged(ms: number): string {
  const hours = ms / 3_600_000
  return hours < 48 ? `${Math.max(0, Math.round(hours))} h` : `${Math.round(hours / 24)} days`
}
