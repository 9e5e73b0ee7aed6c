/** Accounts as an administrator looks through them. */
import type { Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import type { Account } from './accounts.ts'

export interface ListedAccount extends Account {
  /** When the present agreement was signed; null: it has to be, before any city data. */
  readonly signedAt: Millis | null
}

export interface AccountPage {
  readonly items: readonly ListedAccount[]
  /** The user name after which the next page begins; null: this is the last one. */
  readonly next: string | null
}

/** By user name, closed ones included. */
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
