/** Provides the demo's fiscal database: created once, recreated for another year or seed. */
import { Client } from 'pg'
import { yearOf, type Day } from '../../../src/city/day.ts'
import { fill } from './fill.ts'
import { createSchema, schemaVersion } from './schema.ts'
import { townOf, type TownOptions } from './town.ts'

export interface FiscalOptions extends TownOptions {
  /** Superuser URL of the fiscal database. */
  readonly adminUrl: string
  /** Prefix of its role names, which are global to the cluster. */
  readonly rolePrefix: string
  readonly readerPassword: string
  readonly tell?: (line: string) => void
}

export interface ProvidedFiscal {
  /** URL with the reader's login, for TAX_DATABASE_URL. */
  readonly url: string
  /** Whether it was created now. */
  readonly made: boolean
}

export const demoSeed = 969

export async function provideFiscal(options: FiscalOptions): Promise<ProvidedFiscal> {
  const roles = { owner: `${options.rolePrefix}_owner`, reader: `${options.rolePrefix}_reader` }
  const client = new Client({ connectionString: options.adminUrl, connectionTimeoutMillis: 5_000 })
  // A lost connection makes the next statement fail; without a listener the event would end the process.
  client.on('error', () => undefined)
  await client.connect()
  try {
    const mark = `${schemaVersion} ${options.seed} ${options.taxpayers}`
    const made = !(await exists(client, mark, options.asOf))
    if (made) options.tell?.('Filling the demo’s fiscal database …')
    await client.query('begin')
    await createRoles(client, roles, options.readerPassword)
    if (made) {
      await createSchema(client, roles)
      await client.query('insert into fiscal.situation (as_of, seed) values ($1, $2)', [options.asOf, mark])
      await fill(client, townOf(options))
    }
    await client.query('commit')
    // Without statistics the planner underestimates an account with 400 objects.
    if (made) await client.query('analyze')
    return { url: readerUrl(options.adminUrl, roles.reader, options.readerPassword), made }
  } finally {
    // An uncommitted transaction is rolled back with the connection.
    await client.end()
  }
}

/** Whether the same data of this year exists; its figures refer to the day of its creation. */
async function exists(client: Client, mark: string, asOf: Day): Promise<boolean> {
  const there = await client.query(
    "select from pg_tables where schemaname = 'fiscal' and tablename = 'situation'",
  )
  if (there.rowCount === 0) return false
  const found = await client.query<{ seed: string; year: number }>(
    'select seed, extract(year from as_of)::int as year from fiscal.situation',
  )
  return found.rows[0]?.seed === mark && found.rows[0].year === yearOf(asOf)
}

async function createRoles(
  client: Client,
  roles: { owner: string; reader: string },
  password: string,
): Promise<void> {
  for (const role of [roles.owner, roles.reader]) {
    const found = await client.query('select from pg_roles where rolname = $1', [role])
    if (found.rowCount === 0) await client.query(`create role ${client.escapeIdentifier(role)}`)
  }
  const reader = client.escapeIdentifier(roles.reader)
  const database = client.escapeIdentifier(
    (await client.query<{ name: string }>('select current_database() as name')).rows[0]?.name ?? '',
  )
  await client.query(`alter role ${reader} login password ${client.escapeLiteral(password)}`)
  await client.query(`revoke all on database ${database} from public`)
  await client.query(`grant connect on database ${database} to ${reader}`)
  await client.query('revoke all on schema public from public')
}

function readerUrl(adminUrl: string, reader: string, password: string): string {
  const url = new URL(adminUrl)
  url.username = encodeURIComponent(reader)
  url.password = encodeURIComponent(password)
  return url.href
}
