/**
 * The persons whom a new activation code takes. The holder of a code for an account that was entered before becomes that
 * person: so one administrator alone gets it for a newcomer only, or where the activation also asks for the owner's
 * second factor. The database refuses what breaks this (migration 0030).
 */
import { sql, type RawBuilder } from 'kysely'
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { rolesByTwo, type Role } from './roles.ts'

/**
 * `one`: nobody has entered the account yet. `factor`: one administrator, and the activation asks for a second factor;
 * without the factor it is `two`.
 */
export type ResetRule = 'one' | 'factor' | 'two'

/** The account has or had a role with power over others. */
export const hadPower = (account: RawBuilder<unknown>) => sql<boolean>`exists (
  select from account_versions v where v.account = ${account} and v.roles && ${[...rolesByTwo]}::text[])`

/** `account`: a column of the query. */
export const resetRule = (account: RawBuilder<unknown>) => sql<ResetRule>`case
  when ${hadPower(account)} then 'two'
  when not exists (select from account_passwords p where p.account = ${account})
    and not exists (select from account_subjects s where s.account = ${account}) then 'one'
  when exists (
    select from account_factors f where f.account = ${account}
      and not exists (select from account_factor_ends e where e.factor = f.id)) then 'factor'
  else 'two' end`

export async function resetRuleOf(db: Database, account: AgentId): Promise<ResetRule> {
  const { rule } = await db
    .selectFrom('accounts')
    .select(resetRule(sql.ref('accounts.id')).as('rule'))
    .where('id', '=', account)
    .executeTakeFirstOrThrow()
  return rule
}

export async function everHadPower(db: Database, account: AgentId): Promise<boolean> {
  const { power } = await db
    .selectFrom('accounts')
    .select(hadPower(sql.ref('accounts.id')).as('power'))
    .where('id', '=', account)
    .executeTakeFirstOrThrow()
  return power
}

/**
 * Whose confirmation a proposal takes. Supervisors know the agents, whose reset gives no role; an account that has, had
 * or is to have power over others is a matter of administrators.
 */
export function confirmingRoles(power: boolean): readonly Role[] {
  return power ? ['administrator'] : ['administrator', 'supervisor']
}
