/**
 * Compares Asterisk's CEL with the ledger, call by call, and lists the calls that only one of them has. It writes
 * nothing: it shows whether the import (`witness.ts`) is complete.
 */
import type { CallId, Millis, PbxName } from '../../core/ids.ts'
import { celFiles, readCel, type CelPlace } from './files.ts'
import { rowsOf } from './rows.ts'
import { CelStory } from './story.ts'
import { time, type Database } from '../database.ts'

export interface Comparison {
  /** Arrival of the first and last finished call in the CEL; null when it has none. */
  readonly period: { readonly from: Millis; readonly to: Millis } | null
  /** Finished calls of that period. */
  readonly inRecord: number
  readonly inLedger: number
  readonly onlyInRecord: readonly Lone[]
  readonly onlyInLedger: readonly Lone[]
  /** Lines that are not CEL rows. */
  readonly unreadable: number
}

export interface Lone {
  readonly id: CallId
  readonly arrivedAt: Millis
}

export interface CompareOptions {
  readonly db: Database
  readonly pbx: PbxName
  readonly file: string
  readonly columns: readonly string[]
  /** Later calls are left out: writer and witness may not have written them yet. */
  readonly endedBefore: Millis
  /** Length of each list at most. */
  readonly loneMax: number
}

const batch = 500

export async function compareWithRecord(options: CompareOptions): Promise<Comparison> {
  const { db, pbx, file, columns, endedBefore, loneMax } = options
  const story = new CelStory()
  const seen = new Set<CallId>()
  const onlyInRecord: Lone[] = []
  let period: { from: Millis; to: Millis } | null = null
  let unreadable = 0
  const settle = async () => {
    const over = story.over(endedBefore)
    for (let at = 0; at < over.length; at += batch) {
      const some = over.slice(at, at + batch)
      const known = await inLedger(db, some)
      for (const { id, arrivedAt } of some) {
        seen.add(id)
        period = {
          from: Math.min(period?.from ?? arrivedAt, arrivedAt),
          to: Math.max(period?.to ?? 0, arrivedAt),
        }
        if (!known.has(id) && onlyInRecord.length < loneMax) onlyInRecord.push({ id, arrivedAt })
      }
    }
    story.forget(over.map(({ id }) => id))
  }
  for await (const { rows, skipped } of chunksOf(file, columns)) {
    for (const { row, at } of rows) story.add(row, at)
    unreadable += skipped
    await settle()
  }
  // The type checker does not see the assignment inside `settle`.
  const covered = period as { from: Millis; to: Millis } | null
  const ours =
    covered === null ? { count: 0, lone: [] } : await ofPeriod(db, { pbx, ...covered, endedBefore }, seen)
  return {
    period: covered,
    inRecord: seen.size,
    inLedger: ours.count,
    onlyInRecord,
    onlyInLedger: ours.lone.slice(0, loneMax),
    unreadable,
  }
}

/** All whole rows, from the first byte of the oldest file. */
async function* chunksOf(file: string, columns: readonly string[]) {
  let place: CelPlace | null = null
  const files = await celFiles(file)
  for (;;) {
    const found = await readCel(file, place, files)
    if (found === null) return
    const { rows, bytes, skipped } = rowsOf(found.bytes, columns)
    const { file: inode, position } = found.at
    yield {
      rows: rows.map(({ row, offset }) => ({ row, at: { file: inode, position: position + offset } })),
      skipped,
    }
    if (bytes === 0 && found.mayGrow) return
    place = { file: inode, position: position + (bytes === 0 ? found.bytes.length : bytes) }
  }
}

async function inLedger(db: Database, calls: readonly { readonly id: CallId }[]): Promise<Set<CallId>> {
  const ids = calls.map(({ id }) => id)
  const rows = await db.selectFrom('calls').select('id').where('id', 'in', ids).execute()
  return new Set(rows.map(({ id }) => id))
}

interface Period {
  readonly pbx: PbxName
  readonly from: Millis
  readonly to: Millis
  readonly endedBefore: Millis
}

async function ofPeriod(
  db: Database,
  { pbx, from, to, endedBefore }: Period,
  seen: ReadonlySet<CallId>,
): Promise<{ readonly count: number; readonly lone: readonly Lone[] }> {
  const rows = await db
    .selectFrom('calls')
    .select(['id', 'arrived_at as arrivedAt'])
    .where('pbx', '=', pbx)
    .where('arrived_at', '>=', time(from))
    .where('arrived_at', '<=', time(to))
    .where('ended_at', '<', time(endedBefore))
    .orderBy('arrived_at')
    .execute()
  return { count: rows.length, lone: rows.filter(({ id }) => !seen.has(id)) }
}
