/**
 * Registration of requests. A trigger assigns the number (migrations/0007): numbers follow the order of inserts, and a
 * registration that fails gives its number back.
 */
import { randomInt } from 'node:crypto'
import type { Day } from '../../city/day.ts'
import { registeredMessage } from '../../city/documents/of-request.ts'
import type { RequestForm } from '../../city/requests/form.ts'
import type { RequestKind } from '../../city/requests/kinds.ts'
import type { About } from '../../city/requests/late-complaint.ts'
import type { RequestId } from '../../city/requests/number.ts'
import { begun, type Beginning, type Standing } from '../../city/requests/standing.ts'
import { codeOf, codesMax } from '../../city/requests/tracking-code.ts'
import type { WorkingDays } from '../../city/requests/working-days.ts'
import type { AgentId, CallId, Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'
import { recordAccess } from '../journal/access-log.ts'
import { enqueueFirst } from '../documents/outbox.ts'
import { writtenDetails, detailsOf } from './details.ts'
import { lockDraft } from './drafts.ts'
import { addStatusIn } from './statuses.ts'
import { standingColumns, standingOf } from './standing.ts'
import { addObligatoryText } from '../retention/free-texts.ts'
import { sealed } from '../retention/sealed-values.ts'

export interface Registration {
  /** The draft's random id, which makes registration idempotent. */
  readonly draft: string
  readonly form: RequestForm
  readonly beginning: Beginning
  readonly about: About | null
  /** The request that reports the same and that this one is joined to at once. */
  readonly joinTo: RequestId | null
  readonly agent: AgentId
  readonly call: CallId | null
  /** Prefix of the number: `CC`. */
  readonly prefix: string
}

export interface Registered {
  readonly id: RequestId
  readonly registeredAt: Millis
  readonly registeredOn: Day
  readonly kind: RequestKind
  readonly category: string
  readonly standing: Standing
  /** Null once retention has deleted it. */
  readonly code: string | null
  /** False when the draft was registered before. */
  readonly isNew: boolean
}

/**
 * Gives the draft its number, both deadlines and a tracking code in one transaction. Null: another agent has
 * registered the draft.
 */
export async function register(
  db: Database,
  registration: Registration,
  working: WorkingDays,
): Promise<Registered | null> {
  const { draft, agent } = registration
  try {
    return await db.transaction().execute((trx) => insert(trx, registration, working))
  } catch (error) {
    // The draft was registered by an earlier or concurrent try; the number of this one was rolled back.
    if (!isTaken(error)) throw error
    const first = await registeredDraft(db, draft)
    if (first === null) throw error
    return first.agent === agent ? first.registered : null
  }
}

async function insert(trx: Database, registration: Registration, working: WorkingDays): Promise<Registered> {
  const { draft, form, beginning, about, joinTo, agent, call, prefix } = registration
  const code = codeOf(randomInt(codesMax))
  const details = sealed(writtenDetails({ ...form, code }))
  await lockDraft(trx, draft)
  await trx.deleteFrom('request_drafts').where('id', '=', draft).where('agent', '=', agent).execute()
  // The insert locks the counter, for which all registrations wait: few statements must follow. "On conflict do
  // nothing" would use up a number without a request.
  const { id, registered_at, registered_on } = await trx
    .insertInto('requests')
    .values({
      prefix,
      kind: form.kind,
      category: form.category,
      regime: beginning.regime,
      anonymous: form.person === null,
      agent,
      call,
      draft,
      about_request: about !== null && 'request' in about ? about.request : null,
      about_number: about !== null && 'number' in about ? about.number : null,
      about_day: about !== null && 'day' in about ? about.day : null,
      about_lateness: about?.lateness ?? null,
      about_verified: about !== null && 'verified' in about ? about.verified : null,
      detail_digest: details.digest,
    })
    .returning(['id', 'registered_at', 'registered_on'])
    .executeTakeFirstOrThrow()
  const { salt, value } = details
  const standing = begun(beginning, registered_on, working)
  await trx
    .with('details', (db) => db.insertInto('request_details').values({ request: id, salt, value }))
    .insertInto('request_statuses')
    .values({
      request: id,
      version: 1,
      kind: 'registered',
      ...standingColumns(standing),
      authority: null,
      joined_to: null,
      foreign_number: null,
      by: agent,
      note_digest: null,
    })
    .execute()
  // In the same transaction; the message is sent after the commit, and nobody waits for it.
  const written = { id, registeredAt: registered_at, registeredOn: registered_on, form, standing, about }
  await enqueueFirst(trx, registeredMessage(written))
  if (joinTo !== null) {
    // If the other request was closed meanwhile, this one stays open.
    const joined = { request: id, event: { kind: 'joined', to: joinTo }, note: '', by: agent, call } as const
    await addStatusIn(trx, joined, registered_on, working)
  }
  await recordAccess(trx, { kind: 'request', account: agent, call, about: id, person: null, query: null })
  const { kind, category } = form
  return {
    id,
    registeredAt: registered_at,
    registeredOn: registered_on,
    kind,
    category,
    standing,
    code,
    isNew: true,
  }
}

/** The request that a draft has become, and its agent; null when it is not registered. */
async function registeredDraft(
  db: Database,
  draft: string,
): Promise<{ readonly agent: AgentId; readonly registered: Registered } | null> {
  const row = await db
    .selectFrom('requests')
    .innerJoin('request_statuses as s', 's.request', 'requests.id')
    .selectAll('s')
    .select([
      'requests.id as requestId',
      'requests.registered_at',
      'requests.registered_on',
      'requests.kind as requestKind',
      'requests.category',
      'requests.agent',
    ])
    .where('requests.draft', '=', draft)
    .where('s.version', '=', 1)
    .executeTakeFirst()
  if (row === undefined) return null
  const details = await detailsOf(db, row.requestId)
  const registered: Registered = {
    id: row.requestId,
    registeredAt: row.registered_at,
    registeredOn: row.registered_on,
    kind: row.requestKind,
    category: row.category,
    standing: standingOf(row),
    code: details?.code ?? null,
    isNew: false,
  }
  return { agent: row.agent, registered }
}

/** PostgreSQL's unique violation. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '23505'
}

/**
 * Raises the next number, for a year that was begun in another register. `too low`: the number is not above the present one.
 */
export async function raiseNextNumber(
  db: Database,
  raise: { readonly next: number; readonly reason: string; readonly by: AgentId },
): Promise<'raised' | 'too low'> {
  try {
    const { next, reason, by } = raise
    await db.transaction().execute(async (trx) => {
      const reason_digest = await addObligatoryText(trx, reason)
      await trx.insertInto('request_number_raises').values({ next, reason_digest, by }).execute()
    })
    return 'raised'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '23001') return 'too low'
    throw error
  }
}
