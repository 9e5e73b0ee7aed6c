/** The log of deliveries: how a receiver of webhooks took each message. A try changes it together with the list of what is unsent. */
import { sql } from 'kysely'
import { knownTypes, type WebhookType } from '../../city/webhooks/published-events.ts'
import type { DeliveryFailure, DeliveryOutcome } from '../../city/webhooks/delivery.ts'
import type { Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'
import type { Unsent } from './unsent.ts'

/** One try of one message. */
export interface DeliveryTry {
  readonly receiver: string
  /** The `webhook-id`. */
  readonly message: string
  readonly type: WebhookType
  /** Null: there was no answer. */
  readonly status: number | null
  /** Null: there was one. */
  readonly why: DeliveryFailure | null
  readonly durationMs: Millis
  readonly at: Millis
}

/** Taken by the receiver, or given up: it is unsent no more. */
export async function recordLast(
  db: Database,
  row: Unsent,
  one: DeliveryTry,
  outcome: 'delivered' | 'given up',
): Promise<void> {
  await db
    .with('gone', (eb) => eb.deleteFrom('webhook_unsent').where('id', '=', row.id))
    .insertInto('webhook_deliveries')
    .values(rowOf(row, one, outcome))
    .onConflict((conflict) => conflict.columns(['receiver', 'call', 'place']).doUpdateSet(again))
    .execute()
}

/** After a failed try. */
export async function recordFailed(
  db: Database,
  row: Unsent,
  one: DeliveryTry,
  nextAt: Millis,
): Promise<void> {
  await db
    .with('put_off', (eb) =>
      eb
        .updateTable('webhook_unsent')
        .set({ tries: row.tries + 1, next_at: time(nextAt) })
        .where('id', '=', row.id),
    )
    .insertInto('webhook_deliveries')
    .values(rowOf(row, one, 'retrying'))
    .onConflict((conflict) => conflict.columns(['receiver', 'call', 'place']).doUpdateSet(again))
    .execute()
}

function rowOf(row: Unsent, one: DeliveryTry, outcome: DeliveryOutcome) {
  const { receiver, message, type, status, why, durationMs: duration_ms, at } = one
  const { call, place, what, replay } = row
  const moments = { first_at: new Date(at), last_at: new Date(at) }
  const facts = { receiver, call, place, what, message, type, outcome, replay }
  return { ...facts, ...moments, tries: 1, status, why, duration_ms }
}

const excluded = (column: string) => sql<never>`excluded.${sql.ref(column)}`
const again = {
  outcome: excluded('outcome'),
  tries: sql<never>`webhook_deliveries.tries + 1`,
  replay: excluded('replay'),
  status: excluded('status'),
  why: excluded('why'),
  duration_ms: excluded('duration_ms'),
  last_at: excluded('last_at'),
}

export interface Delivery {
  readonly id: number
  readonly receiver: string
  readonly message: string
  /** Null: of a release that this one does not know. */
  readonly type: WebhookType | null
  readonly outcome: DeliveryOutcome
  readonly tries: number
  readonly replay: boolean
  readonly status: number | null
  readonly why: DeliveryFailure | null
  readonly durationMs: Millis
  readonly firstAt: Millis
  readonly lastAt: Millis
}

export interface DeliveryQuestion {
  /** Null: of all. */
  readonly receiver: string | null
  readonly outcome: DeliveryOutcome | null
  /** An id, for the next page. */
  readonly before: number | null
  readonly limit: number
}

/** Those that were tried first last. */
export async function deliveries(db: Database, question: DeliveryQuestion): Promise<Delivery[]> {
  const { receiver, outcome, before, limit } = question
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select(['id', 'receiver', 'message', 'type', 'outcome', 'tries', 'replay', 'status', 'why'])
    .select(['duration_ms as durationMs', 'first_at as firstAt', 'last_at as lastAt'])
    .$if(receiver !== null, (query) => query.where('receiver', '=', receiver ?? ''))
    .$if(outcome !== null, (query) => query.where('outcome', '=', outcome ?? 'delivered'))
    .$if(before !== null, (query) => query.where('id', '<', before ?? 0))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ type, ...row }) => ({ ...row, type: knownTypes([type])[0] ?? null }))
}

/** How many messages each receiver has never taken, of those that the log still has. */
export async function failedByReceiver(db: Database): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => ['receiver', fn.countAll<number>().as('failed')])
    .where('outcome', '=', 'given up')
    .groupBy('receiver')
    .execute()
  return new Map(rows.map(({ receiver, failed }) => [receiver, failed]))
}

/** Lists a message of the log once more, to be sent at once, by the same id. */
export async function listAgain(db: Database, deliveries: readonly number[], now: Millis): Promise<void> {
  if (deliveries.length === 0) return
  await db
    .insertInto('webhook_unsent')
    .columns(['receiver', 'call', 'place', 'what', 'replay'])
    .expression((eb) =>
      eb
        .selectFrom('webhook_deliveries')
        .select(['receiver', 'call', 'place', 'what', sql<boolean>`true`.as('replay')])
        .where('id', '=', sql<number>`any(${[...deliveries]}::bigint[])`)
        .orderBy('id'),
    )
    // It is being tried anyway: at once then.
    .onConflict((conflict) =>
      conflict.columns(['receiver', 'call', 'place']).doUpdateSet({ replay: true, next_at: time(now) }),
    )
    .execute()
}
