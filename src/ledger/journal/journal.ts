/** The journal as PostgreSQL keeps it: adding an entry, its present head, its proofs. */
import { sql } from 'kysely'
import type { Head } from '../../city/journal/checkpoint.ts'
import {
  consistencyRanges,
  hashOfRange,
  inclusionRanges,
  nodesOf,
  rootOf,
} from '../../city/journal/merkle.ts'
import type { LeafRange, TreeNode } from '../../city/journal/merkle.ts'
import type { Database } from '../database.ts'

/**
 * Adds an entry and answers its index; inside a transaction as its last statement, or two of them wait for
 * each other. The database puts index and time in front.
 */
export async function appendEntry(
  db: Database,
  entry: { readonly what: string } & Readonly<Record<string, unknown>>,
): Promise<number> {
  const { rows } = await sql<{ index: number }>`
    select append_to_journal(${JSON.stringify(entry, keepable)}::json) as index`.execute(db)
  return rows[0]!.index
}

/** What PostgreSQL cannot hold (NUL, half a surrogate pair) must not cost anybody the entry. */
function keepable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed() : value
}

export async function journalHead(db: Database): Promise<Head> {
  const { size, frontier } = await db
    .selectFrom('journal_head')
    .select(['size', 'frontier'])
    .executeTakeFirstOrThrow()
  return { size, root: rootOf(frontier) }
}

/** The entry's text, or null when there is none of this index. */
export async function journalEntry(db: Database, index: number): Promise<string | null> {
  const row = await db
    .selectFrom('journal_entries')
    .select('entry')
    .where('index', '=', index)
    .executeTakeFirst()
  return row?.entry ?? null
}

/** Entries from `from` on, in order. */
export function journalEntries(
  db: Database,
  from: number,
  limit: number,
): Promise<{ readonly index: number; readonly entry: string; readonly leaf: Buffer }[]> {
  return db
    .selectFrom('journal_entries')
    .select(['index', 'entry', 'leaf'])
    .where('index', '>=', from)
    .orderBy('index')
    .limit(limit)
    .execute()
}

/** That entry `index` is in the tree of `size` entries (RFC 9162, section 2.1.3). */
export function inclusionPath(db: Database, index: number, size: number): Promise<Buffer[]> {
  return hashesOf(db, inclusionRanges(index, size))
}

/** That the tree of `size` entries begins with that of `earlier` (RFC 9162, section 2.1.4). */
export function consistencyPath(db: Database, earlier: number, size: number): Promise<Buffer[]> {
  return hashesOf(db, consistencyRanges(earlier, size))
}

/** One question for the nodes, one for the leaves, whatever the size of the tree. */
async function hashesOf(db: Database, ranges: readonly LeafRange[]): Promise<Buffer[]> {
  const wanted = ranges.flatMap(nodesOf)
  const leaves = wanted.filter(({ level }) => level === 0).map(({ position }) => position)
  const inner = wanted.filter(({ level }) => level > 0)
  const known = new Map<string, Buffer>()
  if (leaves.length > 0) {
    const rows = await db
      .selectFrom('journal_entries')
      .select(['index', 'leaf'])
      .where('index', 'in', leaves)
      .execute()
    for (const { index, leaf } of rows) known.set(nameOf({ level: 0, position: index }), leaf)
  }
  if (inner.length > 0) {
    const rows = await db
      .selectFrom('journal_nodes')
      .select(['level', 'position', 'hash'])
      .where((eb) => eb.or(inner.map(({ level, position }) => eb.and({ level, position }))))
      .execute()
    for (const { hash, ...node } of rows) known.set(nameOf(node), hash)
  }
  return ranges.map((range) => hashOfRange(range, (node) => nodeIn(known, node)))
}

/** A node that is gone proves nothing; whoever asks then finds that the proof does not hold. */
function nodeIn(known: ReadonlyMap<string, Buffer>, node: TreeNode): Buffer {
  return known.get(nameOf(node)) ?? Buffer.alloc(32)
}

const nameOf = ({ level, position }: TreeNode): string => `${level}/${position}`
