/**
 * Changes of accounts by an administrator. Administrators cannot grant themselves a role or close their own account, so
 * that a second person is always involved, and they hold no role with access to city data. The database enforces the
 * same (migration 0010); this code turns its refusals into answers.
 */
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { accountById, closeAccount, type Account } from './accounts.ts'
import { refusedBy } from './refused-rows.ts'
import { mayGoTogether, sameRoles, type Role } from './roles.ts'
import { lockAccesses } from './sessions.ts'

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
        | 'not allowed'
        | 'unknown account'
        | 'account closed'
        | 'own account'
        | 'roles not together'
        | 'contract ended'
    }

/**
 * Whether an account (null: the command line) is open and has one of these roles now: it may have been changed since its
 * request was let in. Until the transaction ends nobody changes it, nor the accounts that the decision is about.
 */
export async function mayDecide(
  trx: Database,
  by: AgentId | null,
  roles: readonly Role[],
  about: readonly AgentId[],
): Promise<boolean> {
  await lockAccesses(trx, by === null ? about : [by, ...about])
  if (by === null) return true
  const decider = await accountById(trx, by)
  return decider !== null && decider.closedAt === null && decider.roles.some((role) => roles.includes(role))
}

/** Replaces the whole account. `by`: the administrator; null: the command line. */
export async function changeAccount(
  db: Database,
  id: AgentId,
  change: AccountChange,
  by: AgentId | null,
): Promise<Changed> {
  try {
    return await db.transaction().execute(async (trx): Promise<Changed> => {
      if (!(await mayDecide(trx, by, ['administrator'], [id]))) return { ok: false, why: 'not allowed' }
      return insertChange(trx, id, change, by)
    })
  } catch (error) {
    if (refusedBy(error, 'employer_has_contract')) return { ok: false, why: 'contract ended' }
    if (refusedBy(error, 'closed_for_good')) return { ok: false, why: 'account closed' }
    throw error
  }
}

async function insertChange(
  trx: Database,
  id: AgentId,
  change: AccountChange,
  by: AgentId | null,
): Promise<Changed> {
  const account = await accountById(trx, id)
  if (account === null) return { ok: false, why: 'unknown account' }
  if (account.closedAt !== null) return { ok: false, why: 'account closed' }
  const { name, employer } = change
  const roles = [...new Set(change.roles)]
  if (!mayGoTogether(roles)) return { ok: false, why: 'roles not together' }
  const keepsRoles = sameRoles(roles, account.roles)
  if (id === by && !keepsRoles) return { ok: false, why: 'own account' }
  if (keepsRoles && name === account.name && employer === account.employer) return { ok: true, account }
  await trx
    .insertInto('account_versions')
    .values({ account: id, name, employer, roles, closed: false, by })
    .execute()
  return { ok: true, account: { ...account, name, employer, roles } }
}

/** Closes another person's account. */
export async function closeOthersAccount(
  db: Database,
  id: AgentId,
  by: AgentId,
): Promise<'closed' | 'was closed' | 'unknown account' | 'own account' | 'not allowed'> {
  if (id === by) return 'own account'
  return db.transaction().execute(async (trx) => {
    if (!(await mayDecide(trx, by, ['administrator'], [id]))) return 'not allowed'
    return closeAccount(trx, id, by)
  })
}
