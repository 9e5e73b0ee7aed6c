/** Findings of `linia doctor` about retention. The server's `linia_upkeep_bad` has the same. */
import type { Settings } from '../../config.ts'
import type { Millis } from '../../core/ids.ts'
import { begunAt } from '../../ledger/journal/last-check.ts'
import { retentionState, type RetentionState } from '../../ledger/retention/runs.ts'
import { readUpkeep } from '../../upkeep.ts'
import { withDatabase } from './running-database.ts'

/** A nightly run that is older has missed a night. */
const ageMaxMs = 26 * 3_600_000

/** Sentences; empty when nothing is wrong. The system runs. */
export async function wrongAtRetention(settings: Settings, now = Date.now()): Promise<readonly string[]> {
  const wrong: string[] = []
  let state: RetentionState = { doneAt: null, bad: null }
  let begun: Millis | null = null
  await withDatabase(settings, async (db) => {
    state = await retentionState(db)
    begun = await begunAt(db)
  })
  const { doneAt, bad } = state
  const logs = readUpkeep(settings.paths.upkeep, 'logs')
  for (const [what, why] of [
    ['Retention', bad],
    ['The ending of old logs', logs?.bad ?? null],
  ] as const)
    if (why !== null) wrong.push(`${what}, the last run: ${why}`)
  for (const [what, at] of [
    ['Retention', doneAt],
    ['The ending of old logs', logs === null ? null : Date.parse(logs.at)],
  ] as const)
    if (now - (at ?? begun ?? now) > ageMaxMs)
      wrong.push(
        at === null
          ? `${what} has never ended everything.`
          : `${what} has not ended everything since ${new Date(at).toISOString()}.`,
      )
  return wrong
}
