import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { AgentId, OfferId } from '../../src/core/ids.ts'
import { openDatabase } from '../../src/ledger/database.ts'
import { writeEvents } from '../../src/ledger/calls/event-writing.ts'
import { checkDatabase } from '../../src/ledger/journal/check.ts'
import { journalHead } from '../../src/ledger/journal/journal.ts'
import { journalRows, journalRuns } from '../../src/ledger/journal/row-check.ts'
import { migrate } from '../../src/ledger/migrate.ts'
import { emptyDatabase, openTestDatabase, testCluster } from '../support/postgres.ts'
import { callEvents } from './fixtures.ts'
import { signer } from './journal/scene.ts'

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
  const admin = openTestDatabase(adminUrl)
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

void t.test('rows of calls from before colleagues were on record verify beside new ones', async (t) => {
  const { adminUrl } = await emptyDatabase(t)
  const folder = mkdtempSync(path.join(tmpdir(), 'linia-migrate-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const old = all.filter((name) => name < '0048')
  const { appUrl } = await migrate({ adminUrl, ...passwords, only: old })
  const db = openTestDatabase(appUrl)
  t.teardown(() => db.destroy())
  const sealed = async () => {
    while ((await journalRows(db, 100)) > 0);
    while ((await journalRuns(db, 100)) > 0);
  }
  const legs = [{ id: 'leg-1', agent: 'agent-1', device: 'web', from: 1_000, until: 2_000 }]
  await sql`insert into callers (call, salt, number) values ('pbx1-1.1', decode(repeat('00', 16), 'hex'), '112')`.execute(
    db,
  )
  await sql`
    insert into calls (id, pbx, line, caller_digest, arrived_at, answered_at, ended_at, held_ms, agent, outcome, ended_by, source, legs)
    values ('pbx1-1.1', 'pbx1', '969', sha256(decode(repeat('00', 16) || '31313200', 'hex')), now(), now(), now(), 0, 'agent-1', 'answered', 'caller', 'line', ${JSON.stringify(legs)}::jsonb)`.execute(
    db,
  )
  await sealed()
  await migrate({ adminUrl, ...passwords })
  const events = callEvents({ id: 'pbx1-1.2' })
  const leg = {
    id: OfferId('leg-2'),
    agent: AgentId('dan'),
    device: 'web' as const,
    from: 1_000,
    until: 2_000,
  }
  const others = [{ ...leg, role: 'consulted' as const }]
  await writeEvents(
    db,
    events.map((event) => ({ ...event, after: { ...event.after, others } })),
  )
  await sealed()
  const heads = path.join(folder, 'heads')
  const verified = async () => {
    writeFileSync(heads, signer.sign(await journalHead(db)).text)
    return checkDatabase(db, { anchor: heads, verifierKey: signer.verifierKey })
  }
  t.match(await verified(), { ok: true })
  const found = await db
    .selectFrom('call_legs')
    .select(['call', 'leg', 'role'])
    .orderBy('call')
    .orderBy('role')
    .execute()
  t.strictSame(found, [
    { call: 'pbx1-1.1', leg: 'leg-1', role: 'agent' },
    { call: 'pbx1-1.2', leg: null, role: 'agent' },
    { call: 'pbx1-1.2', leg: 'leg-2', role: 'consulted' },
  ])
  const admin = openTestDatabase(adminUrl)
  await sql`alter table calls disable trigger all`.execute(admin)
  await sql`update calls set others = jsonb_set(others, '{0,agent}', '"ion"') where id = 'pbx1-1.2'`.execute(
    admin,
  )
  await sql`alter table calls enable trigger all`.execute(admin)
  await admin.destroy()
  t.match(await verified(), { ok: false }, 'who was consulted cannot be changed afterwards')
})
