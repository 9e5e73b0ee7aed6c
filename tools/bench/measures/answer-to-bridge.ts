/** Time from an agent's 200 OK to entering the bridge, from Asterisk's CEL, which covers both systems. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import { rowsOf } from '../../../src/ledger/cel/rows.ts'
import type { Timing } from '../report/figures.ts'

export async function answerToBridge(celFile: string, from: number, to: number): Promise<Timing[]> {
  // Asterisk creates the file with the first call.
  if (!existsSync(celFile)) return []
  const file = await readFile(celFile)
  const { rows } = rowsOf(file, celColumns)
  const answeredAt = new Map<string, number>()
  const timings: Timing[] = []
  for (const { row, offset } of rows) {
    if (row.at < from || row.at > to || row.channelName.startsWith('PJSIP/trunk-')) continue
    if (row.event === 'ANSWER') answeredAt.set(row.channel, exactAt(file, offset))
    else if (row.event === 'BRIDGE_ENTER') {
      const at = answeredAt.get(row.channel)
      if (at !== undefined) timings.push({ ms: exactAt(file, offset) - at, at: row.at })
      answeredAt.delete(row.channel)
    }
  }
  return timings
}

/** Milliseconds with µs, which the ledger's rows do not keep: the second field of the row that begins here. */
function exactAt(file: Buffer, offset: number): number {
  const [, seconds = ''] = /^"[^"]*","([\d.]+)"/.exec(file.toString('latin1', offset, offset + 100)) ?? []
  return Number(seconds) * 1000
}
