/** Dump of the database, with an inventory read in the snapshot of the dump. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { findProgram } from '../command.ts'
import { postgresqlBin, postgresqlVersions } from '../install/packages.ts'
import { UserError } from '../terminal.ts'
import { writeFrom, type Written } from './encryption.ts'
import { allDone, startPiped } from './piped.ts'

export interface Snapshot {
  readonly postgresql: number
  readonly rolePrefix: string
  readonly migrations: readonly string[]
  readonly calls: number
}

/** Longest wait for a table that a migration is changing. */
const lockWaitMs = 30_000

export async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // The statement that is under way reports it.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** Dumps into `file`, encrypted where there is a `recipient`; the returned inventory is of the same snapshot. */
export async function dumpDatabase(
  adminUrl: string,
  file: string,
  recipient: string | null,
): Promise<Snapshot & Written> {
  const client = await connected(adminUrl)
  try {
    await client.query('begin isolation level repeatable read read only')
    const [{ id } = { id: '' }] = (await client.query<{ id: string }>('select pg_export_snapshot() as id'))
      .rows
    const told = await tell(client)
    const options = [
      '--format=custom',
      '--no-password',
      `--lock-wait-timeout=${lockWaitMs}`,
      `--snapshot=${id}`,
    ]
    const { env, database } = connectionOf(adminUrl)
    // Read-only, whatever rights the login has.
    const reading = { ...env, PGOPTIONS: '-c default_transaction_read_only=on' }
    const dump = startPiped(
      'Copying the database',
      postgresProgram('pg_dump'),
      [...options, database],
      reading,
    )
    const writing = writeFrom(dump.stdout, file, recipient)
    await allDone([writing, dump.succeeded])
    return { ...told, ...(await writing) }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === '42501')) throw error
    throw new UserError(`This login may not read everything that a backup needs: ${error.message}.`, {
      cause: error,
    })
  } finally {
    await client.end()
  }
}

async function tell(client: Client): Promise<Snapshot> {
  const one = async <Row extends object>(text: string): Promise<readonly Row[]> =>
    (await client.query<Row>(text)).rows
  const [facts] = await one<{ version: number; owner: string; calls: number }>(`
    select current_setting('server_version_num')::int / 10000 as version,
           pg_get_userbyid(relowner) as owner, (select count(*)::int from calls) as calls
    from pg_class where oid = 'calls'::regclass`)
  if (facts === undefined || !facts.owner.endsWith('_owner'))
    throw new UserError('The tables of this database do not belong to a role of Linia’s.')
  const migrations = await one<{ name: string }>('select name from kysely_migration order by name')
  return {
    postgresql: facts.version,
    rolePrefix: facts.owner.replace(/_owner$/, ''),
    migrations: migrations.map(({ name }) => name),
    calls: facts.calls,
  }
}

/** Whether the database has no table of any user. */
export async function isEmpty(adminUrl: string): Promise<boolean> {
  const client = await connected(adminUrl)
  try {
    const found = await client.query(`
      select from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') limit 1`)
    return found.rowCount === 0
  } finally {
    await client.end()
  }
}

/** The password is passed in the environment, which only this user can read. */
export function connectionOf(url: string): { readonly database: string; readonly env: NodeJS.ProcessEnv } {
  const parsed = new URL(url)
  const password = decodeURIComponent(parsed.password) || (parsed.searchParams.get('password') ?? '')
  parsed.password = ''
  parsed.searchParams.delete('password')
  return { database: parsed.href, env: { ...process.env, PGPASSWORD: password } }
}

/** The program of the highest installed version, which supports all earlier servers. */
export function postgresProgram(name: 'pg_dump' | 'pg_restore'): string {
  const [newest] = postgresqlVersions()
  const installed = newest === undefined ? null : join(postgresqlBin(newest), name)
  const program = installed !== null && existsSync(installed) ? installed : findProgram(name)
  if (program === null) throw new UserError(`${name} is missing. Run: sudo apt-get install postgresql-client`)
  return program
}
