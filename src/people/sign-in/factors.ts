/** The second factors of an account: passkeys and authenticator apps. Adding and ending one is a row each. */
import { sql } from 'kysely'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import type { Seal } from './sealed.ts'
import { totpStep } from './totp.ts'

/** Per account; more would only make a stolen session's own factor harder to see. */
export const factorsMax = 10

export interface Factor {
  readonly id: number
  readonly kind: 'passkey' | 'totp'
  /** Given by its owner. */
  readonly name: string
  readonly addedAt: Millis
  /** Null: never yet. */
  readonly usedAt: Millis | null
}

export interface Passkey {
  readonly factor: number
  readonly account: AgentId
  readonly addedAt: Millis
  readonly credential: string
  readonly publicKey: Buffer
  readonly transports: readonly string[]
  /** The highest signature counter that was accepted; 0 for the many passkeys that do not count. */
  readonly counter: number
}

export interface NewPasskey {
  readonly name: string
  readonly credential: string
  /** The site that it is for (WebAuthn's RP ID). */
  readonly rp: string
  readonly publicKey: Uint8Array
  readonly transports: readonly string[]
}

/** Oldest first. */
export async function factorsOf(db: Database, account: AgentId): Promise<readonly Factor[]> {
  const rows = await valid(db)
    .leftJoin('factor_uses as u', 'u.factor', 'f.id')
    .select(['f.id', 'f.kind', 'f.name', 'f.recorded_at as addedAt', 'u.used_at as usedAt'])
    .where('f.account', '=', account)
    .orderBy('f.id')
    .execute()
  return rows
}

/** False: that passkey is registered already, here or for somebody else. */
export async function addPasskey(db: Database, account: AgentId, passkey: NewPasskey): Promise<boolean> {
  const { name, credential, rp, publicKey, transports } = passkey
  const added = await db
    .insertInto('account_factors')
    .values({
      account,
      kind: 'passkey',
      name,
      credential,
      rp,
      public_key: Buffer.from(publicKey),
      transports: [...transports],
    })
    .onConflict((conflict) => conflict.column('credential').doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}

/** The passkeys of one account at this site, so that an authenticator does not offer itself twice. */
export async function passkeysAt(db: Database, account: AgentId, rp: string): Promise<readonly Passkey[]> {
  return passkeys(db, (query) => query.where('f.account', '=', account).where('f.rp', '=', rp))
}

/** Null: unknown or removed. */
export async function passkeyOf(db: Database, credential: string, rp: string): Promise<Passkey | null> {
  const [found] = await passkeys(db, (query) =>
    query.where('f.credential', '=', credential).where('f.rp', '=', rp),
  )
  return found ?? null
}

/** Adds an authenticator app whose code was right at `step`. Call it inside a transaction. */
export async function addTotp(
  trx: Database,
  seal: Seal,
  account: AgentId,
  { name, secret, step }: { readonly name: string; readonly secret: Buffer; readonly step: number },
): Promise<void> {
  const { id } = await trx
    .insertInto('account_factors')
    .values({ account, kind: 'totp', name, sealed: seal.close(secret, account) })
    .returning('id')
    .executeTakeFirstOrThrow()
  // The code that proved it does not also sign somebody in.
  await trx.insertInto('factor_uses').values({ factor: id, step }).execute()
}

/** Whether one of the account's apps shows this code now. Each code is accepted once, on whichever node. */
export async function acceptTotp(
  db: Database,
  seal: Seal,
  account: AgentId,
  code: string,
  now: number,
): Promise<boolean> {
  const apps = await valid(db)
    .select(['f.id', 'f.sealed'])
    .where('f.account', '=', account)
    .where('f.kind', '=', 'totp')
    .execute()
  for (const { id, sealed } of apps) {
    const secret = sealed === null ? null : seal.open(sealed, account)
    const step = secret === null ? null : totpStep(secret, code, now)
    if (step !== null && (await acceptStep(db, id, step))) return true
  }
  return false
}

/**
 * Accepts a step or counter if it is higher than every one before. Passkeys that always send 0 do not count.
 * Compare-and-set: of two tries with one code, one is accepted.
 */
export async function acceptStep(db: Database, factor: number, step: number): Promise<boolean> {
  const accepted = await db
    .insertInto('factor_uses')
    .values({ factor, step })
    .onConflict((conflict) =>
      conflict
        .column('factor')
        .doUpdateSet({ step, used_at: sql`now()` })
        .where(
          sql<boolean>`excluded.step > factor_uses.step or (excluded.step = 0 and factor_uses.step = 0)`,
        ),
    )
    .returning('factor')
    .executeTakeFirst()
  return accepted !== undefined
}

/** Removes one of the account's own factors. */
export async function endFactor(
  db: Database,
  account: AgentId,
  factor: number,
  by: AgentId | null,
): Promise<'ended' | 'unknown factor'> {
  const own = (await factorsOf(db, account)).some(({ id }) => id === factor)
  if (!own) return 'unknown factor'
  await db
    .insertInto('account_factor_ends')
    .values({ factor, by })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return 'ended'
}

async function passkeys(
  db: Database,
  which: (query: ReturnType<typeof valid>) => ReturnType<typeof valid>,
): Promise<readonly Passkey[]> {
  const rows = await which(valid(db))
    .leftJoin('factor_uses as u', 'u.factor', 'f.id')
    .select(['f.id', 'f.account', 'f.recorded_at', 'f.credential', 'f.public_key', 'f.transports', 'u.step'])
    .where('f.kind', '=', 'passkey')
    .orderBy('f.id')
    .execute()
  return rows.map(({ id, account, recorded_at, credential, public_key, transports, step }) => ({
    factor: id,
    account,
    addedAt: recorded_at,
    credential: credential ?? '',
    publicKey: public_key ?? Buffer.alloc(0),
    transports: transports ?? [],
    counter: step ?? 0,
  }))
}

function valid(db: Database) {
  return db
    .selectFrom('account_factors as f')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('account_factor_ends as e').select('e.factor').whereRef('e.factor', '=', 'f.id'),
        ),
      ),
    )
}
