/** `linia reconcile`: compares the ledger with Asterisk's CEL. Exit code 0 when neither lacks a call. */
import { celColumns } from '../../asterisk/config/cel-columns.ts'
import type { Settings } from '../../config.ts'
import { compareWithRecord, type Comparison, type Lone } from '../../ledger/cel/compare.ts'
import { withDatabase } from './running-database.ts'
import { say, step } from '../terminal.ts'

/** Calls that ended within this time may not be in the ledger yet. */
const graceMs = 2 * 60_000
const loneMax = 20

export async function reconcile(settings: Settings): Promise<number> {
  return withDatabase(settings, async (db) => {
    const comparison = await step('Reading Asterisk’s own record', say, () =>
      compareWithRecord({
        db,
        pbx: settings.pbxName,
        file: settings.paths.cel,
        columns: celColumns,
        endedBefore: Date.now() - graceMs,
        loneMax,
      }),
    )
    return tell(comparison) ? 1 : 0
  })
}

function tell({ period, inRecord, inLedger, onlyInRecord, onlyInLedger, unreadable }: Comparison): boolean {
  if (period === null) {
    say('Asterisk’s record has no call that is over.')
    return false
  }
  const from = new Date(period.from).toISOString()
  const to = new Date(period.to).toISOString()
  say(`${from} – ${to}: ${inRecord} calls in Asterisk’s record, ${inLedger} in the ledger.`)
  if (unreadable > 0) say(`! ${unreadable} lines of the record cannot be read.`)
  list('In Asterisk’s record alone', onlyInRecord)
  list('In the ledger alone', onlyInLedger)
  const agree = onlyInRecord.length === 0 && onlyInLedger.length === 0
  if (agree) say('They have the same calls.')
  return !agree
}

function list(title: string, calls: readonly Lone[]): void {
  if (calls.length === 0) return
  say(`! ${title}${calls.length === loneMax ? `, the first ${loneMax}` : ''}:`)
  for (const { id, arrivedAt } of calls) say(`  ${new Date(arrivedAt).toISOString()}  ${id}`)
}
