/** The list of accounts for administrators, in pages. */
import { sql } from 'kysely'
import type { AgentId, Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { openProposals, type Proposal } from './account-proposals.ts'
import type { Account } from './accounts.ts'
import { resetRule, type ResetRule } from './reset-rules.ts'

export interface ListedAccount extends Account {
  /** When the current agreement was signed; null: not yet, which bars access to city data. */
  readonly signedAt: Millis | null
  /** Since when the present password is valid; null: the account was never activated. */
  readonly passwordAt: Millis | null
  readonly activation: Activation | null
  /** Awaits the confirmation of a second person. */
  readonly proposal: Proposal | null
  readonly resetRule: ResetRule
}

/** The newest activation. */
export interface Activation {
  readonly issuedAt: Millis
  readonly expiresAt: Millis
  readonly expired: boolean
  /** Name of the administrator; null: the command line. */
  readonly by: string | null
  readonly openedAt: Millis | null
  readonly usedAt: Millis | null
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
  let asked = listed(db)
    .orderBy('a.username')
    .limit(page.limit + 1)
  if (page.after !== null) asked = asked.where('a.username', '>', page.after)
  const rows = await asked.execute()
  const proposals = await openProposals(db)
  const items = rows.slice(0, page.limit).map((row) => accountIn(row, proposals))
  return { items, next: rows.length > page.limit ? (items.at(-1)?.username ?? null) : null }
}

export async function listedAccount(db: Database, id: AgentId): Promise<ListedAccount | null> {
  const row = await listed(db).where('a.id', '=', id).executeTakeFirst()
  return row === undefined ? null : accountIn(row, await openProposals(db, id))
}

function listed(db: Database) {
  return db
    .selectFrom('current_accounts as a')
    .innerJoin('agreement_standing', 'agreement_standing.account', 'a.id')
    .innerJoin('account_access as access', 'access.account', 'a.id')
    .leftJoin('current_accounts as issuer', 'issuer.id', 'access.issued_by')
    .select(['a.id', 'a.username', 'a.name', 'a.employer', 'a.roles', 'a.closed_at as closedAt'])
    .select(['signed_at as signedAt', 'password_at as passwordAt', 'issued_at as issuedAt'])
    .select(sql<boolean>`coalesce(access.expires_at <= now(), false)`.as('expired'))
    .select(['expires_at as expiresAt', 'opened_at as openedAt', 'used_at as usedAt', 'issuer.name as by'])
    .select(resetRule(sql.ref('a.id')).as('resetRule'))
}

type Row = Awaited<ReturnType<ReturnType<typeof listed>['execute']>>[number]

function accountIn(row: Row, proposals: readonly Proposal[]): ListedAccount {
  const { issuedAt, expiresAt, expired, openedAt, usedAt, by, ...account } = row
  return {
    ...account,
    activation:
      issuedAt === null || expiresAt === null ? null : { issuedAt, expiresAt, expired, openedAt, usedAt, by },
    proposal: proposals.find((one) => one.account === account.id) ?? null,
  }
}
