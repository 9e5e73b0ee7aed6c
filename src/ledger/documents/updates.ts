/** Updates that the document system sends about our requests: each is applied once, and never over a newer one. */
import { sql } from 'kysely'
import type { StatusUpdate, TakenUpdate } from '../../city/documents/status-update.ts'
import type { Database } from '../database.ts'

/** Writes the update as a new status of the request, in the same transaction; sends nothing back. */
export type StatusRegister = (
  trx: Database,
  update: StatusUpdate,
) => Promise<'kept' | 'not possible' | 'unknown request'>

export async function takeUpdate(
  db: Database,
  update: StatusUpdate,
  register: StatusRegister,
): Promise<TakenUpdate> {
  return db.transaction().execute(async (trx) => {
    // Serialises updates of one request. No other code takes this lock, so taking it first cannot deadlock.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`update of ${update.request}`}, 0))`.execute(
      trx,
    )
    if (await isKnown(trx, update.id)) return 'repeated'
    if ((await newestVersion(trx, update.request)) >= update.version) {
      await keep(trx, update, false)
      return 'outdated'
    }
    const kept = await register(trx, update)
    if (kept === 'unknown request') return 'unknown request'
    await keep(trx, update, kept === 'kept')
    return kept === 'kept' ? 'taken' : 'not possible'
  })
}

/** Whether the document system was ever sent this request. Updates of other requests are refused. */
export async function wasSent(db: Database, request: string): Promise<boolean> {
  const row = await db
    .selectFrom('outbox')
    .select('id')
    .where('request', '=', request)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

async function isKnown(trx: Database, id: string): Promise<boolean> {
  const row = await trx.selectFrom('document_updates').select('id').where('id', '=', id).executeTakeFirst()
  return row !== undefined
}

async function newestVersion(trx: Database, request: string): Promise<number> {
  const { version } = await trx
    .selectFrom('document_updates')
    .select((eb) => eb.fn.coalesce(eb.fn.max('version'), eb.lit(0)).as('version'))
    .where('request', '=', request)
    .executeTakeFirstOrThrow()
  return version
}

async function keep(trx: Database, update: StatusUpdate, applied: boolean): Promise<void> {
  const { id, request, version, state, department, ownNumber, ownDate, extensionDays } = update
  await trx
    .insertInto('document_updates')
    .values({
      id,
      request,
      version,
      state,
      department,
      own_number: ownNumber,
      own_date: ownDate,
      extension_days: extensionDays,
      applied,
    })
    .execute()
}
