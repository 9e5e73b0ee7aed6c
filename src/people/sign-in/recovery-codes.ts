/**
 * Recovery codes: each replaces the second factor once, when the phone with the app is lost. Ten of 80 random bits; the
 * database keeps their digests. A new set makes the earlier codes void.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { base32 } from './totp.ts'
import type { Pace } from './tries.ts'

/** A lost phone takes one code, and then new ones. */
export const recoveryPace: Pace = {
  freeTries: 3,
  firstDelayMs: 20 * 60_000,
  delayMsMax: 20 * 60_000,
  forgetAfterMs: 60 * 60_000,
}

/** Under which the uses of an account's codes are counted. */
export const recoveryBucket = (account: AgentId): Buffer =>
  createHash('sha256').update(`linia recovery codes of ${account}`).digest()

const codesPerSet = 10
const codeBytes = 10
/** `codeBytes` in base32, with or without what people put between the groups. */
const codePattern = /^[A-Z2-7]{16}$/

/** A new set, as its owner writes it down: `ABCD-EFGH-IJKL-MNOP`. */
export async function newRecoveryCodes(db: Database, account: AgentId): Promise<readonly string[]> {
  const codes = Array.from({ length: codesPerSet }, () => base32(randomBytes(codeBytes)))
  const code_set = randomUUID()
  await db
    .insertInto('recovery_codes')
    .values(codes.map((code) => ({ account, code_set, digest: digestOf(code) })))
    .execute()
  await db.deleteFrom('sign_in_tries').where('bucket', '=', recoveryBucket(account)).execute()
  return codes.map((code) => (code.match(/.{4}/g) ?? []).join('-'))
}

export async function recoveryCodesLeft(db: Database, account: AgentId): Promise<number> {
  return (await unused(db, account).select('c.id').execute()).length
}

/** None of the codes is accepted any more. */
export async function voidRecoveryCodes(db: Database, account: AgentId): Promise<void> {
  const codes = await unused(db, account)
    .select(['c.id as code', sql<true>`true`.as('void')])
    .execute()
  if (codes.length === 0) return
  await db
    .insertInto('recovery_code_uses')
    .values(codes)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Whether somebody typed something of the form of a recovery code. */
export const looksLikeRecoveryCode = (given: string): boolean => codePattern.test(bare(given))

/** When the owner, or somebody in their place, last used a code; null: never. Codes that a reset made void are no uses. */
export async function recoveryUsedAt(db: Database, account: AgentId): Promise<Millis | null> {
  const used = await db
    .selectFrom('recovery_code_uses as u')
    .innerJoin('recovery_codes as c', 'c.id', 'u.code')
    .select('u.recorded_at as at')
    .where('c.account', '=', account)
    .where('u.void', 'is', null)
    .orderBy('u.recorded_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return used?.at ?? null
}

/** True once for each code of the newest set. */
export async function acceptRecoveryCode(db: Database, account: AgentId, given: string): Promise<boolean> {
  const code = bare(given)
  const found = await unused(db, account)
    .select('c.id')
    .where('c.digest', '=', digestOf(code))
    .executeTakeFirst()
  if (found === undefined) return false
  const used = await db
    .insertInto('recovery_code_uses')
    .values({ code: found.id })
    .onConflict((conflict) => conflict.doNothing())
    .returning('code')
    .executeTakeFirst()
  return used !== undefined
}

function unused(db: Database, account: AgentId) {
  return db
    .selectFrom('recovery_codes as c')
    .where('c.account', '=', account)
    .where(
      'c.code_set',
      '=',
      sql<string>`(select code_set from recovery_codes where account = ${account} order by id desc limit 1)`,
    )
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('recovery_code_uses as u').select('u.code').whereRef('u.code', '=', 'c.id')),
      ),
    )
}

const bare = (given: string): string => given.toUpperCase().replace(/[^A-Z\d]/g, '')

function digestOf(code: string): Buffer {
  return createHash('sha256').update(`linia recovery ${code}`).digest()
}
