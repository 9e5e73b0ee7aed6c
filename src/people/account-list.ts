/** The list of accounts for administrators, in pages. */
import type { Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import type { Account } from './accounts.ts'

export interface ListedAccount extends Account {
  /** When the current agreement was signed; null: not yet, which bars access to city data. */
  readonly signedAt: Millis | null
}

export interface AccountPage {
  readonly items: readonly ListedAccount[]
  /** Username after which the next page begins; null on the last page. */
  readonly next: string | null
}

/** By username, closed accounts included. */
export async function accountPage(
  db: Database,
  page: { readonly after: string | null; readonly limit: number },
): Promise<AccountPage> {
  let asked = db
    .selectFrom('current_accounts')
    .innerJoin('agreement_standing', 'agreement_standing.account', 'current_accounts.id')
    .select(['id', 'username', 'name', 'employer', 'roles', 'closed_at as closedAt', 'signed_at as signedAt'])
    .orderBy('username')
    .limit(page.limit + 1)
  if (page.after !== null) asked = asked.where('username', '>', page.after)
  const rows = await asked.execute()
  const items = rows.slice(0, page.limit)
  return { items, next: rows.length > page.limit ? (items.at(-1)?.username ?? null) : null }
}

export async function listedAccount(db: Database, id: Account['id']): Promise<ListedAccount | null> {
  const row = await db
    .selectFrom('current_accounts')
    .innerJoin('agreement_standing', 'agreement_standing.account', 'current_accounts.id')
    .select(['id', 'username', 'name', 'employer', 'roles', 'closed_at as closedAt', 'signed_at as signedAt'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}
