/** The rows of the record of which a receiver has not been told. Triggers fill it (migrations/0046, 0064); a delivery takes a row off. */
import { sql } from 'kysely'
import { lateAfterMs } from '../../city/webhooks/backoff.ts'
import type { PublishedRow } from '../../city/webhooks/published-events.ts'
import type { CallEventType } from '../../core/call-event.ts'
import type { CallId, Millis } from '../../core/ids.ts'
import { time, type Database } from '../database.ts'

/** From its commit on, new rows of the record are listed for this receiver. */
export async function listFor(
  db: Database,
  receiver: string,
  eventTypes: readonly CallEventType[],
): Promise<void> {
  const event_types = [...eventTypes]
  await db
    .insertInto('webhook_receivers')
    .values({ id: receiver, event_types })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ event_types }))
    .execute()
}

/** Nothing more is listed for it, and what was listed is dropped. Returns how much that was. */
export async function listNoMore(db: Database, receiver: string): Promise<number> {
  await db.deleteFrom('webhook_receivers').where('id', '=', receiver).execute()
  const dropped = await db.deleteFrom('webhook_unsent').where('receiver', '=', receiver).executeTakeFirst()
  return Number(dropped.numDeletedRows)
}

/** A transaction that began before the end of a receiver may have listed a row for it afterwards. */
export async function dropUnlisted(db: Database): Promise<void> {
  await db
    .deleteFrom('webhook_unsent')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('webhook_receivers as listed')
            .select('listed.id')
            .whereRef('listed.id', '=', 'webhook_unsent.receiver'),
        ),
      ),
    )
    .execute()
}

/** The receivers for which rows are listed. */
export async function listedReceivers(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('webhook_receivers').select('id').orderBy('id').execute()
  return rows.map(({ id }) => id)
}

export interface Unsent {
  readonly id: number
  readonly call: CallId
  /** Orders the messages of a call. */
  readonly place: number
  readonly what: PublishedRow
  readonly tries: number
  /** An administrator has asked for it. */
  readonly replay: boolean
  readonly recordedAt: Millis
}

/** The due rows, oldest first; a call's later rows wait for those before them. */
export async function dueRows(db: Database, receiver: string, now: Millis, limit: number): Promise<Unsent[]> {
  return db
    .selectFrom('webhook_unsent as u')
    .select(['id', 'call', 'place', 'what', 'tries', 'replay', 'recorded_at as recordedAt'])
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

/** Not to be published. */
export async function takeOff(db: Database, { id }: Unsent): Promise<void> {
  await db.deleteFrom('webhook_unsent').where('id', '=', id).execute()
}

/** It was not tried. */
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

/** Of all receivers together. */
export async function unsentCounts(db: Database, now: Millis): Promise<UnsentCounts> {
  return counted(db, now).executeTakeFirstOrThrow()
}

/** Of the receivers to whom anything is unsent. */
export async function unsentByReceiver(db: Database, now: Millis): Promise<Map<string, UnsentCounts>> {
  const rows = await counted(db, now).select('receiver').groupBy('receiver').execute()
  return new Map(rows.map(({ receiver, ...counts }) => [receiver, counts]))
}

const counted = (db: Database, now: Millis) =>
  db.selectFrom('webhook_unsent').select(({ fn }) => [
    fn.countAll<number>().as('unsent'),
    fn
      .countAll<number>()
      .filterWhere('recorded_at', '<=', time(now - lateAfterMs))
      .as('late'),
    sql<Millis | null>`min(recorded_at)`.as('oldestAt'),
  ])
