/** Dump and restore of the database, with an inventory read in the snapshot of the dump. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { findProgram, must } from '../command.ts'
import { postgresqlBin, postgresqlVersions } from '../install/packages.ts'
import { UserError } from '../terminal.ts'

export interface Snapshot {
  readonly postgresql: number
  readonly rolePrefix: string
  readonly migrations: readonly string[]
  readonly calls: number
  /** Files of finished recordings, relative to their folder. */
  readonly recordings: readonly string[]
}

/** Longest wait for a table that a migration is changing. */
const lockWaitMs = 30_000

/** Dumps into `file`; the returned inventory is of the same snapshot. */
export async function dumpDatabase(adminUrl: string, file: string): Promise<Snapshot> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  await client.connect()
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
    await must('Copying the database', programOf('pg_dump'), [...options, '--file', file, database], {
      env: reading,
    })
    return told
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
  const recordings = await one<{ file: string }>('select file from recordings order by file')
  return {
    postgresql: facts.version,
    rolePrefix: facts.owner.replace(/_owner$/, ''),
    migrations: migrations.map(({ name }) => name),
    calls: facts.calls,
    recordings: recordings.map(({ file }) => file),
  }
}

/** Restores into an empty database whose roles exist, in one transaction. */
export async function restoreDatabase(adminUrl: string, file: string): Promise<void> {
  const { env, database } = connectionOf(adminUrl)
  const options = ['--exit-on-error', '--single-transaction', '--no-password']
  await must('Restoring the database', programOf('pg_restore'), [...options, '--dbname', database, file], {
    env,
  })
}

/** Whether the database has no table of any user. */
export async function isEmpty(adminUrl: string): Promise<boolean> {
  const client = new Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 })
  client.on('error', () => undefined)
  await client.connect()
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
function connectionOf(adminUrl: string): { readonly database: string; readonly env: NodeJS.ProcessEnv } {
  const url = new URL(adminUrl)
  const password = decodeURIComponent(url.password) || (url.searchParams.get('password') ?? '')
  url.password = ''
  url.searchParams.delete('password')
  return { database: url.href, env: { ...process.env, PGPASSWORD: password } }
}

/** The program of the highest installed version, which supports all earlier servers. */
function programOf(name: 'pg_dump' | 'pg_restore'): string {
  const [newest] = postgresqlVersions()
  const installed = newest === undefined ? null : join(postgresqlBin(newest), name)
  const program = installed !== null && existsSync(installed) ? installed : findProgram(name)
  if (program === null) throw new UserError(`${name} is missing. Run: sudo apt-get install postgresql-client`)
  return program
}
