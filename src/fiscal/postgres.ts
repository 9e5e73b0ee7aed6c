/**
 * The fiscal database as PostgreSQL, through two functions that the tax office's own people write: one keyed by a
 * whole CNP or CUI, one by the handle that the first has given. The login may execute these and nothing else
 * (docs/guides/integrations.md says how they look). Every question is bounded, and a database that is away costs the desk a
 * sentence and the line nothing.
 */
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import type { Logger } from 'pino'
import { sameAddress } from '../city/taxes/address.ts'
import { accountWith, TaxpayerId, type AccountPart } from '../city/taxes/account.ts'
import type { AccountAnswer, FiscalDatabase, Found, Search } from '../city/taxes/fiscal-database.ts'
import { sameName } from '../city/taxes/names.ts'
import { decodeAccount } from './decode.ts'

export interface FiscalOptions {
  /** TAX_DATABASE_URL. */
  readonly url: string
  readonly log: Logger
  /** Answers that take longer are given up, on both sides. */
  readonly answerWithinMs?: number
  readonly connectWithinMs?: number
}

export interface OpenFiscal extends FiscalDatabase {
  /** Questions without an answer since the start. */
  unanswered(): number
  close(): Promise<void>
}

/** Connections at most: a lookup takes milliseconds, and somebody else's database is not ours to fill. */
const connectionsMax = 4

export function openFiscal(options: FiscalOptions): OpenFiscal {
  const answerWithinMs = options.answerWithinMs ?? 2_000
  const pool = new Pool({
    connectionString: options.url,
    max: connectionsMax,
    connectionTimeoutMillis: options.connectWithinMs ?? 1_500,
    statement_timeout: answerWithinMs,
    // The server's cancel can be lost with the connection.
    query_timeout: answerWithinMs + 500,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'linia969-taxes',
  })
  // A connection that is lost while it is idle is replaced; one that works also rejects its question.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  let unanswered = 0

  /** Logged by name alone: a driver's message can hold what was asked for. */
  const unreachable = (question: string, error: unknown): { readonly outcome: 'unreachable' } => {
    unanswered += 1
    options.log.warn({ question, error: nameOf(error) }, 'the fiscal database does not answer')
    return { outcome: 'unreachable' }
  }

  return {
    async find(search: Search): Promise<Found> {
      try {
        const { rows } = await sql<OnFile>`
          select handle, name, address from fiscal.taxpayer_named(${search.identifier.value})`.execute(db)
        return matchOf(search, rows)
      } catch (error) {
        return unreachable('find', error)
      }
    },

    async account<Part extends AccountPart>(
      taxpayer: TaxpayerId,
      parts: readonly Part[],
    ): Promise<AccountAnswer<Part>> {
      // What is no handle of theirs would be an error of theirs.
      if (!handle.test(taxpayer)) return { outcome: 'unknown' }
      try {
        const { rows } = await sql<{ account: unknown }>`
          select fiscal.account_of(${taxpayer}, ${[...parts]}) as account`.execute(db)
        const found = rows[0]?.account ?? null
        if (found === null) return { outcome: 'unknown' }
        return { outcome: 'account', account: accountWith(decodeAccount(found), parts) }
      } catch (error) {
        return unreachable('account', error)
      }
    },

    unanswered: () => unanswered,
    close: () => db.destroy(),
  }
}

interface OnFile {
  readonly handle: string
  readonly name: string
  readonly address: string
}

const handle = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** The number alone finds nobody: name and address have to be that person's too. */
function matchOf({ name, address }: Search, rows: readonly OnFile[]): Found {
  const found = rows.find((row) => sameName(name, row.name) && sameAddress(address, row.address))
  return found === undefined
    ? { outcome: 'no match' }
    : { outcome: 'match', taxpayer: TaxpayerId(found.handle) }
}

/** PostgreSQL's code or the system's, which hold no values. */
function nameOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
