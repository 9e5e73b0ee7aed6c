/**
 * Changes of accounts by an administrator. Administrators cannot grant themselves a role or close their own account, so
 * that a second person is always involved, and they hold no role with access to city data. The database enforces the
 * same (migration 0010); this code turns its refusals into answers.
 */
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { accountById, closeAccount, type Account } from './accounts.ts'
import { refusedBy } from './refused-rows.ts'
import { mayGoTogether, type Role } from './roles.ts'

export interface AccountChange {
  readonly name: string
  readonly employer: string
  readonly roles: readonly Role[]
}

export type Changed =
  | { readonly ok: true; readonly account: Account }
  | {
      readonly ok: false
      readonly why:
        | 'unknown account'
        | 'account closed'
        | 'own account'
        | 'roles not together'
        | 'contract ended'
    }

/** Replaces the whole account. `by`: the administrator; null: the command line. */
export async function changeAccount(
  db: Database,
  id: AgentId,
  change: AccountChange,
  by: AgentId | null,
): Promise<Changed> {
  const account = await accountById(db, id)
  if (account === null) return { ok: false, why: 'unknown account' }
  if (account.closedAt !== null) return { ok: false, why: 'account closed' }
  const { name, employer } = change
  const roles = [...new Set(change.roles)]
  if (!mayGoTogether(roles)) return { ok: false, why: 'roles not together' }
  const sameRoles = roles.length === account.roles.length && roles.every((one) => account.roles.includes(one))
  if (id === by && !sameRoles) return { ok: false, why: 'own account' }
  if (sameRoles && name === account.name && employer === account.employer) return { ok: true, account }
  try {
    await db
      .insertInto('account_versions')
      .values({ account: id, name, employer, roles, closed: false, by })
      .execute()
  } catch (error) {
    if (refusedBy(error, 'employer_has_contract')) return { ok: false, why: 'contract ended' }
    if (refusedBy(error, 'closed_for_good')) return { ok: false, why: 'account closed' }
    throw error
  }
  return { ok: true, account: { ...account, name, employer, roles } }
}

/** Closes another person's account. */
export async function closeOthersAccount(
  db: Database,
  id: AgentId,
  by: AgentId,
): Promise<'closed' | 'was closed' | 'unknown account' | 'own account'> {
  return id === by ? 'own account' : closeAccount(db, id, by)
}
