/**
 * The fiscal database in PostgreSQL, through two functions that the tax office provides: one looks up a whole CNP or
 * CUI, the other takes the handle that the first returns. The login may execute these two and nothing else
 * (docs/guides/integrations.md specifies them). Every query has a timeout. While the database is unavailable the desk
 * shows a sentence, and calls are not affected.
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
  /** Timeout of a query, on both sides. */
  readonly answerWithinMs?: number
  readonly connectWithinMs?: number
}

export interface OpenFiscal extends FiscalDatabase {
  /** Failed queries since the start. */
  unanswered(): number
  close(): Promise<void>
}

/** Few: a lookup takes milliseconds, and the database belongs to another system. */
const connectionsMax = 4

export function openFiscal(options: FiscalOptions): OpenFiscal {
  const answerWithinMs = options.answerWithinMs ?? 2_000
  const pool = new Pool({
    connectionString: options.url,
    max: connectionsMax,
    connectionTimeoutMillis: options.connectWithinMs ?? 1_500,
    statement_timeout: answerWithinMs,
    // Longer than the server's own timeout, whose cancellation can be lost with the connection.
    query_timeout: answerWithinMs + 500,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'linia969-taxes',
  })
  // The pool replaces a connection lost while idle; one lost during a query rejects the query as well.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  let unanswered = 0

  /** Logs only the error's name: the driver's message can contain the values of the query. */
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
      // Any other text would be an error in their function.
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

/** The number alone is not enough: name and address must match as well. */
function matchOf({ name, address }: Search, rows: readonly OnFile[]): Found {
  const found = rows.find((row) => sameName(name, row.name) && sameAddress(address, row.address))
  return found === undefined
    ? { outcome: 'no match' }
    : { outcome: 'match', taxpayer: TaxpayerId(found.handle) }
}

/** The code of PostgreSQL or of the system, which contains no values. */
function nameOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return error instanceof Error ? error.name : 'unknown'
}
