/** The registers of person searches, question sets and their verdicts. Times are the database's. */
import { sql } from 'kysely'
import type { EarlierSet } from '../../city/identity/draw.ts'
import type { AskedSet, Verdict } from '../../city/identity/history.ts'
import type { CheckId } from '../../city/identity/standing.ts'
import type { TaxpayerId } from '../../city/taxes/account.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

export interface IdentitySearch {
  readonly id: string
  readonly call: CallId
  /** `HMAC(CNP)`. */
  readonly person: string
  /** Null when nobody matched. */
  readonly taxpayer: TaxpayerId | null
}

export interface IdentityCheck extends AskedSet {
  readonly search: string
  readonly call: CallId
  readonly taxpayer: TaxpayerId
  /** Ids of the facts that were asked for. */
  readonly facts: readonly string[]
}

/**
 * Serialises identity checks of one call and of one person until the transaction ends. Locks are always taken in one
 * order (call, person, journal), so that two transactions cannot deadlock.
 */
export async function holdCheck(trx: Database, call: CallId, person: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`identity call ${call}`}, 0))`.execute(trx)
  await sql`select pg_advisory_xact_lock(hashtextextended(${`identity person ${person}`}, 0))`.execute(trx)
}

/** Returns the id of the search: the opaque handle of the match on the desk. */
export async function addSearch(
  db: Database,
  search: Omit<IdentitySearch, 'id'> & {
    readonly agent: AgentId
    readonly beganAt: Millis
    /** The marks of the calling number and of the stated name. */
    readonly bucket: string
    readonly claim: string
  },
): Promise<string> {
  const { call, agent, person, taxpayer, beganAt, bucket, claim } = search
  const { id } = await db
    .insertInto('identity_searches')
    .values({ call, agent, person, taxpayer, began_at: new Date(beganAt), bucket, claim })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** The agent begins to type who the caller is. */
export async function addBeginning(
  db: Database,
  beginning: { readonly call: CallId; readonly agent: AgentId },
): Promise<void> {
  await db.insertInto('identity_beginnings').values(beginning).execute()
}

/** The first beginning in this call that no search has followed yet; null: none within `sinceMs`. */
export async function begunAt(db: Database, call: CallId, since: Millis): Promise<Millis | null> {
  const { at } = await db
    .selectFrom('identity_beginnings')
    .select(({ fn }) => fn.min('recorded_at').as('at'))
    .where('call', '=', call)
    .where('recorded_at', '>', time(since))
    .where('recorded_at', '>', (eb) =>
      eb
        .selectFrom('identity_searches')
        .select(sql<Millis>`coalesce(max(recorded_at), '-infinity')`.as('last'))
        .where('call', '=', call),
    )
    .executeTakeFirstOrThrow()
  return at
}

/** Times of searches without a match from this number; with `claim` only those for that name. */
export async function fruitlessSearches(
  db: Database,
  {
    bucket,
    claim,
    since,
  }: { readonly bucket: string; readonly claim: string | null; readonly since: Millis },
): Promise<Millis[]> {
  let rows = db
    .selectFrom('identity_searches')
    .select('recorded_at as at')
    .where('bucket', '=', bucket)
    .where('taxpayer', 'is', null)
    .where('recorded_at', '>', time(since))
  if (claim !== null) rows = rows.where('claim', '=', claim)
  return (await rows.execute()).map(({ at }) => at)
}

export async function searchById(db: Database, id: string): Promise<IdentitySearch | null> {
  const row = await db
    .selectFrom('identity_searches')
    .select(['id', 'call', 'person', 'taxpayer'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** All searches of a call, newest first. */
export function searchesIn(db: Database, call: CallId, limit: number): Promise<IdentitySearch[]> {
  return db
    .selectFrom('identity_searches')
    .select(['id', 'call', 'person', 'taxpayer'])
    .where('call', '=', call)
    .orderBy('recorded_at', 'desc')
    .limit(limit)
    .execute()
}

export async function addCheck(
  db: Database,
  check: Pick<IdentityCheck, 'search' | 'call' | 'person' | 'taxpayer' | 'facts'> & {
    readonly agent: AgentId
  },
): Promise<CheckId> {
  const { search, call, agent, person, taxpayer, facts } = check
  const { id } = await db
    .insertInto('identity_checks')
    .values({ search, call, agent, person, taxpayer, facts })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** All sets of a call, in the order in which they were drawn. */
export function checksIn(db: Database, call: CallId): Promise<IdentityCheck[]> {
  return checks(db).where('c.call', '=', call).execute()
}

export async function checkById(db: Database, id: CheckId): Promise<IdentityCheck | null> {
  return (await checks(db).where('c.id', '=', id).executeTakeFirst()) ?? null
}

function checks(db: Database) {
  return db
    .selectFrom('identity_checks as c')
    .leftJoin('identity_verdicts as v', 'v.check_id', 'c.id')
    .select([
      'c.id as check',
      'c.search',
      'c.call',
      'c.person',
      'c.taxpayer',
      'c.facts',
      'c.recorded_at as askedAt',
      'v.verdict',
      'v.agent as judge',
      'v.recorded_at as judgedAt',
    ])
    .select(
      sql<AgentId[]>`array(select agent from identity_confirmations f
                           where f.check_id = c.id order by f.recorded_at)`.as('confirmedBy'),
    )
    .orderBy('c.id')
}

/** The newest `limit` sets that this person was asked after `since`, oldest first, so that none is asked again. */
export async function earlierSets(
  db: Database,
  person: string,
  { call, since, limit }: { readonly call: CallId; readonly since: Millis; readonly limit: number },
): Promise<EarlierSet[]> {
  const rows = await db
    .selectFrom('identity_checks')
    .select(['call', 'facts'])
    .where('person', '=', person)
    .where('recorded_at', '>', time(since))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.reverse().map((row) => ({ facts: row.facts, sameCall: row.call === call }))
}

/** The first verdict counts; a second one changes nothing. */
export async function addVerdict(
  db: Database,
  verdict: { readonly check: CheckId; readonly agent: AgentId; readonly verdict: Verdict },
): Promise<void> {
  await db
    .insertInto('identity_verdicts')
    .values({ check_id: verdict.check, agent: verdict.agent, verdict: verdict.verdict })
    .onConflict((conflict) => conflict.column('check_id').doNothing())
    .execute()
}

/** Confirming again changes nothing. */
export async function addConfirmation(
  db: Database,
  { check, agent }: { readonly check: CheckId; readonly agent: AgentId },
): Promise<void> {
  await db
    .insertInto('identity_confirmations')
    .values({ check_id: check, agent })
    .onConflict((conflict) => conflict.columns(['check_id', 'agent']).doNothing())
    .execute()
}
