/**
 * Migrates a database and its roles to the schema of this version.
 *
 * Roles belong to the whole cluster, so they are named after the database: several systems or tests in one cluster
 * never share a login. Tables belong to `<prefix>_owner`, which has no login.
 */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely'
import { FileMigrationProvider, Migrator, type Migration } from 'kysely/migration'
import { Pool } from 'pg'

export interface MigrateOptions {
  /** A login that may create roles (a superuser, or CREATEROLE and owner of the database). */
  readonly adminUrl: string
  readonly appPassword: string
  readonly retentionPassword: string
  /** Prefix of the roles' names; default: the database's name. */
  readonly rolePrefix?: string
  /** Only these migrations: the schema of an earlier version, whose data are loaded next. */
  readonly only?: readonly string[]
}

export interface Migrated {
  readonly owner: string
  readonly app: string
  readonly retention: string
  /** Names of the migrations applied now; empty when the database was up to date. */
  readonly applied: readonly string[]
  /** `adminUrl` with the application's, and retention's, login in it. */
  readonly appUrl: string
  readonly retentionUrl: string
}

const migrationFolder = path.join(import.meta.dirname, '../../migrations')
// Advisory lock: nodes that start together migrate one after the other.
const migrationLock = 969_001

/** Throws with the name of the migration that failed, which is rolled back. */
export async function migrate(options: MigrateOptions): Promise<Migrated> {
  const roles = roleNames(options)
  const pool = connectionTo(options.adminUrl)
  const admin = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await sql`select pg_advisory_lock(${migrationLock})`.execute(admin)
    await createRoles(admin, roles, options)
    const applied = await applyMigrations(options.adminUrl, roles.owner, options.only)
    return {
      ...roles,
      applied,
      appUrl: urlWithLogin(options.adminUrl, roles.app, options.appPassword),
      retentionUrl: urlWithLogin(options.adminUrl, roles.retention, options.retentionPassword),
    }
  } finally {
    // Closing the connection releases the lock.
    await admin.destroy()
  }
}

/** Names of all migrations of this version. */
export async function migrationNames(): Promise<ReadonlySet<string>> {
  return new Set(Object.keys(await migrationFiles.getMigrations()))
}

function connectionTo(url: string): Pool {
  const pool = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 5_000 })
  // A lost connection makes the next statement fail; without a listener the error would end the process.
  pool.on('error', () => undefined)
  return pool
}

interface Roles {
  readonly owner: string
  readonly app: string
  readonly retention: string
}

function roleNames(options: MigrateOptions): Roles {
  const prefix = options.rolePrefix ?? databaseOf(options.adminUrl)
  // PostgreSQL cuts names at 63 bytes, which could make two of them equal.
  if (!/^[a-z][a-z0-9_-]{0,49}$/.test(prefix)) {
    throw new RangeError(
      `'${prefix}' cannot begin the names of roles: 1–50 of a–z, 0–9, _ and -, a letter first`,
    )
  }
  return { owner: `${prefix}_owner`, app: `${prefix}_app`, retention: `${prefix}_retention` }
}

function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1))
}

/** The same database for another login. */
export function urlWithLogin(adminUrl: string, login: string, password: string): string {
  const url = new URL(adminUrl)
  if (url.host === '') {
    // A URL without a host (a socket's folder is in `?host=`) cannot carry a login in front of it.
    url.searchParams.set('user', login)
    url.searchParams.set('password', password)
    return url.href
  }
  url.username = encodeURIComponent(login)
  url.password = encodeURIComponent(password)
  return url.href
}

async function createRoles(admin: Kysely<unknown>, roles: Roles, options: MigrateOptions): Promise<void> {
  await ensureRole(admin, roles.owner)
  await ensureRole(admin, roles.app)
  await ensureRole(admin, roles.retention)
  await run(admin, 'alter role %I nologin', roles.owner)
  await run(admin, 'alter role %I login password %L', roles.app, options.appPassword)
  await run(admin, 'alter role %I login password %L', roles.retention, options.retentionPassword)
  const me = await sql<{ superuser: boolean; name: string; database: string }>`
    select rolsuper as superuser, rolname as name, current_database() as database
    from pg_roles where rolname = current_user`.execute(admin)
  const { superuser, name, database } = me.rows[0]!
  // A superuser may take any role; another administrator must be a member of the owner's role.
  if (!superuser) await run(admin, 'grant %I to %I', roles.owner, name)
  await run(admin, 'revoke all on database %I from public', database)
  await run(
    admin,
    'grant connect on database %I to %I, %I, %I',
    database,
    roles.owner,
    roles.app,
    roles.retention,
  )
  await run(admin, 'revoke all on schema public from public')
  await run(admin, 'grant usage, create on schema public to %I', roles.owner)
  await run(admin, 'grant usage on schema public to %I, %I', roles.app, roles.retention)
  // A trusted extension of Debian's postgresql: the database's owner may install it. The tables' owner may not, without
  // the right to create schemas.
  await run(admin, 'create extension if not exists pg_trgm with schema public')
}

async function ensureRole(admin: Kysely<unknown>, role: string): Promise<void> {
  const found = await sql`select from pg_roles where rolname = ${role}`.execute(admin)
  if (found.rows.length === 0) await run(admin, 'create role %I', role)
}

/** Runs a statement that takes no parameters; PostgreSQL's own `format` does the quoting. */
async function run(admin: Kysely<unknown>, template: string, ...values: string[]): Promise<void> {
  const formatted = await sql<{ statement: string }>`
    select format(${template}, variadic ${values}::text[]) as statement`.execute(admin)
  await sql.raw(formatted.rows[0]!.statement).execute(admin)
}

/** Names of this version's migrations that the database does not have yet. */
export async function pendingMigrations(adminUrl: string): Promise<readonly string[]> {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: connectionTo(adminUrl) }) })
  try {
    const all = await migratorFor(db).getMigrations()
    return all.filter(({ executedAt }) => executedAt === undefined).map(({ name }) => name)
  } finally {
    await db.destroy()
  }
}

async function applyMigrations(adminUrl: string, owner: string, only?: readonly string[]): Promise<string[]> {
  const pool = connectionTo(adminUrl)
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool,
      // Everything that a migration creates belongs to the owner, whose name needs no escaping.
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(`set role "${owner}"`))
      },
    }),
  })
  try {
    const { error, results = [] } = await migratorFor(db, only).migrateToLatest()
    const failed = results.find((result) => result.status === 'Error')
    if (error !== undefined) {
      throw new Error(`migration ${failed?.migrationName ?? '(none begun)'} failed`, { cause: error })
    }
    return results.filter((result) => result.status === 'Success').map((result) => result.migrationName)
  } finally {
    await db.destroy()
  }
}

const migrationFiles = new FileMigrationProvider({ fs: { readdir }, path, migrationFolder })

const migratorFor = (db: Kysely<unknown>, only?: readonly string[]): Migrator =>
  new Migrator({
    db,
    provider: only === undefined ? migrationFiles : { getMigrations: () => migrationsNamed(only) },
    allowUnorderedMigrations: true,
  })

async function migrationsNamed(names: readonly string[]): Promise<Record<string, Migration>> {
  const all = await migrationFiles.getMigrations()
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))
}
