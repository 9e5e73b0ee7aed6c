/** The second step of a sign-in with a password. A passkey needs no second step. */
import { sql } from 'kysely'
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import type { SignInMethod } from '../sign-in-method.ts'
import type { Role } from '../roles.ts'
import { factorsOf, acceptTotp } from './factors.ts'
import { recoveryCodesLeft, acceptRecoveryCode } from './recovery-codes.ts'
import type { Seal } from './sealed.ts'

export type SecondStep =
  /** The account has no second factor. */
  | { readonly ok: true; readonly method: 'password' }
  | { readonly ok: true; readonly method: 'totp' }
  | { readonly ok: false; readonly why: 'code needed' | 'passkey needed' | 'wrong code' }
  | { readonly ok: false; readonly why: 'too many codes'; readonly retryAfterMs: number }

/** Checks the code of an authenticator app, or a recovery code. The password was right. */
export async function secondStep(
  db: Database,
  seal: Seal,
  account: AgentId,
  code: string | null,
  now: number,
): Promise<SecondStep> {
  const factors = await factorsOf(db, account)
  if (factors.length === 0) return { ok: true, method: 'password' }
  const hasApp = factors.some(({ kind }) => kind === 'totp')
  if (code === null) {
    const codesLeft = hasApp || (await recoveryCodesLeft(db, account)) > 0
    return { ok: false, why: codesLeft ? 'code needed' : 'passkey needed' }
  }
  const retryAfterMs = await countCode(db, account)
  if (retryAfterMs > 0) return { ok: false, why: 'too many codes', retryAfterMs }
  const digits = code.replace(/\s/g, '')
  const isRight = /^\d{6}$/.test(digits)
    ? await acceptTotp(db, seal, account, digits, now)
    : await acceptRecoveryCode(db, account, code)
  if (!isRight) return { ok: false, why: 'wrong code' }
  await db.deleteFrom('code_tries').where('account', '=', account).execute()
  return { ok: true, method: 'totp' }
}

/** Whether a role of the account requires a second factor that this session was not opened with. */
export function lacksSecondFactor(
  roles: readonly Role[],
  method: SignInMethod | null,
  required: readonly Role[],
): boolean {
  return (method === null || method === 'password') && roles.some((role) => required.includes(role))
}

const freeTries = 5
const firstDelayMs = 2_000
const delayMsMax = 15 * 60_000
const forgetAfterMs = 24 * 3_600_000
const delay = sql`case when c.tries < ${freeTries} then 0
  else least(${firstDelayMs} * 2.0 ^ least(c.tries - ${freeTries}, 20), ${delayMsMax}) end`

/**
 * Counts a code of this account before it is checked, whatever network it comes from: six digits are few for somebody who
 * has the password and many addresses. 0: it may be checked; else ms until the next one may be.
 */
async function countCode(db: Database, account: AgentId): Promise<number> {
  const counted = await sql`
    insert into code_tries as c (account, tries, last_at) values (${account}, 1, clock_timestamp())
    on conflict (account) do update set
      tries = case when c.last_at < clock_timestamp() - ${forgetAfterMs} * interval '1 ms' then 1 else c.tries + 1 end,
      last_at = clock_timestamp()
    where c.last_at <= clock_timestamp() - (${delay}) * interval '1 ms'
      -- The clock was set back.
      or c.last_at > clock_timestamp()
    returning tries`.execute(db)
  if (counted.rows.length === 1) return 0
  const left = await sql<{ ms: number }>`
    select (${delay})::float8 - extract(epoch from clock_timestamp() - c.last_at)::float8 * 1000 as ms
    from code_tries c where account = ${account}`.execute(db)
  return Math.max(1, Math.ceil(left.rows[0]?.ms ?? 0))
}
