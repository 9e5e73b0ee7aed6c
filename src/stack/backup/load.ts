/**
 * Loads the rows of a dump. A dump is a program in SQL, and whoever could change it would command the database. So its
 * schema is not used at all: this version's own migrations make the tables, and the rows are loaded by a login that may
 * insert into these tables and do nothing else. It exists for that time alone.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { finished } from 'node:stream/promises'
import type { Client } from 'pg'
import { urlWithLogin } from '../../ledger/migrate.ts'
import { UserError } from '../terminal.ts'
import { connected, connectionOf, postgresProgram } from './dump.ts'
import { readPlain } from './encryption.ts'
import { allDone, startPiped } from './piped.ts'

/** Filled by the migrations: their rows are state of the schema or, in `journalled_…`, become part of SQL. */
const notLoaded = ['kysely_migration', 'kysely_migration_lock', 'journalled_registers', 'journalled_runs']

export interface Dump {
  readonly file: string
  /** File of the private key; null: the dump is not encrypted. */
  readonly identity: string | null
}

/**
 * Loads into a database that has the schema of the dump and no row of a user.
 * @throws {UserError} when the dump lacks a table, or holds more than rows of these tables.
 */
export async function loadRows(adminUrl: string, owner: string, dump: Dump): Promise<void> {
  const schema = await connected(adminUrl)
  try {
    await schema.query(`set role ${schema.escapeIdentifier(owner)}`)
    const tables = await tablesIn(schema)
    const undo = await openTables(schema, tables)
    const login = `${owner}_load_${randomBytes(4).toString('hex')}`
    const password = randomBytes(24).toString('base64url')
    await schema.query('reset role')
    await makeLogin(schema, { login, password, owner, tables })
    try {
      await load(urlWithLogin(adminUrl, login, password), dump, tables)
    } finally {
      await dropLogin(schema, login)
    }
    await schema.query(`set role ${schema.escapeIdentifier(owner)}`)
    for (const statement of undo) await schema.query(statement)
    await setSwept(schema)
    await schema.query('analyze')
  } finally {
    await schema.end()
  }
}

