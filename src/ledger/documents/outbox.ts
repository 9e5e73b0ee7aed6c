/**
 * The transactional outbox. A message to the document system is written in the transaction of the change that it
 * reports, and tried until it is delivered or a week is over. PostgreSQL holds what is unsent; BullMQ jobs only start
 * the tries on time.
 */
import { randomUUID } from 'node:crypto'
import { sql, type ExpressionBuilder, type SqlBool } from 'kysely'
import { lateAfterMs, pauseAfter } from '../../city/documents/backoff.ts'
import type { Delivery, SealedMessage } from '../../city/documents/document-system.ts'
import { MessageId, bodyOf, type DocumentMessage, type MessageType } from '../../city/documents/message.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import { sealed } from '../retention/sealed-values.ts'
import type { Tables } from '../tables.ts'
import type { TryOutcome } from './tables.ts'

/**
 * Puts a message into the outbox, with the next version of its request. Call it in the transaction of the change that
 * it reports, after the registration counter and before the journal. The nodes are notified when that commits.
 */
export async function enqueue(trx: Database, message: DocumentMessage): Promise<MessageId> {
  return write(trx, message, await nextVersion(trx, message.request))
}

/** The same for a request that this transaction registers: no other transaction can see it yet, so no lock is needed. */
export function enqueueFirst(trx: Database, message: DocumentMessage): Promise<MessageId> {
  return write(trx, message, 1)
}

/** One statement: the transaction holds the registration counter, and the next registration waits for it. */
async function write(trx: Database, message: DocumentMessage, version: number): Promise<MessageId> {
  const id = MessageId(`msg_${randomUUID().replaceAll('-', '')}`)
  const { salt, value: body, digest } = sealed(bodyOf(message, version))
  const { request, type } = message
  await trx
    .with('message', (db) => db.insertInto('outbox').values({ id, request, version, type, digest }))
    .with('body', (db) => db.insertInto('outbox_bodies').values({ message: id, salt, body }))
    .insertInto('outbox_unsent')
    .values({ message: id })
    .execute()
  return id
}

/** The lock gives two concurrent changes of one request different versions. */
async function nextVersion(trx: Database, request: string): Promise<number> {
  await lockRequest(trx, request)
  const { version } = await trx
    .selectFrom('outbox')
    .select((eb) => eb.fn.coalesce(eb.fn.max('version'), eb.lit(0)).as('version'))
    .where('request', '=', request)
    .executeTakeFirstOrThrow()
  return version + 1
}

