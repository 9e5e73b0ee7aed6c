/** Time from an agent's 200 OK to entering the bridge, from Asterisk's CEL, which covers both systems. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import { rowsOf } from '../../../src/ledger/cel/rows.ts'
import type { Timing } from '../report/figures.ts'

export async function answerToBridge(celFile: string, from: number, to: number): Promise<Timing[]> {
  // Asterisk creates the file with the first call.
  if (!existsSync(celFile)) return []
  const { rows } = rowsOf(await readFile(celFile), celColumns)
  const answeredAt = new Map<string, number>()
  const timings: Timing[] = []
  for (const { row } of rows) {
    if (row.at < from || row.at > to || row.channelName.startsWith('PJSIP/trunk-')) continue
    if (row.event === 'ANSWER') answeredAt.set(row.channel, row.at)
    else if (row.event === 'BRIDGE_ENTER') {
      const at = answeredAt.get(row.channel)
      if (at !== undefined) timings.push({ ms: row.at - at, at: row.at })
      answeredAt.delete(row.channel)
    }
  }
  return timings
}
