/**
 * Receivers of webhooks: other programs that are told of the course of calls. Each change is a further version of the
 * receiver's. The server makes the secret that signs; it is shown once, and kept sealed.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { eventTypesOf, type WebhookType } from '../../city/webhooks/published-events.ts'
import { receiversMax } from '../../city/webhooks/receiver-limits.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import { addObligatoryText } from '../../ledger/retention/free-texts.ts'
import { openReceiver, openReceivers, type OpenReceiver } from '../../ledger/webhooks/receivers.ts'
import { listFor, listNoMore } from '../../ledger/webhooks/unsent.ts'
import { mayDecide } from '../account-changes.ts'
import type { Seal } from '../sign-in/sealed.ts'

export interface ReceiverFields {
  readonly name: string
  /** As `isReceiverAddress` allows. */
  readonly url: string
  readonly types: readonly WebhookType[]
}

export interface Decision {
  /** The administrator. */
  readonly by: AgentId
  readonly reason: string
}

/** The version that was seen. */
export interface SeenReceiver {
  readonly id: string
  readonly version: number
}

export type ReceiverRefusal =
  | 'not allowed'
  | 'no such receiver'
  | 'changed meanwhile'
  | 'name taken'
  | 'too many'
type Refusal<Why extends ReceiverRefusal> = { readonly ok: false; readonly why: Why }

export type ReceiverAdded =
  | { readonly ok: true; readonly id: string; readonly secret: string }
  | Refusal<'not allowed' | 'name taken' | 'too many'>
export type ReceiverChanged =
  | { readonly ok: true }
  | Refusal<'not allowed' | 'no such receiver' | 'changed meanwhile' | 'name taken'>
export type SecretRenewed =
  | { readonly ok: true; readonly secret: string }
  | Refusal<'not allowed' | 'no such receiver' | 'changed meanwhile'>
export type ReceiverEnded =
  | { readonly ok: true }
  | Refusal<'not allowed' | 'no such receiver' | 'changed meanwhile'>

/** From its commit on, new events are sent there. The secret is in this answer alone. */
export function addReceiver(
  db: Database,
  seal: Seal,
  fields: ReceiverFields,
  decision: Decision,
): Promise<ReceiverAdded> {
  return decided(db, decision, async (trx): Promise<ReceiverAdded> => {
    const open = await openReceivers(trx)
    if (open.length >= receiversMax) return { ok: false, why: 'too many' }
    if (nameTaken(open, fields.name, null)) return { ok: false, why: 'name taken' }
    const id = randomUUID()
    const secret = newSecret()
    await addVersion(trx, { ...fields, id, secret: sealedFor(seal, id, secret), basedOn: null }, decision)
    return { ok: true, id, secret }
  })
}

export function changeReceiver(
  db: Database,
  seen: SeenReceiver,
  fields: ReceiverFields,
  decision: Decision,
): Promise<ReceiverChanged> {
  return decided(db, decision, async (trx): Promise<ReceiverChanged> => {
    const known = await asSeen(trx, seen)
    if (!known.ok) return known
    const { id, version, secret } = known.receiver
    if (nameTaken(await openReceivers(trx), fields.name, id)) return { ok: false, why: 'name taken' }
    await addVersion(trx, { ...fields, id, secret, basedOn: version }, decision)
    return { ok: true }
  })
}

/** The earlier secret signs nothing from its commit on. */
export function renewSecret(
  db: Database,
  seal: Seal,
  seen: SeenReceiver,
  decision: Decision,
): Promise<SecretRenewed> {
  return decided(db, decision, async (trx): Promise<SecretRenewed> => {
    const known = await asSeen(trx, seen)
    if (!known.ok) return known
    const { id, version, name, url, types } = known.receiver
    const secret = newSecret()
    const next = { id, name, url, types, secret: sealedFor(seal, id, secret), basedOn: version }
    await addVersion(trx, next, decision)
    return { ok: true, secret }
  })
}

/** Nothing more is sent there, and what was unsent is dropped. It cannot be opened again: its secret ends with it. */
export function endReceiver(db: Database, seen: SeenReceiver, decision: Decision): Promise<ReceiverEnded> {
  return decided(db, decision, async (trx): Promise<ReceiverEnded> => {
    const known = await asSeen(trx, seen)
    if (!known.ok) return known
    const { id, version, name, url, types, secret } = known.receiver
    await addVersion(trx, { id, name, url, types, secret, basedOn: version, closed: true }, decision)
    return { ok: true }
  })
}

