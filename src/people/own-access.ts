/** A person's own access: the password, sessions, sign-ins. */
import { sql } from 'kysely'
import type { AgentId, Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { authenticate, currentPassword, insertPassword, type Account } from './accounts.ts'
import { passwordProblem, type PasswordProblem } from './passwords/rules.ts'
import { hashPassword } from './passwords/hash.ts'
import { endSessionsOf, lockAccess, sessionHoursMax } from './sessions.ts'
import type { SignInMethod } from './sign-in-method.ts'
import { recoveryUsedAt } from './sign-in/recovery-codes.ts'

export type PasswordChanged = 'changed' | 'wrong password' | PasswordProblem

/** The owner replaces the password. All sessions end, except the one of `keep` (a token). */
export async function changePassword(
  db: Database,
  account: Account,
  { current, password, keep }: { readonly current: string; readonly password: string; readonly keep: string },
): Promise<PasswordChanged> {
  const checked = await authenticate(db, account.username, current, 'first')
  if (checked === null) return 'wrong password'
  const problem = passwordProblem(password, account)
  if (problem !== null) return problem
  const hash = await hashPassword(password)
  return db.transaction().execute(async (trx) => {
    await lockAccess(trx, account.id)
    // Replaced meanwhile, from another browser or by a reset.
    if ((await currentPassword(trx, account.id))?.id !== checked.password) return 'wrong password'
    await insertPassword(trx, account.id, hash)
    await endSessionsOf(trx, account.id, { keep })
    return 'changed'
  })
}

export interface OwnAccess {
  /** Since when the present password is valid. */
  readonly passwordAt: Millis | null
  /** The newest activation; null: the account is older than activations. */
  readonly activation: {
    readonly issuedAt: Millis
    /** Name of the administrator; null: the command line. */
    readonly by: string | null
    readonly openedAt: Millis | null
    readonly usedAt: Millis | null
  } | null
  /** When a recovery code was last used, at a sign-in or an activation; null: never. */
  readonly recoveryUsedAt: Millis | null
  /** Open sessions, this one included. */
  readonly sessions: number
  /** Newest first. */
  readonly signIns: readonly {
    readonly at: Millis
    readonly address: string
    readonly method: SignInMethod | null
  }[]
  /** Refused tries with this account's name, newest first: one for each day and network. */
  readonly refused: readonly { readonly lastAt: Millis; readonly address: string; readonly tries: number }[]
}

const signInsMax = 20
const refusedMax = 20

export async function ownAccess(db: Database, account: AgentId): Promise<OwnAccess> {
  const access = await db
    .selectFrom('account_access')
    .leftJoin('current_accounts as issuer', 'issuer.id', 'account_access.issued_by')
    .select(['password_at', 'issued_at', 'opened_at', 'used_at', 'issuer.name as by'])
    .where('account', '=', account)
    .executeTakeFirstOrThrow()
  const signIns = await db
    .selectFrom('sign_ins')
    // Until retention has deleted the network.
    .innerJoin('sign_in_networks as from', 'from.sign_in', 'sign_ins.id')
    .select(['sign_ins.recorded_at as at', 'from.network as address', 'method'])
    .where('account', '=', account)
    .where('outcome', '=', 'signed in')
    .orderBy('sign_ins.recorded_at', 'desc')
    .limit(signInsMax)
    .execute()
  const refused = await db
    .selectFrom('refused_sign_ins')
    .select(['last_at as lastAt', 'address'])
    .select((eb) => eb('refused', '+', eb.ref('slowed_down')).as('tries'))
    .where('account', '=', account)
    .orderBy('day', 'desc')
    .orderBy('last_at', 'desc')
    .limit(refusedMax)
    .execute()
  const open = await db
    .selectFrom('sessions')
    .leftJoin('session_ends', 'session_ends.token_digest', 'sessions.token_digest')
    .select((eb) => eb.fn.countAll<number>().as('sessions'))
    .where('account', '=', account)
    .where('session_ends.token_digest', 'is', null)
    .where('sessions.recorded_at', '>', sql<Millis>`now() - make_interval(hours => ${sessionHoursMax})`)
    .executeTakeFirstOrThrow()
  const { password_at: passwordAt, issued_at: issuedAt, opened_at: openedAt, used_at: usedAt, by } = access
  return {
    passwordAt,
    activation: issuedAt === null ? null : { issuedAt, by, openedAt, usedAt },
    recoveryUsedAt: await recoveryUsedAt(db, account),
    sessions: open.sessions,
    signIns,
    refused,
  }
}
