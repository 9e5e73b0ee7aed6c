import { readdirSync } from 'node:fs'
import path from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { openDatabase } from '../../src/ledger/database.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { emptyDatabase, testCluster } from '../support/postgres.ts'

testCluster(t)
const all = readdirSync(path.join(import.meta.dirname, '../../migrations')).map(
  (file) => path.parse(file).name,
)
const passwords = { appPassword: "it's {a} \\ password", retentionPassword: 'another' }

void t.test('an empty database gets its roles and tables, and the logins work', async (t) => {
  const { adminUrl, name } = await emptyDatabase(t)
  const migrated = await migrate({ adminUrl, ...passwords })
  t.strictSame(migrated.applied, all.sort())
  t.equal(migrated.app, `${name}_app`)
  for (const [url, login] of [
    [migrated.appUrl, migrated.app],
    [migrated.retentionUrl, migrated.retention],
  ] as const) {
    const db = openDatabase({ url })
    const who = await sql<{ who: string }>`select current_user as who`.execute(db)
    t.equal(who.rows[0]?.who, login)
    await db.destroy()
  }
})

void t.test('a second run changes nothing, except passwords that were changed', async (t) => {
  const { adminUrl } = await emptyDatabase(t)
  await migrate({ adminUrl, ...passwords })
  const again = await migrate({ adminUrl, ...passwords, appPassword: 'a new one' })
  t.strictSame(again.applied, [])
  const db = openDatabase({ url: again.appUrl })
  t.strictSame(await db.selectFrom('calls').selectAll().execute(), [])
  await db.destroy()
})

void t.test('two nodes that migrate at once run one after the other', async (t) => {
  const { adminUrl } = await emptyDatabase(t)
  const both = await Promise.all([migrate({ adminUrl, ...passwords }), migrate({ adminUrl, ...passwords })])
  t.strictSame(new Set(both.map((one) => one.applied.length)), new Set([0, all.length]))
})

void t.test('the login of one database cannot enter another of the same cluster', async (t) => {
  const mine = await emptyDatabase(t)
  const other = await emptyDatabase(t)
  const migrated = await migrate({ adminUrl: mine.adminUrl, ...passwords })
  await migrate({ adminUrl: other.adminUrl, ...passwords })
  const url = new URL(migrated.appUrl)
  url.pathname = `/${other.name}`
  const db = openDatabase({ url: url.href })
  await t.rejects(sql`select 1`.execute(db), { code: '42501' })
  await db.destroy()
})

void t.test('an administrator without superuser rights can migrate their own database', async (t) => {
  const { adminUrl, name } = await emptyDatabase(t)
  const admin = openDatabase({ url: adminUrl, connectionsMax: 1 })
  const deputy = `${name}_deputy`
  await sql`create role ${sql.id(deputy)} login createrole password 'deputy'`.execute(admin)
  await sql`alter database ${sql.id(name)} owner to ${sql.id(deputy)}`.execute(admin)
  t.teardown(async () => {
    await sql`reassign owned by ${sql.id(deputy)} to admin`.execute(admin)
    await sql`drop owned by ${sql.id(deputy)}`.execute(admin)
    await sql`drop role ${sql.id(deputy)}`.execute(admin)
    await admin.destroy()
  })
  const url = new URL(adminUrl)
  url.username = deputy
  url.password = 'deputy'
  const migrated = await migrate({ adminUrl: url.href, ...passwords })
  t.equal(migrated.applied.length, all.length)
})

void t.test('a socket folder in the URL keeps its place beside the login', async (t) => {
  const { adminUrl } = await emptyDatabase(t)
  const given = new URL(adminUrl)
  const bySearch = new URL(`postgresql:///${given.pathname.slice(1)}`)
  bySearch.searchParams.set('host', given.hostname)
  bySearch.searchParams.set('port', given.port)
  bySearch.searchParams.set('user', given.username)
  bySearch.searchParams.set('password', given.password)
  const migrated = await migrate({ adminUrl: bySearch.href, ...passwords })
  const db = openDatabase({ url: migrated.appUrl })
  t.strictSame(await db.selectFrom('calls').selectAll().execute(), [])
  await db.destroy()
})

void t.test('a name that cannot begin a role is refused with a sentence', async (t) => {
  const { adminUrl } = await emptyDatabase(t)
  await t.rejects(
    migrate({ adminUrl, ...passwords, rolePrefix: 'x'.repeat(51) }),
    /cannot begin the names of roles/,
  )
})