export interface ListedReceiver {
  readonly id: string
  readonly version: number
  readonly name: string
  readonly url: string
  readonly types: readonly WebhookType[]
  /** Its newest change: when, by whom and why. The reason is empty once retention has deleted it. */
  readonly changedAt: Millis
  readonly changedBy: string
  readonly reason: string
}

/** The open ones, by name. */
export async function listReceivers(db: Database): Promise<readonly ListedReceiver[]> {
  const open = await openReceivers(db)
  if (open.length === 0) return []
  const rows = await db
    .selectFrom('webhook_receiver_versions as version')
    .innerJoin('current_accounts as author', 'author.id', 'version.by')
    .leftJoin('free_texts as said', 'said.digest', 'version.reason_digest')
    .select(['version.id', 'version.recorded_at as changedAt', 'author.name as changedBy'])
    .select(sql<string>`coalesce(said.text, '')`.as('reason'))
    .where(
      'version.id',
      'in',
      open.map(({ version }) => version),
    )
    .execute()
  const changes = new Map(rows.map(({ id, ...change }) => [id, change]))
  return open.flatMap(({ id, version, name, url, types }) => {
    const change = changes.get(version)
    return change === undefined ? [] : [{ id, version, name, url, types, ...change }]
  })
}

/** The names of receivers, also of ended ones: each as it was last. */
export async function receiverNames(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('webhook_receiver_versions')
    .distinctOn('receiver')
    .select(['receiver', 'name'])
    .where('receiver', 'in', ids)
    .orderBy('receiver')
    .orderBy('id', 'desc')
    .execute()
  return new Map(rows.map(({ receiver, name }) => [receiver, name]))
}

/** The secret as it signs; null: it was sealed with another FACTOR_KEY. */
export function openedSecret(seal: Seal, sealed: Buffer, receiver: string): string | null {
  const key = seal.open(sealed, receiver)
  return key === null ? null : written(key)
}

/** As Standard Webhooks writes one. */
const written = (key: Buffer): string => `whsec_${key.toString('base64')}`
const newSecret = (): string => written(randomBytes(32))

const sealedFor = (seal: Seal, receiver: string, secret: string): Buffer =>
  seal.close(Buffer.from(secret.slice('whsec_'.length), 'base64'), receiver)

function decided<Answer>(
  db: Database,
  { by }: Decision,
  work: (trx: Database) => Promise<Answer>,
): Promise<Answer | Refusal<'not allowed'>> {
  return db.transaction().execute(async (trx) => {
    if (!(await mayDecide(trx, by, ['administrator'], []))) return { ok: false, why: 'not allowed' }
    // Two changes at once would not see each other's name or version.
    await sql`select pg_advisory_xact_lock(969059)`.execute(trx)
    return work(trx)
  })
}

async function asSeen(
  trx: Database,
  { id, version }: SeenReceiver,
): Promise<
  { readonly ok: true; readonly receiver: OpenReceiver } | Refusal<'no such receiver' | 'changed meanwhile'>
> {
  const receiver = await openReceiver(trx, id)
  if (receiver === null) return { ok: false, why: 'no such receiver' }
  if (receiver.version !== version) return { ok: false, why: 'changed meanwhile' }
  return { ok: true, receiver }
}

const folded = (name: string): string => name.toLocaleLowerCase('ro')

const nameTaken = (open: readonly OpenReceiver[], name: string, own: string | null): boolean =>
  open.some((one) => one.id !== own && folded(one.name) === folded(name))

interface NewVersion extends ReceiverFields {
  readonly id: string
  readonly secret: Buffer
  readonly basedOn: number | null
  readonly closed?: boolean
}

async function addVersion(trx: Database, version: NewVersion, { by, reason }: Decision): Promise<void> {
  const { id, name, url, types, secret, basedOn, closed = false } = version
  const reason_digest = await addObligatoryText(trx, reason)
  await trx
    .insertInto('webhook_receiver_versions')
    .values({
      receiver: id,
      based_on: basedOn,
      name,
      url,
      types: [...types],
      secret,
      closed,
      reason_digest,
      by,
    })
    .execute()
  if (closed) await listNoMore(trx, id)
  else await listFor(trx, id, eventTypesOf(types))
}
