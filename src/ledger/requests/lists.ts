/** Lists of requests. No list holds a personal value. */
import { sql, type SqlBool } from 'kysely'
import type { Day } from '../../city/day.ts'
import type { RequestKind } from '../../city/requests/kinds.ts'
import type { Lateness } from '../../city/requests/late-complaint.ts'
import type { RequestId } from '../../city/requests/number.ts'
import { closedStates, openStates, type Standing } from '../../city/requests/standing.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { standingOf } from './standing.ts'

export interface RequestRow {
  readonly id: RequestId
  readonly registeredAt: Millis
  readonly registeredOn: Day
  readonly kind: RequestKind
  readonly category: string
  readonly regime: 'petition' | 'public information'
  readonly anonymous: boolean
  readonly agent: AgentId
  readonly call: CallId | null
  readonly about: {
    readonly request: RequestId | null
    readonly number: string | null
    readonly day: Day | null
    readonly lateness: Lateness | null
    /** Null for our own requests, and where the document system gave no answer. */
    readonly verified: boolean | null
  }
  readonly standing: Standing
  readonly version: number
  readonly changedAt: Millis
}

function listed(db: Database) {
  return db.selectFrom('current_requests as r').selectAll('r')
}

type Found = Awaited<ReturnType<ReturnType<typeof listed>['execute']>>[number]

function rowOf(found: Found): RequestRow {
  return {
    id: found.id,
    registeredAt: found.registered_at,
    registeredOn: found.registered_on,
    kind: found.kind,
    category: found.category,
    regime: found.regime,
    anonymous: found.anonymous,
    agent: found.agent,
    call: found.call,
    about: {
      request: found.about_request,
      number: found.about_number,
      day: found.about_day,
      lateness: found.about_lateness,
      verified: found.about_verified,
    },
    standing: standingOf(found),
    version: found.version,
    changedAt: found.changed_at,
  }
}

export async function requestById(db: Database, id: RequestId): Promise<RequestRow | null> {
  const found = await listed(db).where('r.id', '=', id).executeTakeFirst()
  return found === undefined ? null : rowOf(found)
}

/** The requests that were registered in a call, oldest first. */
export async function requestsRegisteredIn(db: Database, call: CallId): Promise<RequestRow[]> {
  const found = await listed(db).where('r.call', '=', call).orderBy('r.registered_at').execute()
  return found.map(rowOf)
}

/** Requests with our number, or with the document system's number. Newest first. */
export async function requestsNumbered(
  db: Database,
  asked: { readonly year: number; readonly number: number } | null,
  text: string,
  limit: number,
): Promise<RequestRow[]> {
  const foreign = db
    .selectFrom('request_statuses')
    .select('request')
    .where('foreign_number', '=', text.trim())
  const found = await listed(db)
    .where((eb) =>
      asked === null
        ? eb('r.id', 'in', foreign)
        : eb.or([
            eb.and([eb('r.year', '=', asked.year), eb('r.number', '=', asked.number)]),
            eb('r.id', 'in', foreign),
          ]),
    )
    .orderBy('r.registered_at', 'desc')
    .limit(limit)
    .execute()
  return found.map(rowOf)
}

/** Requests that were made from this number, or that name it as the contact. */
function requestsFrom(db: Database, number: string) {
  return db
    .selectFrom('request_details')
    .select('request')
    .where('phone', '=', number)
    .union(
      db
        .selectFrom('requests')
        .innerJoin('callers', 'callers.call', 'requests.call')
        .select('requests.id as request')
        .where('callers.number', '=', number),
    )
}

