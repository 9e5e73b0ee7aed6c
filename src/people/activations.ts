/**
 * Activation: the only way to an account's first password, and to a new one when it was lost. A code works once, in the
 * browser that opened it first, until it expires or a newer one replaces it. While a code is pending, the old password
 * opens nothing: a reset cannot happen unseen by the owner.
 */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { AgentId, Millis } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { accountById, insertPassword, type Account } from './accounts.ts'
import { codeDigest, digestsOf, newWholeCode } from './activation-code.ts'
import { endTokensOf } from './programs/tokens.ts'
import { passwordProblem, type PasswordProblem } from './passwords/rules.ts'
import { hashPassword } from './passwords/hash.ts'
import { endSessionsOf, lockAccess } from './sessions.ts'
import { endFactor, factorsOf } from './sign-in/factors.ts'
import { voidRecoveryCodes } from './sign-in/recovery-codes.ts'
import { endLinksOf } from './sign-in/subjects.ts'

const activationHours = 72

export interface IssuedCode {
  readonly code: string
  /** One half of two: another person has the other one. */
  readonly half: boolean
  /** Null: the term begins when another person has confirmed. */
  readonly expiresAt: Millis | null
}

interface Issuing {
  readonly account: AgentId
  /** The administrator; null: the command line. */
  readonly by: AgentId | null
  /** The owner's second factors stay valid, and the activation asks for one of them. */
  readonly keepsFactors: boolean
}

/** Whether the account has ever had a code, or a password. */
export async function hadCode(db: Database, account: AgentId): Promise<boolean> {
  const found = await db
    .selectFrom('account_activations')
    .select('account')
    .where('account', '=', account)
    .unionAll(db.selectFrom('account_passwords').select('account').where('account', '=', account))
    .limit(1)
    .execute()
  return found.length > 0
}

/** The command line's: ends the second factors as well. */
export function issueActivation(db: Database, account: Pick<Issuing, 'account' | 'by'>): Promise<IssuedCode> {
  return db.transaction().execute((trx) => insertWholeCode(trx, { ...account, keepsFactors: false }))
}

/** For an account that one person may open or reset (`reset-rules.ts`). Call it inside a transaction. */
export async function insertWholeCode(trx: Database, issuing: Issuing): Promise<IssuedCode> {
  const code = newWholeCode()
  const digests = { first: codeDigest(code), second: null }
  const expiresAt = await insertActivation(trx, { ...issuing, confirmedBy: null, ...digests })
  return { code, half: false, expiresAt }
}

/** Voids what opened the account until now. Call it inside a transaction. */
export async function insertActivation(
  trx: Database,
  activation: Issuing & {
    readonly confirmedBy: AgentId | null
    readonly first: Buffer
    readonly second: Buffer | null
  },
): Promise<Millis> {
  await resetCredentials(trx, activation)
  const { account, by, confirmedBy: confirmed_by, first: code_digest, second: second_digest } = activation
  const keeps_factors = activation.keepsFactors ? true : null
  const expires_at = sql<Date>`now() + make_interval(hours => ${activationHours})`
  const inserted = await trx
    .insertInto('account_activations')
    .values({ account, by, confirmed_by, code_digest, second_digest, keeps_factors, expires_at })
    .returning('expires_at as expiresAt')
    .executeTakeFirstOrThrow()
  return inserted.expiresAt
}

/** Every way into the account ends here, except the password, which an activation ends, and factors that are kept. */
async function resetCredentials(trx: Database, { account, by, keepsFactors }: Issuing): Promise<void> {
  await endSessionsOf(trx, account)
  await endTokensOf(trx, account, by)
  await endLinksOf(trx, account, by)
  if (keepsFactors) return
  for (const { id } of await factorsOf(trx, account)) await endFactor(trx, account, id, by)
  await voidRecoveryCodes(trx, account)
}

export type NoActivation =
  | 'unknown code'
  | 'used'
  | 'expired'
  | 'replaced'
  | 'other browser'
  | 'account closed'

export interface OpenedActivation {
  readonly account: Account
  readonly expiresAt: Millis
  /** The account had a password before. */
  readonly isReset: boolean
  /** The activation asks for a second factor of the owner. */
  readonly asksFactor: boolean
}

type Opened = ({ readonly ok: true } & OpenedActivation) | { readonly ok: false; readonly why: NoActivation }

