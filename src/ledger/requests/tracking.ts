/**
 * Following a request with its number and code, by anybody. What does not fit together is answered in one way,
 * whether there is such a number or not, and tries are counted alike: so that nobody learns numbers here.
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

/** `address` is the network that asks. */
export async function track(
  db: Database,
  asked: { readonly id: RequestId; readonly code: string; readonly address: string },
): Promise<Tracking> {
  const { id, code, address } = asked
  return db.transaction().execute(async (trx) => {
    // Tries at one number come one after the other: all at once they would not see each other.
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
  // An unknown number is compared too, with what no code is.
  const right = timingSafeEqual(Buffer.from(row?.code ?? '......'), Buffer.from(code))
  if (row === undefined || !right) return null
  const { code: _, ...tracked } = row
  return tracked
}
