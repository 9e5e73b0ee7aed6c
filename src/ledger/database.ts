/** Access to PostgreSQL: a bounded pool whose statements cannot hang, with the tables as types. */
import { Kysely, PostgresDialect, sql, type RawBuilder } from 'kysely'
import { Pool, TypeOverrides, types } from 'pg'
import type { Logger } from 'pino'
import type { Millis } from '../core/ids.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

export interface DatabaseOptions {
  readonly url: string
  /** Size of the pool; default 10. */
  readonly connectionsMax?: number
  /** The server cancels a statement that takes longer; default 5 s. */
  readonly statementTimeoutMs?: number
  /** How long a query waits for a connection before it fails; default 3 s. */
  readonly connectTimeoutMs?: number
  readonly log?: Logger
}

/** Opens no connection yet; `destroy()` closes all of them. */
export function openDatabase(options: DatabaseOptions): Database {
  const statementTimeoutMs = options.statementTimeoutMs ?? 5_000
  const pool = new Pool({
    connectionString: options.url,
    max: options.connectionsMax ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 3_000,
    statement_timeout: statementTimeoutMs,
    lock_timeout: statementTimeoutMs,
    // The server's cancellation can be lost with the connection, so the client has a bound of its own, a little later.
    query_timeout: statementTimeoutMs + 2_000,
    idle_in_transaction_session_timeout: statementTimeoutMs * 2,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // All queries are short. Where the planner overestimates one, compiling it takes 100 ms and is never worth it.
    options: '-c jit=off',
    application_name: 'linia969',
    types: ownTypes(),
  })
  // The pool replaces a lost idle connection; without a listener the error would end the process.
  pool.on('error', (err) => options.log?.warn({ err }, 'an idle connection to PostgreSQL was lost'))
  // A connection that is lost in use also rejects its query, where the error is handled.
  pool.on('connect', (client) =>
    client.on('error', (err) => options.log?.debug({ err }, 'a connection to PostgreSQL was lost')),
  )
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** One connection for `work`, closed after it. */
export async function withDatabaseAt<Value>(
  options: DatabaseOptions,
  work: (db: Database) => Promise<Value>,
): Promise<Value> {
  const db = openDatabase({ connectionsMax: 1, ...options })
  try {
    return await work(db)
  } finally {
    await db.destroy()
  }
}

/** A time as an SQL value. */
export function time(ms: Millis): RawBuilder<Millis> {
  return sql<Millis>`to_timestamp(${ms}::float8 / 1000)`
}

/** Reads timestamptz as epoch milliseconds and bigint as a number. */
function ownTypes(): TypeOverrides {
  const overrides = new TypeOverrides()
  overrides.setTypeParser(types.builtins.TIMESTAMPTZ, toMillis)
  overrides.setTypeParser(types.builtins.INT8, toSafeInteger)
  // A date stays text: as a moment it would be another date in another time zone.
  overrides.setTypeParser(types.builtins.DATE, (day) => day)
  return overrides
}

const parseDate = types.getTypeParser(types.builtins.TIMESTAMPTZ, 'text')

function toMillis(text: string): Millis {
  const date: unknown = parseDate(text)
  if (!(date instanceof Date)) throw new RangeError(`not a finite time: ${text}`)
  return date.getTime()
}

function toSafeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`too large for a number: ${text}`)
  return value
}
