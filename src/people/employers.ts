/**
 * Employers: the city hall and firms under contract (processors of its data). When a contract ends, all accounts of the
 * firm are closed, and none can be opened until the contract is renewed.
 */
import { sql } from 'kysely'
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { mayDecide } from './account-changes.ts'

export interface Employer {
  readonly name: string
  /** Number of open accounts. */
  readonly accounts: number
  readonly ended: boolean
}

/** Every employer that an account has or had, by name. */
export async function listEmployers(db: Database, limit: number): Promise<Employer[]> {
  const rows = await db
    .selectFrom('account_versions as version')
    .select((eb) => [
      'version.employer as name',
      eb
        .selectFrom('current_accounts')
        .select((one) => one.fn.countAll<number>().as('count'))
        .whereRef('current_accounts.employer', '=', 'version.employer')
        .where('closed_at', 'is', null)
        .as('accounts'),
      eb
        .selectFrom('employer_contracts')
        .select('ended')
        .whereRef('employer_contracts.employer', '=', 'version.employer')
        .orderBy('id', 'desc')
        .limit(1)
        .as('ended'),
    ])
    .groupBy('version.employer')
    .orderBy('version.employer')
    .limit(limit)
    .execute()
  return rows.map(({ name, accounts, ended }) => ({ name, accounts: accounts ?? 0, ended: ended ?? false }))
}

export type ContractEnd =
  | { readonly ok: true; readonly closed: number }
  | { readonly ok: false; readonly why: 'unknown employer' | 'own employer' | 'not allowed' }

/** Closes the employer's open accounts; their sessions end on every node. Idempotent. */
export async function endContract(db: Database, employer: string, by: AgentId | null): Promise<ContractEnd> {
  return db.transaction().execute(async (trx): Promise<ContractEnd> => {
    // The accounts before the employer, as every other change of an account locks them.
    const present = (await openAccountsOf(trx, employer)).map(({ id }) => id)
    if (!(await mayDecide(trx, by, ['administrator'], present))) return { ok: false, why: 'not allowed' }
    await lockEmployer(trx, employer)
    if (!(await isKnown(trx, employer))) return { ok: false, why: 'unknown employer' }
    const open = await openAccountsOf(trx, employer)
    if (open.some(({ id }) => id === by)) return { ok: false, why: 'own employer' }
    await trx.insertInto('employer_contracts').values({ employer, ended: true, by }).execute()
    const rows = open.map(({ id, name, roles }) => ({ account: id, name, roles, employer, closed: true, by }))
    if (rows.length > 0) await trx.insertInto('account_versions').values(rows).execute()
    return { ok: true, closed: rows.length }
  })
}

function openAccountsOf(trx: Database, employer: string) {
  return trx
    .selectFrom('current_accounts')
    .select(['id', 'name', 'roles'])
    .where('employer', '=', employer)
    .where('closed_at', 'is', null)
    .execute()
}

/** Allows new accounts of the employer; closed ones stay closed. */
export async function renewContract(
  db: Database,
  employer: string,
  by: AgentId | null,
): Promise<'renewed' | 'unknown employer'> {
  return db.transaction().execute(async (trx) => {
    await lockEmployer(trx, employer)
    if (!(await isKnown(trx, employer))) return 'unknown employer'
    await trx.insertInto('employer_contracts').values({ employer, ended: false, by }).execute()
    return 'renewed'
  })
}

/** The lock that every new row of an account takes (migration 0010). */
async function lockEmployer(trx: Database, employer: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(969010, hashtext(${employer}))`.execute(trx)
}

async function isKnown(trx: Database, employer: string): Promise<boolean> {
  const row = await trx
    .selectFrom('account_versions')
    .select('id')
    .where('employer', '=', employer)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
