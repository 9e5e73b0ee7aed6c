/**
 * The register of sign-ins, which also slows down repeated failures: after a few, each further failure doubles the time
 * until the next try is allowed. Failures are counted per name and, with a higher limit, per address, because a whole
 * office may share one. All nodes share the register.
 */
import { createHmac, hkdfSync } from 'node:crypto'
import { sql } from 'kysely'
import type { AgentId } from '../core/ids.ts'
import type { Database } from '../ledger/database.ts'
import { foldUsername } from './accounts.ts'

export interface Attempt {
  /**
   * HMAC of the typed name, folded. It is kept for ever, and people type their password there by mistake: without the
   * installation's secret it cannot be guessed.
   */
  readonly name: Buffer
  /** The client's network. */
  readonly address: string
}

/** `address`: the client's, as the front proxy reports it. */
export function attemptOf(secret: string, username: string, address: string): Attempt {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'linia sign-ins', 32))
  const name = createHmac('sha256', key).update(foldUsername(username), 'utf8').digest()
  return { name, address: networkOf(address) }
}

export type MayTry = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }

const windowMinutes = 15
const freeFailuresPerName = 5
const freeFailuresPerAddress = 30
const firstDelayMs = 1_000
const delayMsMax = 5 * 60_000

/** Whether a sign-in may be tried now. A success clears the failures before it. */
export async function mayTry(db: Database, attempt: Attempt): Promise<MayTry> {
  const byName = await failures(db, sql`username_digest = ${attempt.name}`)
  const byAddress = await failures(db, sql`address = ${attempt.address}`)
  const retryAfterMs = Math.max(
    delayMs(byName.count - freeFailuresPerName) - byName.sinceLastMs,
    delayMs(byAddress.count - freeFailuresPerAddress) - byAddress.sinceLastMs,
  )
  if (retryAfterMs <= 0) return { ok: true }
  await record(db, attempt, 'slowed down', null)
  return { ok: false, retryAfterMs: Math.ceil(retryAfterMs) }
}

export function failed(db: Database, attempt: Attempt): Promise<void> {
  return record(db, attempt, 'refused', null)
}

export function succeeded(db: Database, attempt: Attempt, account: AgentId): Promise<void> {
  return record(db, attempt, 'signed in', account)
}

function delayMs(failuresTooMany: number): number {
  return failuresTooMany < 0 ? 0 : Math.min(firstDelayMs * 2 ** failuresTooMany, delayMsMax)
}

async function failures(
  db: Database,
  whose: ReturnType<typeof sql>,
): Promise<{ count: number; sinceLastMs: number }> {
  const rows = await sql<{ count: number; sinceLastMs: number | null }>`
    select count(*) as count,
           extract(epoch from clock_timestamp() - max(recorded_at))::float8 * 1000 as "sinceLastMs"
    from sign_ins
    where ${whose} and outcome = 'refused'
      and recorded_at > now() - make_interval(mins => ${windowMinutes})
      and recorded_at > coalesce(
        (select max(recorded_at) from sign_ins where ${whose} and outcome = 'signed in'), '-infinity')
  `.execute(db)
  const row = rows.rows[0]!
  return { count: row.count, sinceLastMs: row.sinceLastMs ?? 0 }
}

async function record(
  db: Database,
  attempt: Attempt,
  outcome: 'signed in' | 'refused' | 'slowed down',
  account: AgentId | null,
): Promise<void> {
  await db
    .insertInto('sign_ins')
    .values({
      username_digest: attempt.name,
      address: attempt.address,
      account,
      outcome,
    })
    .execute()
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
