/** Whether it was the system itself that carried the calls of a phase: neither a part started anew nor the fallback. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { celColumns } from '../../../src/asterisk/config/cel-columns.ts'
import { rowsOf } from '../../../src/ledger/cel/rows.ts'
import { openDatabase, time } from '../../../src/ledger/database.ts'
import type { Stack } from '../../../src/stack/stack.ts'
import type { System } from './systems.ts'

export interface Integrity {
  /** Parts that are another process than before. */
  readonly restarted: readonly string[]
  /** In the ledger; null for a system without one. */
  readonly rows: number | null
  readonly fromCel: number
  /** Callers for whom the line was full. */
  readonly turnedAway: number
  readonly byFallback: number
}

/** What only Asterisk has seen is imported half a minute after it has ended. */
const bookedWithinMs = 60_000
const againMs = 200

/** Begins to look; the answer says how so many calls since were carried, once the ledger knows all of them. */
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

/** Calls that Asterisk's own queue had meanwhile, also those that the line took back from it. */
async function inFallback(celFile: string, from: number): Promise<number> {
  if (!existsSync(celFile)) return 0
  const { rows } = rowsOf(await readFile(celFile), celColumns)
  const told = rows.filter(({ row }) => row.at >= from && row.event.startsWith('LINIA_FALLBACK_'))
  return new Set(told.map(({ row }) => row.call)).size
}
