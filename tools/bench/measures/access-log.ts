/**
 * Extra cost of a read that is on the access log: its entry is on disk before the answer leaves. Measured alone
 * and with ten agents at once, which append to the same log one after the other.
 */
import type { Access } from '../../../src/city/journal/access-log-entry.ts'
import { AgentId, CallId } from '../../../src/core/ids.ts'
import { openDatabase } from '../../../src/ledger/database.ts'
import { recordAccess } from '../../../src/ledger/journal/access-log.ts'
import type { Row } from '../report/figures.ts'

const agentsAtOnce = 10
/** A connection's first statements include query planning and are discarded. */
const warmUp = 50
/** The access log may add at most 5 ms to a read (`docs/budgets.md`). */
const budget = { p99: 5 } as const

const look: Access = {
  kind: 'section',
  account: AgentId('bench'),
  call: CallId('pbx1-1764025000.12'),
  about: 'objects',
  person: 'ab'.repeat(32),
  query: null,
}

export async function accessLogWrites(databaseUrl: string, count: number): Promise<Row[]> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: agentsAtOnce })
  async function one(): Promise<number> {
    const began = performance.now()
    await recordAccess(db, look)
    return performance.now() - began
  }
  async function inTurn(times: number): Promise<number[]> {
    const durations: number[] = []
    while (durations.length < times) durations.push(await one())
    return durations
  }
  try {
    await Promise.all(Array.from({ length: agentsAtOnce }, () => inTurn(warmUp)))
    const alone = await inTurn(count)
    const each = Math.ceil(count / agentsAtOnce)
    const together = await Promise.all(Array.from({ length: agentsAtOnce }, () => inTurn(each)))
    return [
      { name: 'a look written before its answer leaves', durations: alone, budget },
      { name: `the same, ${agentsAtOnce} at once without a pause`, durations: together.flat(), budget: null },
    ]
  } finally {
    await db.destroy()
  }
}
