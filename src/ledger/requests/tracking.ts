/**
 * Public tracking of a request by number and code. An unknown number and a wrong code get the same answer and are
 * counted alike, so that numbers cannot be discovered here.
 */
import { timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Day } from '../../city/day.ts'
import type { RequestId } from '../../city/requests/number.ts'
import type { RequestState } from '../../city/requests/standing.ts'
import { wrongInAllMax, wrongPerAddressMax, wrongPerNumberMax } from '../../city/requests/tracking-code.ts'
import type { Millis } from '../../core/ids.ts'
import type { Database } from '../database.ts'

export interface Tracked {
  readonly id: RequestId
  readonly registeredOn: Day
  readonly state: RequestState
  readonly department: string
  readonly announcedOn: Day
  readonly legalEndOn: Day
  readonly extended: boolean
  readonly changedAt: Millis
}

export type Tracking =
  | { readonly outcome: 'found'; readonly request: Tracked }
  | { readonly outcome: 'no match' }
  | { readonly outcome: 'too many tries' }

/** `address`: the network of the client. */
export async function track(
  db: Database,
  asked: { readonly id: RequestId; readonly code: string; readonly address: string },
): Promise<Tracking> {
  const { id, code, address } = asked
  return db.transaction().execute(async (trx) => {
    // Serialises tries at one number: concurrent ones would not count each other.
    await sql`select pg_advisory_xact_lock(hashtextextended(${`tracking ${id}`}, 0))`.execute(trx)
    if (await isTooMany(trx, id, address)) return { outcome: 'too many tries' }
    const request = await trackedWith(trx, id, code)
    await trx
      .insertInto('tracking_tries')
      .values({ number: id, address, found: request !== null })
      .execute()
    return request === null ? { outcome: 'no match' } : { outcome: 'found', request }
  })
}

async function isTooMany(trx: Database, id: RequestId, address: string): Promise<boolean> {
  const { rows } = await sql<{ number: number; address: number; all: number }>`
    select
      (select count(*) from tracking_tries where not found and number = ${id}
         and recorded_at > now() - interval '1 hour') as number,
      (select count(*) from tracking_tries where not found and address = ${address}
         and recorded_at > now() - interval '1 hour') as address,
      (select count(*) from tracking_tries where not found
         and recorded_at > now() - interval '1 hour') as all`.execute(trx)
  const wrong = rows[0]!
  return (
    wrong.number >= wrongPerNumberMax || wrong.address >= wrongPerAddressMax || wrong.all >= wrongInAllMax
  )
}

async function trackedWith(trx: Database, id: RequestId, code: string): Promise<Tracked | null> {
  const row = await trx
    .selectFrom('current_requests as r')
    .innerJoin('request_details as d', 'd.request', 'r.id')
    .select([
      'r.id',
      'r.registered_on as registeredOn',
      'r.state',
      'r.department',
      'r.announced_on as announcedOn',
      'r.legal_end_on as legalEndOn',
      'r.extended',
      'r.changed_at as changedAt',
      sql<string>`d.value::jsonb ->> 'code'`.as('code'),
    ])
    .where('r.id', '=', id)
    .executeTakeFirst()
  // For an unknown number the code is compared too, with a text that no code equals: same time, same answer.
  const right = timingSafeEqual(Buffer.from(row?.code ?? '......'), Buffer.from(code))
  if (row === undefined || !right) return null
  const { code: _, ...tracked } = row
  return tracked
}
