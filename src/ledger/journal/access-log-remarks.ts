/** What the auditor remarks on an entry of the journal, later: an entry of its own, so that neither is ever changed. */
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { appendEntry } from './journal.ts'

export interface Remark {
  /** Its own place in the journal. */
  readonly index: number
  readonly at: Millis
  /** The name of who wrote it. */
  readonly by: string
  readonly text: string
}

/** Answers the remark's own index. The entry that it cites must be there. */
export function addRemark(
  db: Database,
  { entry, account, text }: { readonly entry: number; readonly account: AgentId; readonly text: string },
): Promise<number> {
  return appendEntry(db, { what: 'remark', account, about: String(entry), text })
}

/** By the entry that they cite, oldest first. */
export async function remarksOn(
  db: Database,
  entries: readonly number[],
): Promise<ReadonlyMap<number, readonly Remark[]>> {
  if (entries.length === 0) return new Map()
  const rows = await db
    .selectFrom('journal_remarks as remark')
    .leftJoin('current_accounts as who', 'who.id', 'remark.account')
    .select(['remark.index', 'remark.at', 'remark.account', 'remark.entry', 'remark.text', 'who.name'])
    .where('remark.entry', 'in', entries.map(String))
    .orderBy('remark.index')
    .execute()
  return Map.groupBy(
    rows.map(({ name, account, ...row }) => ({ ...row, by: name ?? account })),
    ({ entry }) => Number(entry),
  )
}
