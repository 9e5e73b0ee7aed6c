/** Integrity of a phase: its calls were carried by the system itself, without a restarted part and without the fallback. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import { rowsOf } from '../../../src/ledger/cel/rows.ts'
import { openDatabase, time } from '../../../src/ledger/database.ts'
import type { Stack } from '../../../src/stack/stack.ts'
import type { System } from './systems.ts'

export interface Integrity {
  /** Parts whose process id has changed. */
  readonly restarted: readonly string[]
  /** Rows in the ledger; null for a system without one. */
  readonly rows: number | null
  readonly fromCel: number
  /** Callers rejected because the queue was full. */
  readonly turnedAway: number
  readonly byFallback: number
}

/** A call that only Asterisk has seen is imported from CEL half a minute after its end. */
const bookedWithinMs = 60_000
const againMs = 200

/** Starts watching. The returned function waits until the ledger has `called` calls and reports how they were carried. */
export function watchIntegrity(stack: Stack, system: System): (called: number) => Promise<Integrity> {
  const before = pidsOf(stack, system)
  const from = Date.now()
  return async (called) => {
    const booked = system.name === 'Linia' ? await bookedSince(stack, from, called) : null
    const after = pidsOf(stack, system)
    return {
      restarted: [...before].flatMap(([part, pid]) => (after.get(part) === pid ? [] : [part])),
      rows: booked?.rows ?? null,
      fromCel: booked?.fromCel ?? 0,
      turnedAway: booked?.turnedAway ?? 0,
      byFallback: booked === null ? 0 : await inFallback(stack.environment['CEL_FILE'] ?? '', from),
    }
  }
}

export function pidsOf(stack: Stack, system: System): Map<string, number> {
  return new Map(
    system.parts.flatMap((part) => {
      const pid = stack.parts.get(part)?.pid ?? null
      return pid === null ? [] : [[part, pid] as const]
    }),
  )
}

async function bookedSince(stack: Stack, from: number, called: number) {
  const db = openDatabase({ url: stack.environment['DATABASE_URL'] ?? '', connectionsMax: 1 })
  try {
    const giveUpAt = Date.now() + bookedWithinMs
    for (;;) {
      const rows = await db
        .selectFrom('calls')
        .where('arrived_at', '>=', time(from))
        .select((select) => ['source', 'outcome', select.fn.countAll<number>().as('count')])
        .groupBy(['source', 'outcome'])
        .execute()
      const count = (some: (row: (typeof rows)[number]) => boolean): number =>
        rows.filter(some).reduce((sum, row) => sum + row.count, 0)
      const found = {
        rows: count(() => true),
        fromCel: count(({ source }) => source === 'cel'),
        turnedAway: count(({ outcome }) => outcome === 'rejected'),
      }
      if (found.rows >= called || Date.now() > giveUpAt) return found
      await delay(againMs)
    }
  } finally {
    await db.destroy()
  }
}

/** Calls that were in the fallback queue, including those that the ACD took back. */
async function inFallback(celFile: string, from: number): Promise<number> {
  if (!existsSync(celFile)) return 0
  const { rows } = rowsOf(await readFile(celFile), celColumns)
  const inQueue = rows.filter(({ row }) => row.at >= from && row.event.startsWith('LINIA_FALLBACK_'))
  return new Set(inQueue.map(({ row }) => row.call)).size
}
