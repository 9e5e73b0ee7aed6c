/** The second step of a sign-in with a password. A passkey needs no second step. */
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import type { SignInMethod } from '../sign-in-method.ts'
import type { Role } from '../roles.ts'
import { factorsOf, acceptTotp } from './factors.ts'
import {
  acceptRecoveryCode,
  looksLikeRecoveryCode,
  recoveryBucket,
  recoveryCodesLeft,
  recoveryPace,
} from './recovery-codes.ts'
import type { Seal } from './sealed.ts'
import { countTry, type Pace } from './tries.ts'

export type SecondStep =
  /** The account has no second factor. */
  | { readonly ok: true; readonly method: 'password' }
  | { readonly ok: true; readonly method: 'totp' | 'recovery' }
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
  const digits = code.replace(/\s/g, '')
  return /^\d{6}$/.test(digits) ? appStep(db, seal, account, digits, now) : recoveryStep(db, account, code)
}

/** Six digits are few for somebody who has the password and many networks: each code counts until one is right. */
async function appStep(
  db: Database,
  seal: Seal,
  account: AgentId,
  digits: string,
  now: number,
): Promise<SecondStep> {
  const retryAfterMs = await countTry(db, { table: 'code_tries', account }, codePace)
  if (retryAfterMs > 0) return { ok: false, why: 'too many codes', retryAfterMs }
  if (!(await acceptTotp(db, seal, account, digits, now))) return { ok: false, why: 'wrong code' }
  await db.deleteFrom('code_tries').where('account', '=', account).execute()
  return { ok: true, method: 'totp' }
}

/** Right codes count as well: whoever has found the list must not use it up before the owner notices. */
async function recoveryStep(db: Database, account: AgentId, code: string): Promise<SecondStep> {
  // Five digits are a slip, no try: it must not keep the owner's recovery codes waiting.
  if (!looksLikeRecoveryCode(code)) return { ok: false, why: 'wrong code' }
  const counted = { table: 'sign_in_tries', bucket: recoveryBucket(account) } as const
  const retryAfterMs = await countTry(db, counted, recoveryPace)
  if (retryAfterMs > 0) return { ok: false, why: 'too many codes', retryAfterMs }
  if (!(await acceptRecoveryCode(db, account, code))) return { ok: false, why: 'wrong code' }
  return { ok: true, method: 'recovery' }
}

/** Whether a role of the account requires a second factor that this session was not opened with. */
export function lacksSecondFactor(
  roles: readonly Role[],
  method: SignInMethod | null,
  required: readonly Role[],
): boolean {
  return (method === null || method === 'password') && roles.some((role) => required.includes(role))
}

const codePace: Pace = {
  freeTries: 5,
  firstDelayMs: 2_000,
  delayMsMax: 15 * 60_000,
  forgetAfterMs: 24 * 3_600_000,
}
