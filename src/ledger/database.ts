/** The door to PostgreSQL: a bounded pool whose statements cannot hang, and the tables as types. */
import { Kysely, PostgresDialect, sql, type RawBuilder } from 'kysely'
import { Pool, TypeOverrides, types } from 'pg'
import type { Logger } from 'pino'
import type { Millis } from '../core/ids.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

export interface DatabaseOptions {
  readonly url: string
  /** Connections at most. */
  readonly connectionsMax?: number
  /** A statement that takes longer is cancelled by the server. */
  readonly statementTimeoutMs?: number
  /** How long a question waits for a connection before it fails. */
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
    // The server's cancel can be lost with the connection; the client's own bound comes a little later.
    query_timeout: statementTimeoutMs + 2_000,
    idle_in_transaction_session_timeout: statementTimeoutMs * 2,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // Every question here is short: compiling one first (100 ms, where the planner guesses too high) is never worth it.
    options: '-c jit=off',
    application_name: 'linia969',
    types: ownTypes(),
  })
  // An idle connection that dies is replaced by the pool; without a listener it would end the process.
  pool.on('error', (err) => options.log?.warn({ err }, 'an idle connection to PostgreSQL was lost'))
  // One that is lost while it works also rejects its query; that is where it is dealt with.
  pool.on('connect', (client) =>
    client.on('error', (err) => options.log?.debug({ err }, 'a connection to PostgreSQL was lost')),
  )
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
}

/** A time as a value in SQL. */
export function time(ms: Millis): RawBuilder<Millis> {
  return sql<Millis>`to_timestamp(${ms}::float8 / 1000)`
}

/** Times arrive as epoch milliseconds, whole numbers as numbers: one shape for both in the program. */
function ownTypes(): TypeOverrides {
  const overrides = new TypeOverrides()
  overrides.setTypeParser(types.builtins.TIMESTAMPTZ, toMillis)
  overrides.setTypeParser(types.builtins.INT8, toSafeInteger)
  // A day is a day: as a moment it would be another one in another time zone.
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
