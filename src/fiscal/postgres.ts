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
import type {
  AccountAnswer,
  FiscalDatabase,
  FiscalTest,
  Found,
  Search,
} from '../city/taxes/fiscal-database.ts'
import { sameName } from '../city/taxes/names.ts'
import { HeardAnswers, type ConnectionCause } from '../city/connections/connection.ts'
import type { Millis } from '../core/ids.ts'
import { decodeAccount, Misunderstood } from './decode.ts'

export interface FiscalOptions {
  /** TAX_DATABASE_URL. */
  readonly url: string
  readonly log: Logger
  /** Timeout of a query, on both sides. */
  readonly answerWithinMs?: number
  readonly connectWithinMs?: number
  readonly now?: () => Millis
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
  const heard = new HeardAnswers(options.now ?? Date.now)
  let unanswered = 0

  /** Logs only the error's name: the driver's message can contain the values of the query. */
  const unreachable = (question: string, error: unknown): { readonly outcome: 'unreachable' } => {
    unanswered += 1
    heard.bad(causeOf(error))
    options.log.warn({ question, error: nameOf(error) }, 'the fiscal database does not answer')
    return { outcome: 'unreachable' }
  }

  return {
    async find(search: Search): Promise<Found> {
      try {
        const { rows } = await sql<OnFile>`
          select handle, name, address from fiscal.taxpayer_named(${search.identifier.value})`.execute(db)
        heard.good()
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
        const account = found === null ? null : accountWith(decodeAccount(found), parts)
        heard.good()
        return account === null ? { outcome: 'unknown' } : { outcome: 'account', account }
      } catch (error) {
        return unreachable('account', error)
      }
    },

    async test(): Promise<FiscalTest> {
      try {
        await sql`select from fiscal.taxpayer_named(${noNumber})`.execute(db)
        await sql`select fiscal.account_of(${nobody}, ${[]}::text[])`.execute(db)
        const { rows } = await mayWrite.execute(db)
        heard.good()
        return { outcome: 'works', readOnly: rows[0] === undefined ? null : !rows[0].writes }
      } catch (error) {
        unreachable('test', error)
        return { outcome: 'fails', cause: causeOf(error) }
      }
    },

    heard,
    unanswered: () => unanswered,
    close: () => db.destroy(),
  }
}

/** The handle of no taxpayer (RFC 9562, nil). */
const nobody = '00000000-0000-0000-0000-000000000000'

/** No CNP and no CUI begins with a zero. */
const noNumber = '0000000000000'

/** Asks the catalog alone. Temporary tables, which a login may have by default, write nothing that stays. */
const mayWrite = sql<{ writes: boolean }>`
  select r.rolsuper or r.rolcreaterole or r.rolcreatedb
    or exists (
      select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname <> 'information_schema' and n.nspname not like 'pg\_%'
        and (has_table_privilege(c.oid, 'insert, update, delete, truncate')
          or has_any_column_privilege(c.oid, 'insert, update')))
    or exists (
      select from pg_namespace n
      where n.nspname <> 'information_schema' and n.nspname not like 'pg\_%' and has_schema_privilege(n.oid, 'create'))
    as writes
  from pg_roles r where r.rolname = current_user`

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

const causes: Readonly<Record<string, ConnectionCause>> = {
  '28000': 'login refused',
  '28P01': 'login refused',
  '3D000': 'function missing',
  '3F000': 'function missing',
  '42883': 'function missing',
  '42501': 'not permitted',
  '57014': 'no answer in time',
}

function causeOf(error: unknown): ConnectionCause {
  if (error instanceof Misunderstood) return 'answer not understood'
  if (!(error instanceof Error)) return 'other'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = causes[code]
  if (known !== undefined) return known
  // The client's own bounds have no code.
  if (/time ?out/i.test(error.message) || code === 'ETIMEDOUT') return 'no answer in time'
  return code === '' || /^(E[A-Z]+|08...|57P0.|53...)$/.test(code) ? 'no connection' : 'other'
}