/** Binds the code to this browser, of which `browser` is a secret key. */
export function openActivation(db: Database, typed: string, browser: string): Promise<Opened> {
  return db.transaction().execute(async (trx): Promise<Opened> => {
    const found = await findActivation(trx, typed, browser)
    if (!found.ok) return found
    const { id, openedBy, ...opened } = found
    if (openedBy === null) await insertEvent(trx, id, 'opened', browser)
    return opened
  })
}

export type Activated =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly why: NoActivation | PasswordProblem | 'factor needed' }

interface Activating {
  readonly code: string
  readonly browser: string
  readonly password: string
  /** Whether the owner's second factor was shown; asked where the code alone is not enough. */
  readonly provesFactor?: (account: Account) => Promise<boolean>
}

/** Sets the account's password with the code. `hash` replaces `hashPassword` in tests. */
export async function useActivation(
  db: Database,
  { code, browser, password, provesFactor = () => Promise.resolve(false) }: Activating,
  hash: (password: string) => Promise<string> = hashPassword,
): Promise<Activated> {
  // A hash takes memory and a thread for long: it is not made for a stranger who guesses codes, nor for a weak password.
  const opened = await openActivation(db, code, browser)
  if (!opened.ok) return opened
  const problem = passwordProblem(password, opened.account)
  if (problem !== null) return { ok: false, why: problem }
  if (opened.asksFactor && !(await provesFactor(opened.account))) return { ok: false, why: 'factor needed' }
  const hashed = await hash(password)
  return db.transaction().execute(async (trx): Promise<Activated> => {
    const found = await findActivation(trx, code, browser)
    if (!found.ok) return found
    const { account, asksFactor: keepsFactors } = found
    await insertEvent(trx, found.id, 'used', browser)
    await insertPassword(trx, account.id, hashed)
    await resetCredentials(trx, { account: account.id, by: account.id, keepsFactors })
    return { ok: true, account }
  })
}

type Found =
  | ({ readonly ok: true; readonly id: number; readonly openedBy: Buffer | null } & OpenedActivation)
  | { readonly ok: false; readonly why: NoActivation }

/** Locks the account, so that two browsers cannot open or use a code at once. */
async function findActivation(trx: Database, typed: string, browser: string): Promise<Found> {
  const digests = digestsOf(typed)
  if (digests === null) return { ok: false, why: 'unknown code' }
  const activation = await trx
    .selectFrom('account_activations')
    .select(['id', 'account', 'second_digest', 'expires_at as expiresAt', 'keeps_factors as asksFactor'])
    .select(sql<boolean>`expires_at <= now()`.as('expired'))
    .where('code_digest', '=', digests.first)
    .executeTakeFirst()
  if (activation === undefined || !sameDigest(activation.second_digest, digests.second))
    return { ok: false, why: 'unknown code' }
  await lockAccess(trx, activation.account)
  const account = await accountById(trx, activation.account)
  if (account === null || account.closedAt !== null) return { ok: false, why: 'account closed' }
  const events = await trx
    .selectFrom('activation_events')
    .select(['event', 'browser_digest as browser'])
    .where('activation', '=', activation.id)
    .execute()
  if (events.some(({ event }) => event === 'used')) return { ok: false, why: 'used' }
  const access = await trx
    .selectFrom('account_access')
    .select(['activation', 'password'])
    .where('account', '=', account.id)
    .executeTakeFirstOrThrow()
  if (access.activation !== activation.id) return { ok: false, why: 'replaced' }
  if (activation.expired) return { ok: false, why: 'expired' }
  const openedBy = events.find(({ event }) => event === 'opened')?.browser ?? null
  if (openedBy !== null && !openedBy.equals(browserDigest(browser)))
    return { ok: false, why: 'other browser' }
  const { id, expiresAt } = activation
  const asksFactor = activation.asksFactor === true
  return { ok: true, id, openedBy, account, expiresAt, isReset: access.password !== null, asksFactor }
}

async function insertEvent(
  trx: Database,
  activation: number,
  event: 'opened' | 'used',
  browser: string,
): Promise<void> {
  await trx
    .insertInto('activation_events')
    .values({ activation, event, browser_digest: browserDigest(browser) })
    .execute()
}

const browserDigest = (browser: string): Buffer => createHash('sha256').update(browser, 'utf8').digest()

function sameDigest(a: Buffer | null, b: Buffer | null): boolean {
  return a === null || b === null ? a === b : a.equals(b)
}
