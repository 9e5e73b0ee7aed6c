/** Replays: an administrator has messages sent to a receiver of webhooks once more, by the same ids. Each is on record. */
import { time, type Database } from '../../ledger/database.ts'
import { listAgain } from '../../ledger/webhooks/deliveries.ts'
import type { AgentId, Millis } from '../../core/ids.ts'
import { mayDecide } from '../account-changes.ts'

export interface Replaying {
  /** The administrator. */
  readonly by: AgentId
  readonly now: Millis
}

export type Replayed =
  | { readonly ok: true; readonly messages: number }
  | { readonly ok: false; readonly why: 'not allowed' | 'no such delivery' | 'no such receiver' }

/** More are replayed by asking again. */
const messagesMax = 10_000

/** One message, whether the receiver has taken it before or not. */
export function replayOne(db: Database, delivery: number, { by, now }: Replaying): Promise<Replayed> {
  return db.transaction().execute(async (trx): Promise<Replayed> => {
    if (!(await mayDecide(trx, by, ['administrator'], []))) return { ok: false, why: 'not allowed' }
    const known = await trx
      .selectFrom('webhook_deliveries')
      .select(['receiver', 'message'])
      .where('id', '=', delivery)
      .executeTakeFirst()
    if (known === undefined) return { ok: false, why: 'no such delivery' }
    const { receiver, message } = known
    if (!(await holdListed(trx, receiver))) return { ok: false, why: 'no such receiver' }
    await listAgain(trx, [delivery], now)
    await trx
      .insertInto('webhook_replays')
      .values({ receiver, message, since: null, messages: 1, by })
      .execute()
    return { ok: true, messages: 1 }
  })
}

/** Every message that was given up since a moment, in the order in which they were tried first. */
export function replayFailed(
  db: Database,
  { receiver, since }: { readonly receiver: string; readonly since: Millis },
  { by, now }: Replaying,
): Promise<Replayed> {
  return db.transaction().execute(async (trx): Promise<Replayed> => {
    if (!(await mayDecide(trx, by, ['administrator'], []))) return { ok: false, why: 'not allowed' }
    if (!(await holdListed(trx, receiver))) return { ok: false, why: 'no such receiver' }
    const failed = await trx
      .selectFrom('webhook_deliveries')
      .select('id')
      .where('receiver', '=', receiver)
      .where('outcome', '=', 'given up')
      .where('last_at', '>=', time(since))
      .orderBy('id')
      .limit(messagesMax)
      .execute()
    await listAgain(
      trx,
      failed.map(({ id }) => id),
      now,
    )
    await trx
      .insertInto('webhook_replays')
      .values({ receiver, message: null, since: new Date(since), messages: failed.length, by })
      .execute()
    return { ok: true, messages: failed.length }
  })
}

/** Whether the receiver is open; it does not end until the transaction does. */
async function holdListed(trx: Database, receiver: string): Promise<boolean> {
  const listed = await trx
    .selectFrom('webhook_receivers')
    .select('id')
    .where('id', '=', receiver)
    .forShare()
    .executeTakeFirst()
  return listed !== undefined
}
