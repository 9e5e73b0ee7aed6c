/**
 * The auditor's remarks on journal entries. A remark is an entry of its own, so no entry is ever changed. The entry has the
 * digest of its text, which ends by retention.
 */
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { addObligatoryText } from '../retention/free-texts.ts'
import { appendEntry } from './journal.ts'

export interface Remark {
  /** The remark's own index in the journal. */
  readonly index: number
  readonly at: Millis
  /** The author's name. */
  readonly by: string
  /** Empty when retention has deleted it. */
  readonly text: string
}

/** Returns the remark's own index. The cited entry must exist. */
export function addRemark(
  db: Database,
  { entry, account, text }: { readonly entry: number; readonly account: AgentId; readonly text: string },
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const textDigest = (await addObligatoryText(trx, text)).toString('hex')
    return appendEntry(trx, { what: 'remark', account, about: String(entry), textDigest })
  })
}

/** Remarks by the index of the cited entry, oldest first. */
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
    rows.map(({ name, account, text, ...row }) => ({ ...row, by: name ?? account, text: text ?? '' })),
    ({ entry }) => Number(entry),
  )
}
