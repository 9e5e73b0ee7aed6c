/**
 * The marks: the greatest head that was ever anchored, kept in two more places than the anchor's folder, a row of the
 * database and a file of the server. Three places on different volumes fail, and are rolled back, independently. A mark
 * is a signed head: a holder of its place can lower it, but not invent a greater one.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import { readHeads } from '../../city/journal/checkpoint.ts'
import type { HeadVerifier, SignedHead } from '../../city/journal/checkpoint.ts'
import { keyOf } from '../../city/journal/key-chain.ts'
import { unlessMissing } from '../../missing-file.ts'
import type { Database } from '../database.ts'
import { writeWhole } from '../whole-file.ts'

export const markFileIn = (own: string): string => path.join(own, 'mark')

export interface Marks {
  readonly database: SignedHead | null
  readonly file: SignedHead | null
}

/** 'damaged': a mark cannot be read, or none of the keys has signed it. */
export async function readMarks(
  db: Database,
  file: string,
  keys: readonly HeadVerifier[],
): Promise<Marks | 'damaged'> {
  const { head } = await db.selectFrom('journal_mark').select('head').executeTakeFirstOrThrow()
  const marks = {
    database: markIn(head, keys),
    file: markIn((await readFile(file, 'utf8').catch(unlessMissing)) ?? null, keys),
  }
  const { database, file: kept } = marks
  return database === 'damaged' || kept === 'damaged' ? 'damaged' : { database, file: kept }
}

function markIn(text: string | null, keys: readonly HeadVerifier[]): SignedHead | null | 'damaged' {
  if (text === null) return null
  const [head, ...more] = readHeads(text)?.heads ?? []
  return head === undefined || more.length > 0 || keyOf(head, keys) === -1 ? 'damaged' : head
}

/** Several nodes may do this at once, for different heads. */
export async function raiseMarks(
  db: Database,
  file: string,
  { database, file: kept }: Marks,
  head: SignedHead,
): Promise<void> {
  if (database === null || database.size < head.size)
    await sql`select raise_journal_mark(${head.size}, ${head.text})`.execute(db)
  if (kept === null || kept.size < head.size) await writeWhole(file, head.text)
}