async function tablesIn(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`)
  return rows.map(({ name }) => name).filter((name) => !notLoaded.includes(name))
}

/**
 * Takes away what stands in the way of loading: the rows that migrations made, the triggers that set times and refuse
 * changes, the foreign keys, which ask for an order of tables, and the checks that older rows need not keep. Returns the
 * statements that put all of it back; adding a foreign key checks every row.
 */
async function openTables(client: Client, tables: readonly string[]): Promise<readonly string[]> {
  const list = tables.map((name) => client.escapeLiteral(name)).join(', ')
  const { rows: triggers } = await client.query<{ on: string; name: string; enabled: string }>(`
    select c.relname as on, t.tgname as name, t.tgenabled as enabled
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where not t.tgisinternal and c.relnamespace = 'public'::regnamespace and c.relname in (${list})`)
  const { rows: constraints } = await client.query<{ on: string; name: string; is: string }>(`
    select c.relname as on, k.conname as name, pg_get_constraintdef(k.oid) as is
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where (k.contype = 'f' or k.contype = 'c' and not k.convalidated) and c.relnamespace = 'public'::regnamespace and c.relname in (${list})`)
  const quoted = (name: string): string => client.escapeIdentifier(name)
  const undo: string[] = []
  for (const { on, name, enabled } of triggers) {
    if (enabled === 'D') continue
    await client.query(`alter table public.${quoted(on)} disable trigger ${quoted(name)}`)
    const how = enabled === 'A' ? 'always ' : enabled === 'R' ? 'replica ' : ''
    undo.push(`alter table public.${quoted(on)} enable ${how}trigger ${quoted(name)}`)
  }
  for (const { on, name, is } of constraints) {
    await client.query(`alter table public.${quoted(on)} drop constraint ${quoted(name)}`)
    undo.unshift(`alter table public.${quoted(on)} add constraint ${quoted(name)} ${is}`)
  }
  await client.query(`truncate ${tables.map((name) => `public.${quoted(name)}`).join(', ')}`)
  return undo
}

interface LoadLogin {
  readonly login: string
  readonly password: string
  readonly owner: string
  readonly tables: readonly string[]
}

/** No membership in any role, no right to create anything, no temporary tables, one connection. */
async function makeLogin(client: Client, { login, password, owner, tables }: LoadLogin): Promise<void> {
  const [role, secret] = [client.escapeIdentifier(login), client.escapeLiteral(password)]
  const { rows } = await client.query<{ name: string }>('select current_database() as name')
  await client.query(
    `create role ${role} login password ${secret} nosuperuser nocreatedb nocreaterole noinherit noreplication nobypassrls connection limit 1`,
  )
  await client.query(`grant connect on database ${client.escapeIdentifier(rows[0]?.name ?? '')} to ${role}`)
  await client.query(`set role ${client.escapeIdentifier(owner)}`)
  await client.query(
    `grant insert on ${tables.map((name) => `public.${client.escapeIdentifier(name)}`).join(', ')} to ${role}`,
  )
  await client.query(`grant update on all sequences in schema public to ${role}`)
  // Generated columns, checks and indexes call these; a function that changes anything is not immutable.
  const { rows: pure } = await client.query<{ is: string }>(`
    select p.oid::regprocedure::text as is from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.provolatile = 'i' and not p.prosecdef
      and p.proowner = (select oid from pg_roles where rolname = current_user)`)
  for (const { is } of pure) await client.query(`grant execute on function ${is} to ${role}`)
  await client.query('reset role')
  await client.query(`grant usage on schema public to ${role}`)
}

async function dropLogin(client: Client, login: string): Promise<void> {
  const role = client.escapeIdentifier(login)
  await client.query('reset role')
  // `drop owned` wants the rights of that role, which a superuser has and another administrator is given.
  await client.query(`alter role ${role} nologin`)
  await client.query(`grant ${role} to current_user`)
  await client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [login])
  await client.query(`drop owned by ${role}`)
  await client.query(`drop role ${role}`)
}

async function load(url: string, dump: Dump, tables: readonly string[]): Promise<void> {
  const { env, database } = connectionOf(url)
  const entries = await entriesOf(dump, tables)
  const folder = await mkdtemp(join(tmpdir(), 'linia-restore-'))
  try {
    const list = join(folder, 'entries')
    await writeFile(list, entries.join('\n'), { mode: 0o600 })
    await readPlain(dump.file, dump.identity, async (plain) => {
      const options = [
        '--data-only',
        '--exit-on-error',
        '--single-transaction',
        '--no-owner',
        '--no-password',
      ]
      const program = startPiped(
        'Restoring the database',
        postgresProgram('pg_restore'),
        [...options, '--use-list', list, '--dbname', database],
        env,
      )
      program.stdout.resume()
      await allDone([fed(plain, program.stdin), program.succeeded])
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const entryPattern = /^\d+; \d+ \d+ (TABLE DATA|SEQUENCE SET) public (\S+) \S+$/

/** The entries of the dump that are rows of these tables, or numbers of their sequences. */
async function entriesOf(dump: Dump, tables: readonly string[]): Promise<readonly string[]> {
  let listed = ''
  await readPlain(dump.file, dump.identity, async (plain) => {
    const program = startPiped('Reading the dump', postgresProgram('pg_restore'), ['--list'])
    await allDone([
      fed(plain, program.stdin),
      text(program.stdout).then((all) => (listed = all)),
      program.succeeded,
    ])
  })
  const wanted = new Set(tables)
  const entries: string[] = []
  for (const line of listed.split('\n')) {
    const [, kind, name = ''] = entryPattern.exec(line) ?? []
    if (kind === 'SEQUENCE SET') entries.push(line)
    else if (kind === 'TABLE DATA' && wanted.delete(name)) entries.push(line)
    else if (kind === 'TABLE DATA' && !notLoaded.includes(name))
      throw new UserError(
        `The dump holds rows of ${name} twice, or of a table that Linia has not. Nothing of it was loaded.`,
      )
  }
  if (wanted.size > 0)
    throw new UserError(`The dump lacks the rows of ${[...wanted].join(', ')}. Nothing of it was loaded.`)
  return entries
}

/**
 * Passes the archive on, and reads it to its end where pg_restore stops before, as it does after the table of contents: age
 * fails when nobody reads on. An archive that pg_restore refuses is told by its own message and exit code.
 */
async function fed(plain: Readable, stdin: Writable): Promise<void> {
  const readOn = (): void => {
    plain.unpipe(stdin)
    plain.resume()
  }
  stdin.on('error', readOn).on('close', readOn)
  plain.pipe(stdin)
  await finished(plain)
}

/** Where the sweep of each register stands: its newest row that has an entry. */
async function setSwept(client: Client): Promise<void> {
  const { rows } = await client.query<{ register: string; key: string }>(
    'select register, key from journalled_registers',
  )
  for (const { register, key } of rows) {
    const table = client.escapeIdentifier(register)
    await client.query(
      `update journalled_registers set swept_until = coalesce((
         select max(t.recorded_at) from public.${table} t where exists (
           select from journal_entries e
           where e.what = 'row' and e.register = $1 and e.row_key = (${key})::text)), '-infinity')
       where register = $1`,
      [register],
    )
  }
  const { rows: hasRuns } = await client.query(
    `select where to_regclass('public.journalled_runs') is not null`,
  )
  if (hasRuns.length > 0) await setRunsSwept(client)
}

async function setRunsSwept(client: Client): Promise<void> {
  const { rows } = await client.query<{ register: string; ordinal: string }>(
    'select register, ordinal from journalled_runs',
  )
  for (const { register, ordinal } of rows)
    await client.query(
      `update journalled_runs set swept_until = coalesce((
         select max(t.recorded_at) from public.${client.escapeIdentifier(register)} t
         where t.${client.escapeIdentifier(ordinal)} <= (select max(last) from journal_runs where register = $1)),
         '-infinity')
       where register = $1`,
      [register],
    )
}
