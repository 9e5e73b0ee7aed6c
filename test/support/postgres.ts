/**
 * Databases for tests. One private cluster (`postgres-cluster.ts`) is shared by concurrent test files and stopped by
 * the last of them. Each database is a copy of a template with all migrations.
 */
import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'
import { openDatabase, type Database } from '../../src/ledger/database.ts'
import { migrate, type Migrated } from '../../src/ledger/migrate.ts'
import { cluster, clusterUser, heldCluster } from './cluster.ts'

export interface TestDatabase {
  /** Connected with the application's role, like the server. */
  readonly db: Database
  readonly appUrl: string
  readonly retentionUrl: string
  /** The superuser's login. */
  readonly adminUrl: string
  readonly roles: Pick<Migrated, 'owner' | 'app' | 'retention'>
  readonly name: string
}

export interface Teardown {
  teardown(fn: () => Promise<void> | void): void
}

const migrationFolder = path.join(import.meta.dirname, '../../migrations')
const appPassword = 'of the application'
const retentionPassword = 'of retention'

/** What databases have besides the migrations, made once while the cluster runs. */
export interface Content {
  /** For identifiers of PostgreSQL. */
  readonly name: string
  /** `url`: the application's login. */
  readonly add: (url: string) => Promise<void>
}

/** A fresh database with every migration applied; dropped with the test. */
export async function testDatabase(t: Teardown, content: Content | null = null): Promise<TestDatabase> {
  const cluster = testCluster(t)
  const template = `linia_${digestOfMigrations()}`
  const name = `t${randomBytes(6).toString('hex')}`
  const admin = adminOf(cluster.adminUrl)
  try {
    await ensureTemplate(admin, cluster.adminUrl, template)
    const source =
      content === null ? template : await ensureFilled(admin, cluster.adminUrl, template, content)
    // Half the CPU time of a copy through the write-ahead log.
    await sql`create database ${sql.id(name)} template ${sql.id(source)} strategy file_copy`.execute(admin)
  } finally {
    await admin.destroy()
  }
  const roles = {
    owner: `${template}_owner`,
    app: `${template}_app`,
    retention: `${template}_retention`,
  }
  const appUrl = urlOf(cluster.adminUrl, name, roles.app, appPassword)
  const db = openDatabase({
    url: appUrl,
    connectionsMax: 5,
    statementTimeoutMs: 20_000,
    connectTimeoutMs: 20_000,
  })
  t.teardown(async () => {
    await db.destroy()
    const admin = adminOf(cluster.adminUrl)
    await sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin)
    await admin.destroy()
  })
  return {
    db,
    appUrl,
    retentionUrl: urlOf(cluster.adminUrl, name, roles.retention, retentionPassword),
    adminUrl: urlOf(cluster.adminUrl, name),
    roles,
    name,
  }
}

/** An empty database, for tests of the migrations themselves. */
export async function emptyDatabase(t: Teardown): Promise<{ adminUrl: string; name: string }> {
  const cluster = testCluster(t)
  const name = `t${randomBytes(6).toString('hex')}`
  const admin = adminOf(cluster.adminUrl)
  await sql`create database ${sql.id(name)}`.execute(admin)
  await admin.destroy()
  t.teardown(async () => {
    const admin = adminOf(cluster.adminUrl)
    await sql`drop database if exists ${sql.id(name)} with (force)`.execute(admin)
    for (const role of ['owner', 'app', 'retention']) {
      await sql`drop role if exists ${sql.id(`${name}_${role}`)}`.execute(admin)
    }
    await admin.destroy()
  })
  return { adminUrl: urlOf(cluster.adminUrl, name), name }
}

let uses = 0
/**
 * Starts the shared cluster, and releases it with the test. A file calls it once to keep the cluster between its
 * tests.
 */
export function testCluster(t: Teardown): { adminUrl: string } {
  const held = process.env[heldCluster]
  if (held !== undefined) return { adminUrl: held }
  uses += 1
  const user = clusterUser(process.pid, uses)
  const adminUrl = cluster('use', user).trim()
  t.teardown(() => {
    cluster('leave', user)
  })
  return { adminUrl }
}

async function ensureTemplate(admin: Kysely<unknown>, adminUrl: string, template: string): Promise<void> {
  // A session lock on this pool's only connection: one file migrates, the others wait for it.
  await sql`select pg_advisory_lock(969002)`.execute(admin)
  const found = await sql`select from pg_database where datname = ${template} and datistemplate`.execute(
    admin,
  )
  if (found.rows.length === 0) {
    await sql`drop database if exists ${sql.id(template)}`.execute(admin)
    await sql`create database ${sql.id(template)}`.execute(admin)
    await migrate({ adminUrl: urlOf(adminUrl, template), appPassword, retentionPassword })
    await sql`alter database ${sql.id(template)} is_template true`.execute(admin)
    cluster('keep', String(process.pid))
  }
  await sql`select pg_advisory_unlock(969002)`.execute(admin)
}

/**
 * Returns the name of the template with this content. Each five minutes, and each start of the cluster, has its own:
 * content may depend on the day and on code that has changed, and a system refuses a journal of ten minutes whose signed
 * heads its anchor lacks.
 */
async function ensureFilled(
  admin: Kysely<unknown>,
  adminUrl: string,
  template: string,
  { name, add }: Content,
): Promise<string> {
  const { rows } = await sql<{ since: number; period: number }>`
    select floor(extract(epoch from pg_postmaster_start_time()))::int as since,
      floor(extract(epoch from now()) / ${filledForS})::int as period`.execute(admin)
  const { since = 0, period = 0 } = rows[0] ?? {}
  const filledIn = (period: number) => `${template}_${name}_${since}_${period}`
  const filled = filledIn(period)
  await sql`select pg_advisory_lock(969004)`.execute(admin)
  const { rows: made } = await sql<{ datname: string }>`
    select datname from pg_database where starts_with(datname, ${`${template}_${name}_`})`.execute(admin)
  const names = made.map(({ datname }) => datname)
  if (!names.includes(filled)) {
    // Another file may still copy that of the period before.
    const old = names.filter((one) => one !== filledIn(period - 1))
    for (const one of old) await sql`drop database ${sql.id(one)}`.execute(admin)
    const making = `${filled}_making`
    await sql`create database ${sql.id(making)} template ${sql.id(template)} strategy file_copy`.execute(
      admin,
    )
    await add(urlOf(adminUrl, making, `${template}_app`, appPassword))
    await sql`alter database ${sql.id(making)} rename to ${sql.id(filled)}`.execute(admin)
  }
  await sql`select pg_advisory_unlock(969004)`.execute(admin)
  return filled
}
const filledForS = 300

function digestOfMigrations(): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(migrationFolder).sort()) {
    hash.update(file).update(readFileSync(path.join(migrationFolder, file)))
  }
  return hash.digest('hex').slice(0, 12)
}

/** As the server opens one, but a busy machine may take longer to connect. */
export const openTestDatabase = (url: string, connectionsMax = 1): Database =>
  openDatabase({ url, connectionsMax, connectTimeoutMs: 20_000 })

function adminOf(url: string): Kysely<unknown> {
  const pool = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 10_000 })
  // A connection that breaks while it closes must not fail the test.
  pool.on('error', () => undefined)
  return new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
}

function urlOf(base: string, database: string, login?: string, password?: string): string {
  const url = new URL(base)
  url.pathname = `/${database}`
  if (login !== undefined && password !== undefined) {
    url.username = login
    url.password = encodeURIComponent(password)
  }
  return url.href
}
