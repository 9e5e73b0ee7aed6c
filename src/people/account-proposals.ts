/**
 * New activation codes, and the proposals that precede them where two persons have to agree: one administrator proposes
 * and gets the first half of the code, another person confirms and gets the second half. The owner needs both. The command
 * line (`by` null) may confirm, for a city hall with a single administrator.
 */
import { sql } from 'kysely'
import type { AgentId, Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { mayDecide } from './account-changes.ts'
import { accountById, type Account } from './accounts.ts'
import { codeDigest, newHalfCode } from './activation-code.ts'
import { insertActivation, insertWholeCode, type IssuedCode } from './activations.ts'
import { refusedBy } from './refused-rows.ts'
import { confirmingRoles, everHadPower, hadPower, resetRuleOf } from './reset-rules.ts'
import { mayGoTogether, needsTwo, sameRoles, type Role } from './roles.ts'

export const proposalDays = 7

export interface Proposal {
  readonly id: number
  readonly account: AgentId
  /** The account's roles once it is confirmed. */
  readonly roles: Role[]
  /** The roles stay as they are. */
  readonly isReset: boolean
  readonly by: { readonly id: AgentId; readonly name: string }
  readonly at: Millis
  readonly owner: Pick<Account, 'id' | 'username' | 'name' | 'employer' | 'roles'>
  /** Whose confirmation it takes. */
  readonly decidedBy: readonly Role[]
}

export type CodeRequested =
  | { readonly ok: true; readonly code: IssuedCode }
  | { readonly ok: false; readonly why: 'not allowed' | 'proposal open' | 'roles not together' }

export interface CodeRequest {
  readonly account: AgentId
  /** As the administrator sees them. */
  readonly rolesBefore: readonly Role[]
  readonly roles: readonly Role[]
  readonly by: AgentId
  /** The owner has lost the second factor as well. */
  readonly endFactors?: boolean
}

/** A whole code; or a proposal and the first half of its code, and until it is confirmed the account stays as it is. */
export function requestCode(db: Database, request: CodeRequest): Promise<CodeRequested> {
  const { account, roles, by, endFactors = false } = request
  return db.transaction().execute(async (trx): Promise<CodeRequested> => {
    if (!mayGoTogether(roles)) return { ok: false, why: 'roles not together' }
    if (!(await mayDecide(trx, by, ['administrator'], [account]))) return { ok: false, why: 'not allowed' }
    const rule = needsTwo(roles) ? 'two' : await resetRuleOf(trx, account)
    if (rule === 'two' || (rule === 'factor' && endFactors)) return propose(trx, request)
    return { ok: true, code: await insertWholeCode(trx, { account, by, keepsFactors: rule === 'factor' }) }
  })
}

async function propose(
  trx: Database,
  { account, rolesBefore, roles, by }: CodeRequest,
): Promise<CodeRequested> {
  const code = newHalfCode()
  if ((await openProposals(trx, account)).length > 0) return { ok: false, why: 'proposal open' }
  await trx
    .insertInto('account_proposals')
    .values({
      account,
      roles: [...roles],
      roles_before: [...rolesBefore],
      code_digest: codeDigest(code),
      by,
    })
    .execute()
  return { ok: true, code: { code, half: true, expiresAt: null } }
}

/** Neither confirmed nor refused nor void; of all accounts or of one. */
export async function openProposals(db: Database, account: AgentId | null = null): Promise<Proposal[]> {
  let asked = openOnes(db).select(['p.id', 'p.account', 'p.roles', 'p.recorded_at as at'])
  if (account !== null) asked = asked.where('p.account', '=', account)
  const rows = await asked
    .innerJoin('current_accounts as proposer', 'proposer.id', 'p.by')
    .select(['proposer.id as byId', 'proposer.name as byName'])
    .select(['a.username', 'a.name', 'a.employer', 'a.roles as present'])
    .select(hadPower(sql.ref('p.account')).as('hadPower'))
    .orderBy('p.id')
    .execute()
  return rows.map(({ id, account, roles, at, byId, byName, ...row }) => {
    const { username, name, employer, present, hadPower: power } = row
    const owner = { id: account, username, name, employer, roles: present }
    const decidedBy = confirmingRoles(power || needsTwo(roles))
    const isReset = sameRoles(roles, present)
    return { id, account, roles, isReset, at, by: { id: byId, name: byName }, owner, decidedBy }
  })
}

type NotDecided = 'no such proposal' | 'decided' | 'own proposal' | 'not allowed'

export type Confirmed =
  | {
      readonly ok: true
      readonly account: AgentId
      readonly roles: readonly Role[]
      readonly code: IssuedCode
    }
  | { readonly ok: false; readonly why: NotDecided | 'contract ended' | 'account closed' }

/** `by`: the second person; null: the command line. */
export async function confirmProposal(db: Database, id: number, by: AgentId | null): Promise<Confirmed> {
  const code = newHalfCode()
  try {
    return await db.transaction().execute(async (trx): Promise<Confirmed> => {
      const found = await decide(trx, id, 'confirmed', by)
      if (!found.ok) return found
      const { account, roles, first, proposedBy } = found
      const before = await accountById(trx, account)
      if (before === null || before.closedAt !== null) return { ok: false, why: 'account closed' }
      // The command line answers for what it has confirmed.
      const persons = by === null ? { by: null, confirmedBy: null } : { by: proposedBy, confirmedBy: by }
      if (!sameRoles(roles, before.roles))
        await trx
          .insertInto('account_versions')
          .values({
            account,
            name: before.name,
            employer: before.employer,
            roles,
            closed: false,
            by: persons.by,
            confirmed_by: persons.confirmedBy,
          })
          .execute()
      const activation = { account, ...persons, first, second: codeDigest(code), keepsFactors: false }
      const expiresAt = await insertActivation(trx, activation)
      return { ok: true, account, roles, code: { code, half: true, expiresAt } }
    })
  } catch (error) {
    if (refusedBy(error, 'employer_has_contract')) return { ok: false, why: 'contract ended' }
    if (refusedBy(error, 'closed_for_good')) return { ok: false, why: 'account closed' }
    throw error
  }
}

/** Also by the administrator who proposed it. */
export function refuseProposal(db: Database, id: number, by: AgentId): Promise<'refused' | NotDecided> {
  return db.transaction().execute(async (trx) => {
    const found = await decide(trx, id, 'refused', by)
    return found.ok ? 'refused' : found.why
  })
}

async function decide(
  trx: Database,
  id: number,
  outcome: 'confirmed' | 'refused',
  by: AgentId | null,
): Promise<
  | {
      readonly ok: true
      readonly account: AgentId
      readonly roles: Role[]
      readonly first: Buffer
      readonly proposedBy: AgentId | null
    }
  | { readonly ok: false; readonly why: NotDecided }
> {
  const known = await trx
    .selectFrom('account_proposals')
    .select(['account', 'roles', 'code_digest as first', 'by as proposedBy'])
    .where('id', '=', id)
    .executeTakeFirst()
  if (known === undefined) return { ok: false, why: 'no such proposal' }
  const { account, roles, proposedBy } = known
  const deciding = confirmingRoles(needsTwo(roles) || (await everHadPower(trx, account)))
  const others = proposedBy === null ? [account] : [account, proposedBy]
  if (!(await mayDecide(trx, by, deciding, others))) return { ok: false, why: 'not allowed' }
  const open = await openOnes(trx).select('p.id').where('p.id', '=', id).executeTakeFirst()
  if (open === undefined) return { ok: false, why: 'decided' }
  if (outcome === 'confirmed' && by !== null && (by === known.proposedBy || by === known.account))
    return { ok: false, why: 'own proposal' }
  await trx.insertInto('account_proposal_ends').values({ proposal: id, outcome, by }).execute()
  return { ok: true, ...known }
}

/** A proposal ends with time, with the administrator who made it, and with the roles that the account had. */
function openOnes(db: Database) {
  return db
    .selectFrom('account_proposals as p')
    .leftJoin('account_proposal_ends as e', 'e.proposal', 'p.id')
    .innerJoin('current_accounts as a', 'a.id', 'p.account')
    .innerJoin('current_accounts as by', 'by.id', 'p.by')
    .where('e.proposal', 'is', null)
    .where('a.closed_at', 'is', null)
    .where('by.closed_at', 'is', null)
    .where(sql<boolean>`'administrator' = any (by.roles)`)
    .where(sql<boolean>`p.roles_before @> a.roles and p.roles_before <@ a.roles`)
    .where('p.recorded_at', '>', sql<Millis>`now() - make_interval(days => ${proposalDays})`)
}
