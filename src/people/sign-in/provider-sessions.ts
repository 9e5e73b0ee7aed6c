/** Sessions that the identity provider vouches for, and their end when it no longer does. */
import { sql } from 'kysely'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { digestOf, sessionHoursMax } from '../sessions.ts'
import { newPhoneSecret } from '../phone-epochs.ts'
import type { LogoutToken, ProvidedPerson, ProviderTokens } from './provider.ts'
import type { Seal } from './sealed.ts'

export interface ProviderSession {
  readonly digest: Buffer
  readonly account: AgentId
  readonly subject: string
  readonly sid: string | null
  readonly tokens: ProviderTokens
  readonly confirmedAt: Millis
}

export async function keepProviderSession(
  db: Database,
  seal: Seal,
  token: string,
  { issuer, subject, sid }: ProvidedPerson,
  tokens: ProviderTokens,
): Promise<void> {
  const token_digest = digestOf(token)
  const sealed = sealedTokens(seal, token_digest, tokens)
  await db.insertInto('provider_sessions').values({ token_digest, issuer, subject, sid, sealed }).execute()
}

/** Null: the session was not opened through the provider. */
export async function tokensOf(db: Database, seal: Seal, token: string): Promise<ProviderTokens | null> {
  const row = await db
    .selectFrom('provider_sessions')
    .select(['token_digest', 'sealed'])
    .where('token_digest', '=', digestOf(token))
    .executeTakeFirst()
  return row === undefined ? null : opened(seal, row.token_digest, row.sealed)
}

/** Open sessions that the provider was not asked about for so long; asking marks them, so that one node asks. */
export async function dueProviderSessions(
  db: Database,
  seal: Seal,
  olderThanMs: number,
  atMost: number,
): Promise<readonly ProviderSession[]> {
  await db
    .deleteFrom('provider_sessions as p')
    .where((eb) =>
      eb.or([
        eb('p.opened_at', '<', sql<number>`now() - make_interval(hours => ${sessionHoursMax})`),
        eb.exists(
          eb
            .selectFrom('session_ends as e')
            .select('e.token_digest')
            .whereRef('e.token_digest', '=', 'p.token_digest'),
        ),
      ]),
    )
    .execute()
  const { rows } = await sql<{
    token_digest: Buffer
    account: AgentId
    subject: string
    sid: string | null
    sealed: Buffer
    confirmedAt: number
  }>`
    update provider_sessions p set asked_at = now()
    from sessions s
    where s.token_digest = p.token_digest and p.token_digest in (
      select token_digest from provider_sessions
      where asked_at < now() - ${olderThanMs} * interval '1 ms'
      order by asked_at limit ${atMost} for update skip locked)
    returning p.token_digest, s.account, p.subject, p.sid, p.sealed, p.confirmed_at as "confirmedAt"`.execute(
    db,
  )
  const readable = rows.flatMap(({ token_digest, sealed, ...row }) => {
    const tokens = opened(seal, token_digest, sealed)
    return tokens === null ? [] : [{ digest: token_digest, tokens, ...row }]
  })
  // Nobody could ask about these again (the key was replaced): the person signs in anew.
  const unreadable = rows.filter(
    ({ token_digest }) => !readable.some(({ digest }) => digest === token_digest),
  )
  for (const { token_digest } of unreadable) await endProviderSession(db, token_digest)
  return readable
}

export async function confirmProviderSession(
  db: Database,
  seal: Seal,
  digest: Buffer,
  tokens: ProviderTokens,
): Promise<void> {
  await db
    .updateTable('provider_sessions')
    .set({ sealed: sealedTokens(seal, digest, tokens), confirmed_at: sql`now()` })
    .where('token_digest', '=', digest)
    .execute()
}

/** Without a confirmation: the provider has given tokens, and no answer about the person. */
export async function keepTokens(
  db: Database,
  seal: Seal,
  digest: Buffer,
  tokens: ProviderTokens,
): Promise<void> {
  const sealed = sealedTokens(seal, digest, tokens)
  await db.updateTable('provider_sessions').set({ sealed }).where('token_digest', '=', digest).execute()
}

/** Ends the sessions that the provider's message names. Answers how many. Call it inside a transaction. */
export function endProviderSessions(trx: Database, { issuer, subject, sid }: LogoutToken): Promise<number> {
  return end(trx, (eb) =>
    eb
      .where('p.issuer', '=', issuer)
      .$if(subject !== null, (one) => one.where('p.subject', '=', subject ?? ''))
      .$if(sid !== null, (one) => one.where('p.sid', '=', sid)),
  )
}

/** Ends one session. */
export function endProviderSession(db: Database, digest: Buffer): Promise<number> {
  return db.transaction().execute((trx) => end(trx, (eb) => eb.where('p.token_digest', '=', digest)))
}

type Which = (query: ReturnType<typeof open>) => ReturnType<typeof open>

async function end(trx: Database, which: Which): Promise<number> {
  const found = await which(open(trx)).select(['p.token_digest', 's.account']).execute()
  if (found.length === 0) return 0
  await trx
    .insertInto('session_ends')
    .values(found.map(({ token_digest }) => ({ token_digest })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await trx
    .deleteFrom('provider_sessions')
    .where(
      'token_digest',
      'in',
      found.map(({ token_digest }) => token_digest),
    )
    .execute()
  // Heard by every node when the transaction commits (`Sessions.accountChanged`).
  for (const account of new Set(found.map((one) => one.account))) {
    await newPhoneSecret(trx, account, 'web')
    await sql`select pg_notify('accounts', ${account})`.execute(trx)
  }
  return found.length
}

function open(db: Database) {
  return db
    .selectFrom('provider_sessions as p')
    .innerJoin('sessions as s', 's.token_digest', 'p.token_digest')
}

function sealedTokens(seal: Seal, digest: Buffer, tokens: ProviderTokens): Buffer {
  return seal.close(Buffer.from(JSON.stringify(tokens)), digest.toString('hex'))
}

function opened(seal: Seal, digest: Buffer, sealed: Buffer): ProviderTokens | null {
  const text = seal.open(sealed, digest.toString('hex'))?.toString()
  return text === undefined ? null : (JSON.parse(text) as ProviderTokens)
}