/** Serialises transactions that number the versions of one request. Held until the transaction ends. */
export async function lockRequest(trx: Database, request: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`documents ${request}`}, 0))`.execute(trx)
}

export interface UnsentMessage {
  readonly id: MessageId
  readonly outcome: TryOutcome | null
  readonly tries: number
  readonly nextAt: Millis | null
  readonly givenUp: boolean
  /** It waits for an earlier message of the same request. */
  readonly behind: boolean
}

const unsentColumns = [
  'id',
  'outcome',
  'tries',
  'next_at as nextAt',
  'given_up as givenUp',
  'behind',
] as const

/** Messages whose next try is due, oldest first. */
export async function dueMessages(db: Database, now: Millis, limit: number): Promise<MessageId[]> {
  const rows = await db
    .selectFrom('undelivered')
    .select('id')
    .where('behind', '=', false)
    .where(isDue(now))
    .orderBy('queued_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** A delivered message is listed only after a race of sweep and delivery; its job then removes it from the list. */
const isDue =
  (now: Millis) =>
  (eb: ExpressionBuilder<Tables, 'undelivered'>): ReturnType<typeof eb.or> =>
    eb.or([eb('outcome', 'is', null), eb('outcome', '=', 'delivered'), sql<SqlBool>`next_at <= ${time(now)}`])

/** Null: delivered, or unknown. */
export async function unsentMessage(db: Database, id: MessageId): Promise<UnsentMessage | null> {
  const row = await db.selectFrom('undelivered').select(unsentColumns).where('id', '=', id).executeTakeFirst()
  return row ?? null
}

/** Null once retention has deleted the body. */
export async function sealedMessage(db: Database, id: MessageId): Promise<SealedMessage | null> {
  const row = await db.selectFrom('outbox_bodies').select('body').where('message', '=', id).executeTakeFirst()
  return row === undefined ? null : { id, body: row.body }
}

/** Records one try. Returns the time of the next one; null after a delivery, and once the week is over. */
export async function recordTry(
  db: Database,
  message: Pick<UnsentMessage, 'id' | 'tries'>,
  delivery: Delivery,
  now: Millis,
): Promise<Millis | null> {
  const tries = message.tries + 1
  const pause = delivery.outcome === 'delivered' ? null : pauseAfter(tries)
  const nextAt = pause === null ? null : now + pause
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('outbox_tries')
      .values({
        message: message.id,
        outcome: delivery.outcome,
        tries,
        status: delivery.outcome === 'refused' ? delivery.status : null,
        why: delivery.outcome === 'unreachable' ? delivery.why : null,
        next_at: nextAt === null ? null : new Date(nextAt),
        by: null,
      })
      .execute()
    if (delivery.outcome === 'delivered') await takeOff(trx, message.id)
  })
  return nextAt
}

/** Removes the message from the list of unsent ones. */
export async function takeOff(db: Database, id: MessageId): Promise<void> {
  await db.deleteFrom('outbox_unsent').where('message', '=', id).execute()
}

/** The next message of the same request, which had to wait for this one; null when there is none. */
export async function messageAfter(db: Database, id: MessageId): Promise<MessageId | null> {
  const row = await db
    .selectFrom('outbox as sent')
    .innerJoin('undelivered', 'undelivered.request', 'sent.request')
    .select('undelivered.id')
    .where('sent.id', '=', id)
    .where('undelivered.behind', '=', false)
    .orderBy('undelivered.version')
    .limit(1)
    .executeTakeFirst()
  return row?.id ?? null
}

/** Adds undelivered messages that are missing from the list; returns how many. Reads the whole outbox: at start only. */
export async function restoreUnsent(db: Database): Promise<number> {
  const restored = await db
    .insertInto('outbox_unsent')
    .columns(['message'])
    .expression((eb) =>
      eb
        .selectFrom('outbox')
        .select('outbox.id')
        .where((one) =>
          one.not(
            one.exists(
              one
                .selectFrom('outbox_tries')
                .select('outbox_tries.id')
                .whereRef('outbox_tries.message', '=', 'outbox.id')
                .where('outbox_tries.outcome', '=', 'delivered'),
            ),
          ),
        ),
    )
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(restored.numInsertedOrUpdatedRows ?? 0n)
}

export interface UndeliveredCounts {
  readonly unsent: number
  /** Not delivered within two hours. */
  readonly late: number
  readonly givenUp: number
}

export async function undeliveredCounts(db: Database, now: Millis): Promise<UndeliveredCounts> {
  return db
    .selectFrom('undelivered')
    .select(({ fn }) => [
      fn.countAll<number>().as('unsent'),
      fn
        .countAll<number>()
        .filterWhere(sql<SqlBool>`queued_at <= ${time(now - lateAfterMs)}`)
        .as('late'),
      fn.countAll<number>().filterWhere('given_up', '=', true).as('givenUp'),
    ])
    .executeTakeFirstOrThrow()
}

/** When the oldest undelivered message was written; null: none waits. */
export async function oldestUndelivered(db: Database): Promise<Millis | null> {
  const row = await db
    .selectFrom('undelivered')
    .select('queued_at as at')
    .orderBy('queued_at')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

export interface UndeliveredMessage extends UnsentMessage {
  readonly request: string
  readonly version: number
  readonly type: MessageType
  readonly queuedAt: Millis
  readonly triedAt: Millis | null
  readonly status: number | null
  readonly why: string | null
}

/** For supervisors and administrators: messages that were given up come first, then the oldest. */
export async function undeliveredMessages(db: Database, limit: number): Promise<UndeliveredMessage[]> {
  return db
    .selectFrom('undelivered')
    .select(unsentColumns)
    .select(['request', 'version', 'type', 'queued_at as queuedAt', 'tried_at as triedAt', 'status', 'why'])
    .orderBy('given_up', 'desc')
    .orderBy('queued_at')
    .orderBy('version')
    .limit(limit)
    .execute()
}

/** A supervisor or administrator asks for another try, which begins a new week of tries. `not unsent`: delivered, or unknown. */
export async function askAgain(
  db: Database,
  id: MessageId,
  by: AgentId,
  now: Millis,
): Promise<'asked' | 'not unsent'> {
  return db.transaction().execute(async (trx) => {
    const message = await unsentMessage(trx, id)
    if (message === null || message.outcome === 'delivered') return 'not unsent'
    await trx
      .insertInto('outbox_tries')
      .values({
        message: id,
        outcome: 'asked again',
        tries: 0,
        status: null,
        why: null,
        next_at: new Date(now),
        by,
      })
      .execute()
    return 'asked'
  })
}
