/** Counts tries before they are checked, and makes those that follow too fast wait. All nodes share the counts. */
import { sql } from 'kysely'
import type { Database } from '../../ledger/database.ts'

/** Each try beyond the free ones doubles the wait, up to a bound. */
export interface Pace {
  readonly freeTries: number
  readonly firstDelayMs: number
  readonly delayMsMax: number
  /** Without a try for so long the count begins anew. */
  readonly forgetAfterMs: number
}

/** Where a count is kept. Columns: the key, `tries` and `last_at`. */
export type Counted =
  | { readonly table: 'sign_in_tries'; readonly bucket: Buffer }
  | { readonly table: 'code_tries'; readonly account: string }

/** 0: the try may be checked; else ms until the next one may be. Only tries that may be checked are counted. */
export async function countTry(db: Database, counted: Counted, pace: Pace): Promise<number> {
  const table = sql.table(counted.table)
  const [key, value] =
    counted.table === 'code_tries' ? ['account', counted.account] : ['bucket', counted.bucket]
  const column = sql.ref(key)
  const { freeTries, firstDelayMs, delayMsMax, forgetAfterMs } = pace
  /** The time that must have passed since the last try counted. */
  const delay = sql`case when t.tries < ${freeTries} then 0
    else least(${firstDelayMs} * 2.0 ^ least(t.tries - ${freeTries}, 20), ${delayMsMax}) end`
  const accepted = await sql`
    insert into ${table} as t (${column}, tries, last_at) values (${value}, 1, clock_timestamp())
    on conflict (${column}) do update set
      tries = case when t.last_at < clock_timestamp() - ${forgetAfterMs} * interval '1 ms' then 1 else t.tries + 1 end,
      last_at = clock_timestamp()
    where t.last_at <= clock_timestamp() - (${delay}) * interval '1 ms'
      -- The clock was set back.
      or t.last_at > clock_timestamp()
    returning tries`.execute(db)
  if (accepted.rows.length === 1) return 0
  const left = await sql<{ ms: number }>`
    select (${delay})::float8 - extract(epoch from clock_timestamp() - t.last_at)::float8 * 1000 as ms
    from ${table} t where ${column} = ${value}`.execute(db)
  return Math.max(1, Math.ceil(left.rows[0]?.ms ?? 0))
}
