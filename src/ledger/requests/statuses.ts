/** Status history of requests. Each change is a row, numbered within its request, with the standing after it. */
import { sql } from 'kysely'
import type { Day } from '../../city/day.ts'
import { statusMessage } from '../../city/documents/of-request.ts'
import type { RequestId } from '../../city/requests/number.ts'
import {
  daysGranted,
  isOpen,
  follow,
  type ExtensionNotice,
  type Followed,
  type RequestState,
  type Standing,
  type StatusEvent,
  type StatusKind,
} from '../../city/requests/standing.ts'
import type { WorkingDays } from '../../city/requests/working-days.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'
import { enqueue } from '../documents/outbox.ts'
import { sealed } from '../retention/sealed-values.ts'
import { standingColumns, standingOf } from './standing.ts'

export interface NewStatus {
  readonly request: RequestId
  readonly event: StatusEvent
  /** The answer or the reason; empty when there is none. */
  readonly note: string
  /** The account that makes the change; null: the document system. */
  readonly by: AgentId | null
  readonly call: CallId | null
}

export type Added =
  | { readonly ok: true; readonly version: number; readonly standing: Standing }
  | {
      readonly ok: false
      readonly why: Extract<Followed, { ok: false }>['why'] | 'unknown' | 'joined to none'
    }

/** `today` is the city's local date. Serialised per request, across nodes. */
export async function addStatus(
  db: Database,
  status: NewStatus,
  today: Day,
  working: WorkingDays,
): Promise<Added> {
  return db.transaction().execute((trx) => addStatusIn(trx, status, today, working))
}

/** The same inside a transaction that writes more. */
export async function addStatusIn(
  trx: Database,
  status: NewStatus,
  today: Day,
  working: WorkingDays,
): Promise<Added> {
  const { request, event, note, by, call } = status
  // Locks in one order, so that two requests joined to each other at the same time cannot deadlock.
  const touched = event.kind === 'joined' ? [request, event.to].sort() : [request]
  for (const id of touched)
    await sql`select pg_advisory_xact_lock(hashtextextended(${`request ${id}`}, 0))`.execute(trx)
  const now = await currentOf(trx, request)
  if (now === null) return { ok: false, why: 'unknown' }
  if (event.kind === 'joined') {
    const other = await currentOf(trx, event.to)
    // Only an open request can be joined to: a closed one is never answered.
    if (other === null || !isOpen(other.standing.state)) return { ok: false, why: 'joined to none' }
  }
  const followed = follow(request, now.regime, now.standing, event, today, working)
  if (!followed.ok) return followed
  const version = now.version + 1
  const words = note === '' ? null : sealed(note)
  const { id, recorded_at: at } = await trx
    .insertInto('request_statuses')
    .values({
      request,
      version,
      kind: event.kind,
      ...standingColumns(followed.standing),
      authority: event.kind === 'redirected' ? event.authority : null,
      joined_to: event.kind === 'joined' ? event.to : null,
      foreign_number: event.kind === 'numbered' ? event.number : null,
      told_by: event.kind === 'extended' ? (event.notice?.by ?? null) : null,
      told_on: event.kind === 'extended' ? (event.notice?.on ?? null) : null,
      extended_days: event.kind === 'extended' ? daysGranted(event, now.regime, now.standing) : null,
      by,
      note_digest: words?.digest ?? null,
    })
    .returning(['id', 'recorded_at'])
    .executeTakeFirstOrThrow()
  if (words !== null) {
    const { salt, value } = words
    await trx.insertInto('request_status_notes').values({ status: id, salt, text: value }).execute()
  }
  // Updates of the document system are not sent back to it.
  if (by !== null) {
    const { standing } = followed
    await enqueue(trx, statusMessage({ id: request, at, event, standing, note }))
    await recordAccess(trx, { kind: 'request', account: by, call, about: request, person: null, query: null })
  }
  return { ok: true, version, standing: followed.standing }
}

async function currentOf(trx: Database, request: RequestId) {
  const row = await trx
    .selectFrom('current_requests')
    .select([
      'regime',
      'version',
      'state',
      'department',
      'to_head',
      'counted_from',
      'announced_on',
      'legal_end_on',
      'extended',
    ])
    .where('id', '=', request)
    .executeTakeFirst()
  return row === undefined ? null : { regime: row.regime, version: row.version, standing: standingOf(row) }
}

export interface StatusRow {
  readonly version: number
  readonly at: Millis
  readonly kind: StatusKind
  readonly state: RequestState
  readonly department: string
  readonly announcedOn: Day
  readonly legalEndOn: Day
  readonly authority: string | null
  readonly joinedTo: RequestId | null
  readonly foreignNumber: string | null
  /** How and when the petitioner was told of an extension; null in other rows, and when the document system extended. */
  readonly toldBy: ExtensionNotice['by'] | null
  readonly toldOn: Day | null
  /** By how many days the term was extended; null in other rows, and in those from before it was on record. */
  readonly extendedDays: number | null
  /** Name of the account; null: the document system. */
  readonly by: string | null
  /** Null when there was none, or when retention has deleted it. */
  readonly note: string | null
}

/** Oldest first. */
export function historyOf(db: Database, request: RequestId): Promise<StatusRow[]> {
  return db
    .selectFrom('request_statuses as s')
    .leftJoin('current_accounts as a', 'a.id', 's.by')
    .leftJoin('request_status_notes as n', 'n.status', 's.id')
    .select([
      's.version',
      's.recorded_at as at',
      's.kind',
      's.state',
      's.department',
      's.announced_on as announcedOn',
      's.legal_end_on as legalEndOn',
      's.authority',
      's.joined_to as joinedTo',
      's.foreign_number as foreignNumber',
      's.told_by as toldBy',
      's.told_on as toldOn',
      's.extended_days as extendedDays',
      'a.name as by',
      'n.text as note',
    ])
    .where('s.request', '=', request)
    .orderBy('s.version')
    .execute()
}