/** Whether the request was made from this number, or names it as the contact. */
export async function isRequestFrom(db: Database, id: RequestId, number: string): Promise<boolean> {
  const row = await db
    .selectFrom(requestsFrom(db, number).as('found'))
    .select('found.request')
    .where('found.request', '=', id)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Open requests that were made from this number, or that name it as the contact. Newest first. */
export async function openRequestsFrom(db: Database, number: string, limit: number): Promise<RequestRow[]> {
  const found = await listed(db)
    .where('r.id', 'in', requestsFrom(db, number))
    .where('r.state', 'in', openStates)
    .orderBy('r.registered_at', 'desc')
    .limit(limit)
    .execute()
  return found.map(rowOf)
}

export interface Likeness {
  readonly category: string
  readonly street: string
  readonly sinceMs: Millis
}

/** Possible duplicates: open requests of the same category in the same street, with their place. Newest first. */
export async function similarRequests(
  db: Database,
  { category, street, sinceMs }: Likeness,
  limit: number,
): Promise<(RequestRow & { readonly place: string })[]> {
  const found = await listed(db)
    .innerJoin('request_details as d', 'd.request', 'r.id')
    .select([
      sql<string>`concat_ws(' ', d.value::jsonb #>> '{place,street}', d.value::jsonb #>> '{place,number}')`.as(
        'place',
      ),
    ])
    .where('r.category', '=', category)
    .where('d.street', '=', street)
    .where('r.state', 'in', openStates)
    .where('r.registered_at', '>=', time(sinceMs))
    .orderBy('r.registered_at', 'desc')
    .limit(limit)
    .execute()
  return found.map((row) => ({ ...rowOf(row), place: row.place }))
}

/** Requests that this agent registered and whose number the citizen has not been told. Oldest first. */
export async function followUpsOf(
  db: Database,
  agent: AgentId,
  sinceMs: Millis,
  limit: number,
): Promise<RequestRow[]> {
  const found = await listed(db)
    .where('r.agent', '=', agent)
    .where('r.registered_at', '>=', time(sinceMs))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('request_tellings')
            .select('request_tellings.id')
            .whereRef('request_tellings.request', '=', 'r.id'),
        ),
      ),
    )
    .orderBy('r.registered_at')
    .limit(limit)
    .execute()
  return found.map(rowOf)
}

export interface RequestQuestion {
  /** `due` counts the overdue ones too. */
  readonly which: 'open' | 'due' | 'overdue' | 'closed' | 'all'
  readonly department: string | null
  /** Null: of any. */
  readonly category: string | null
  /** The agent by whom they were registered; null: anybody. */
  readonly agent: AgentId | null
  /** Registered or changed at or after this time; null: at any. */
  readonly changedSince: Millis | null
  readonly today: Day
  readonly limit: number
  /** Last request of the page before; null for the first page. */
  readonly after: { readonly registeredAt: Millis; readonly id: RequestId } | null
}

/** Newest first. */
export async function requestsListed(db: Database, question: RequestQuestion): Promise<RequestRow[]> {
  const { which, department, category, agent, changedSince, today, limit, after } = question
  let rows = listed(db)
  if (which === 'closed') rows = rows.where('r.state', 'in', closedStates)
  else if (which !== 'all') rows = rows.where('r.state', 'in', openStates)
  if (which === 'due') rows = rows.where('r.announced_on', '<', today)
  if (which === 'overdue') rows = rows.where('r.legal_end_on', '<', today)
  if (department !== null) rows = rows.where('r.department', '=', department)
  if (category !== null) rows = rows.where('r.category', '=', category)
  if (agent !== null) rows = rows.where('r.agent', '=', agent)
  if (changedSince !== null) rows = rows.where('r.changed_at', '>=', time(changedSince))
  if (after !== null)
    rows = rows.where(sql<SqlBool>`(r.registered_at, r.id) < (${time(after.registeredAt)}, ${after.id})`)
  const found = await rows.orderBy('r.registered_at', 'desc').orderBy('r.id', 'desc').limit(limit).execute()
  return found.map(rowOf)
}

/** How many other requests were joined to each of these. */
export async function joinedCounts(
  db: Database,
  ids: readonly RequestId[],
): Promise<ReadonlyMap<RequestId, number>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('request_statuses')
    .select(({ fn }) => ['joined_to', fn.countAll<number>().as('count')])
    .where('joined_to', 'in', ids)
    .groupBy('joined_to')
    .execute()
  return new Map(rows.flatMap(({ joined_to, count }) => (joined_to === null ? [] : [[joined_to, count]])))
}
