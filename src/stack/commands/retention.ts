/**
 * `linia retention clock <day>`: a person says what day it is, after the system was off, or restored from a copy, for longer
 * than retention believes the clock over. On record in the journal.
 */
import type { Settings } from '../../config.ts'
import { dateAt } from '../../core/local-time.ts'
import { recordClock } from '../../ledger/retention/clock.ts'
import { confirmClockOfFiles } from '../retention/old-files.ts'
import { say, UserError, userName } from '../terminal.ts'
import { withDatabase } from './running-database.ts'

export async function confirmClock(
  settings: Settings,
  args: readonly string[],
  tell = say,
  now = Date.now(),
): Promise<number> {
  const [day = ''] = args
  const own = dateAt(now)
  if (!/^\d{4}-\d\d-\d\d$/.test(day))
    throw new UserError('Say what day it is, from a calendar: linia retention clock 2026-11-29')
  if (day !== own)
    throw new UserError(`This machine’s clock shows ${own}, not ${day}: set the clock right first.`)
  return withDatabase(settings, async (db) => {
    await recordClock(db, now, userName())
    await confirmClockOfFiles(settings.paths.upkeep, now)
    tell('The clock is believed again: what is past its term ends with the next nights.')
  })
}
