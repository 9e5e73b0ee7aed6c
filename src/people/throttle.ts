/**
 * Slows down repeated sign-in failures. Failures are counted for the name *and* the network from which it was tried, so
 * that nobody is kept out by tries from elsewhere; a browser in which the account has signed in before has a count of
 * its own, so that it is not kept out by tries from its own network either. All nodes share the counts.
 */
import { createHmac, hkdfSync } from 'node:crypto'
import { sql } from 'kysely'
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { sealed } from '../ledger/retention/sealed-values.ts'
import { foldUsername } from './accounts.ts'
import type { SignInMethod } from './sign-in-method.ts'
import { countTry, type Pace } from './sign-in/tries.ts'

export interface Attempt {
  /**
   * HMAC of the typed name, folded. People type their password there by mistake: without the installation's secret it
   * cannot be guessed.
   */
  readonly name: Buffer
  /** The client's network. */
  readonly address: string
  /** The count of this name from this network, or from this browser. */
  readonly bucket: Buffer
  /** The account has signed in before in this browser. */
  readonly isKnown: boolean
}

/** Id of the browser, if the account with this name has signed in there before. */
export type KnownBrowser = (name: Buffer) => string | null

/** `address`: the client's, as the front proxy reports it. */
export function attemptOf(
  secret: string,
  username: string,
  address: string,
  knownBrowser: KnownBrowser = () => null,
): Attempt {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'linia sign-ins', 32))
  const hmac = (text: string) => createHmac('sha256', key).update(text, 'utf8').digest()
  const name = hmac(foldUsername(username))
  const network = networkOf(address)
  const browser = knownBrowser(name)
  const from = browser === null ? `network ${network}` : `browser ${browser}`
  return {
    name,
    address: network,
    bucket: hmac(`${name.toString('hex')} ${from}`),
    isKnown: browser !== null,
  }
}

export type MayTry = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }

/** From one network at most about 300 tries a day for a name. */
const pace: Pace = {
  freeTries: 5,
  firstDelayMs: 1_000,
  delayMsMax: 5 * 60_000,
  forgetAfterMs: 60 * 60_000,
}

/**
 * Whether a sign-in may be tried now. The try counts as a failure until `succeeded`, so that tries at the same time
 * cannot exceed the limit.
 */
export async function mayTry(db: Database, { bucket }: Attempt): Promise<MayTry> {
  const retryAfterMs = await countTry(db, { table: 'sign_in_tries', bucket }, pace)
  return retryAfterMs === 0 ? { ok: true } : { ok: false, retryAfterMs }
}

/** A refused try of an account (null: no account has this name) is counted for its owner and the administrators. */
export async function failed(
  db: Database,
  attempt: Attempt,
  account: AgentId | null,
  why: 'refused' | 'slowed down' = 'refused',
): Promise<void> {
  const column = sql.ref(why === 'refused' ? 'refused' : 'slowed_down')
  await sql`
    insert into refused_sign_ins as r (day, address, account, refused, slowed_down, last_at)
    values (current_date, ${attempt.address}, ${account}, ${why === 'refused' ? 1 : 0},
            ${why === 'refused' ? 0 : 1}, clock_timestamp())
    on conflict (day, address, account) do update
    set ${column} = r.${column} + 1, last_at = clock_timestamp()`.execute(db)
}

/** Clears the count of this name from here, and records the sign-in. */
export async function succeeded(
  db: Database,
  attempt: Attempt,
  account: AgentId,
  method: SignInMethod,
): Promise<void> {
  await clearTries(db, attempt)
  const { salt, value: network, digest } = sealed(attempt.address)
  await db.transaction().execute(async (trx) => {
    const { id } = await trx
      .insertInto('sign_ins')
      .values({
        username_digest: attempt.name,
        network_digest: digest,
        account,
        outcome: 'signed in',
        method,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx.insertInto('sign_in_networks').values({ sign_in: id, salt, network }).execute()
  })
}

export async function clearTries(db: Database, { bucket }: Pick<Attempt, 'bucket'>): Promise<void> {
  await db.deleteFrom('sign_in_tries').where('bucket', '=', bucket).execute()
}

/** Deletes counts that have no effect any more. */
export async function forgetOldTries(db: Database): Promise<void> {
  await sql`
    delete from sign_in_tries
    where last_at < clock_timestamp() - ${pace.forgetAfterMs} * interval '1 ms'`.execute(db)
}

/** The address, or the /64 of an IPv6 address: one host owns the whole /64 and could change addresses at each guess. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (!address.includes(':')) return address.slice(0, 45)
  const [head = '', tail = ''] = address.toLowerCase().split('%')[0]!.split('::')
  const first = head.split(':').filter((part) => part !== '')
  const last = tail.split(':').filter((part) => part !== '')
  const zeros = address.includes('::') ? Math.max(0, 8 - first.length - last.length) : 0
  const parts = [...first, ...Array.from({ length: zeros }, () => '0'), ...last]
  return `${parts
    .slice(0, 4)
    .map((part) => part.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
