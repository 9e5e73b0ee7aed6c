/** The rows of the record of which a receiver has not been told. Triggers fill it (migrations/0046); a delivery takes a row off. */
import { sql } from 'kysely'
import { lateAfterMs } from '../../city/webhooks/backoff.ts'
import type { CallEventType } from '../../core/call-event.ts'
import type { CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

/** From its commit on, new rows of the record are listed for this receiver. */
export async function addReceiver(
  db: Database,
  id: string,
  eventTypes: readonly CallEventType[],
): Promise<void> {
  const event_types = [...eventTypes]
  await db
    .insertInto('webhook_receivers')
    .values({ id, event_types })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ event_types }))
    .execute()
}

/** Nothing more is listed, and what was listed is dropped. Returns how much that was. */
export async function removeReceivers(db: Database): Promise<number> {
  await db.deleteFrom('webhook_receivers').execute()
  const dropped = await db.deleteFrom('webhook_unsent').executeTakeFirst()
  return Number(dropped.numDeletedRows)
}

export interface Unsent {
  readonly id: number
  readonly call: CallId
  /** Orders the messages of a call. */
  readonly place: number
  readonly what: 'event' | 'end' | 'recording'
  readonly tries: number
  readonly recordedAt: Millis
}

/** The due rows, oldest first; a call's later rows wait for those before them. */
export async function dueRows(db: Database, receiver: string, now: Millis, limit: number): Promise<Unsent[]> {
  return db
    .selectFrom('webhook_unsent as u')
    .select(['id', 'call', 'place', 'what', 'tries', 'recorded_at as recordedAt'])
    .where('receiver', '=', receiver)
    .where('next_at', '<=', time(now))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('webhook_unsent as before')
            .select('before.id')
            .where('before.receiver', '=', receiver)
            .whereRef('before.call', '=', 'u.call')
            .whereRef('before.place', '<', 'u.place')
            .where('before.next_at', '>', time(now)),
        ),
      ),
    )
    .orderBy('id')
    .limit(limit)
    .execute()
}

/** When the next row is due; null: nothing is left. A call's later rows are due after those before them. */
export async function nextDueAt(db: Database, receiver: string): Promise<Millis | null> {
  const row = await db
    .selectFrom('webhook_unsent as u')
    .select('next_at as at')
    .where('receiver', '=', receiver)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('webhook_unsent as before')
            .select('before.id')
            .where('before.receiver', '=', receiver)
            .whereRef('before.call', '=', 'u.call')
            .whereRef('before.place', '<', 'u.place'),
        ),
      ),
    )
    .orderBy('next_at')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

/** Delivered, not to be published, or given up. */
export async function takeOff(db: Database, { id }: Unsent): Promise<void> {
  await db.deleteFrom('webhook_unsent').where('id', '=', id).execute()
}

/** After a failed try. */
export async function putOff(db: Database, { id, tries }: Unsent, nextAt: Millis): Promise<void> {
  await db
    .updateTable('webhook_unsent')
    .set({ tries: tries + 1, next_at: time(nextAt) })
    .where('id', '=', id)
    .execute()
}

/** The receiver is back: nothing waits for its next try any longer. */
export async function bringAllForward(db: Database, receiver: string, now: Millis): Promise<void> {
  await db
    .updateTable('webhook_unsent')
    .set({ next_at: time(now) })
    .where('receiver', '=', receiver)
    .where('next_at', '>', time(now))
    .execute()
}

export interface UnsentCounts {
  readonly unsent: number
  /** Not delivered for `lateAfterMs`. */
  readonly late: number
  /** When the oldest of them was recorded; null: none is unsent. */
  readonly oldestAt: Millis | null
}

export async function unsentCounts(db: Database, now: Millis): Promise<UnsentCounts> {
  return db
    .selectFrom('webhook_unsent')
    .select(({ fn }) => [
      fn.countAll<number>().as('unsent'),
      fn
        .countAll<number>()
        .filterWhere('recorded_at', '<=', time(now - lateAfterMs))
        .as('late'),
      sql<Millis | null>`min(recorded_at)`.as('oldestAt'),
    ])
    .executeTakeFirstOrThrow()
}
