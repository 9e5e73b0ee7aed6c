import { sql } from 'kysely'
import t from 'tap'
import { type Database } from '../../src/ledger/database.ts'
import { CallId } from '../../src/core/ids.ts'
import { writeEvents } from '../../src/ledger/calls/event-writing.ts'
import { workingDays } from '../../src/city/requests/working-days.ts'
import { justify } from '../../src/ledger/access/justified.ts'
import { addNote } from '../../src/ledger/calls/notes.ts'
import { addStatus } from '../../src/ledger/requests/statuses.ts'
import { addFreeText } from '../../src/ledger/retention/free-texts.ts'
import {
  journalledRegisters,
  journalledRuns,
  notJournalled,
  wrongList,
} from '../../src/ledger/journal/registers.ts'
import { attemptOf, succeeded } from '../../src/people/throttle.ts'
import { openTestDatabase, testDatabase } from '../support/postgres.ts'
import { agentEvent, callEvents } from './fixtures.ts'
import { someRequest } from './requests/fixtures.ts'

const database = await testDatabase(t)
const { db, roles } = database
const retention = openTestDatabase(database.retentionUrl, 2)
const admin = openTestDatabase(database.adminUrl, 2)
t.teardown(() => Promise.all([retention.destroy(), admin.destroy()]).then(() => undefined))

/** Not registers: these hold current configuration, not history. */
const configuration = [
  'queues',
  'lines',
  'cel_progress',
  'phone_epochs',
  // When each program last asked; what it asked is in the journal.
  'program_token_uses',
  'request_counter',
  'request_drafts',
  // Counts of sign-in tries, which may be deleted.
  'sign_in_tries',
  'refused_sign_ins',
  // Counts by day of searches without a result, which are counted up and may be deleted.
  'paper_misses',
  // What guards sign-ins against replays, and mirrors the identity provider.
  'factor_uses',
  'code_tries',
  'spent_challenges',
  'provider_sessions',
  // The journal's head and the position of the sweep: read-only for the application.
  'journal_head',
  'journalled_registers',
  'journalled_runs',
  'journal_mark',
  // Messages to be delivered, restored from the registers at each start.
  'outbox_unsent',
  // Who is told of calls, and rows of the registers that are still to be told.
  'webhook_receivers',
  'webhook_unsent',
  // How receivers took what was last sent to them; may be deleted.
  'webhook_deliveries',
]
/** Personal values, which retention may delete. */
const details = [
  'callers',
  'justified_access_texts',
  'free_texts',
  'note_texts',
  'outbox_bodies',
  'request_details',
  'request_status_notes',
  'sign_in_networks',
  'tracking_tries',
]

const tables = await tablesOf(admin)
const registers = tables.filter((table) => !configuration.includes(table) && !details.includes(table))
await fillOneRowEach()

void t.test('the catalogue lists exactly the registers of the product', async (t) => {
  for (const table of [
    'calls',
    'call_events',
    'agent_events',
    'notes',
    'wrap_ups',
    'recordings',
    'hearings',
    'declared_days',
    'contact_versions',
    'requests',
    'request_statuses',
    'request_tellings',
    'request_number_raises',
    'outbox',
    'outbox_tries',
    'document_updates',
    'journal_entries',
    'journal_nodes',
    'paper_versions',
    'paper_openings',
    'justified_accesses',
  ]) {
    t.ok(registers.includes(table), table)
  }
})

void t.test('every table belongs to a role without a login', async (t) => {
  const owners = await sql<{ owner: string; login: boolean }>`
    select distinct r.rolname as owner, r.rolcanlogin as login
    from pg_class c join pg_roles r on r.oid = c.relowner
    where c.relnamespace = 'public'::regnamespace`.execute(admin)
  t.strictSame(owners.rows, [{ owner: roles.owner, login: false }])
})

void t.test(
  'the application may read and insert, but neither set the time of recording nor update or delete',
  async (t) => {
    for (const table of [...registers, ...details]) {
      const may = await privilegesOf(roles.app, table)
      t.strictSame(may, ['SELECT'], `${table}: whole-table privileges of the application`)
      t.notOk(await mayInsert(roles.app, table, 'recorded_at'), `${table}.recorded_at`)
      await t.rejects(sql`update ${sql.table(table)} set recorded_at = now()`.execute(db), { code: '42501' })
      await t.rejects(sql`delete from ${sql.table(table)}`.execute(db), { code: '42501' })
      await t.rejects(sql`truncate ${sql.table(table)} cascade`.execute(db), { code: '42501' })
    }
  },
)

void t.test('retention may delete details and nothing else', async (t) => {
  for (const table of registers) {
    t.strictSame(await privilegesOf(roles.retention, table), ['SELECT'], table)
    await t.rejects(sql`delete from ${sql.table(table)}`.execute(retention), { code: '42501' })
  }
  for (const table of details) {
    t.strictSame(await privilegesOf(roles.retention, table), ['DELETE', 'SELECT'], table)
    const gone = await sql`delete from ${sql.table(table)}`.execute(retention)
    t.ok((gone.numAffectedRows ?? 0n) >= 1n, table)
  }
  await fillOneRowEach()
})

void t.test('the triggers stop even a superuser and the owner, also in replica mode', async (t) => {
  for (const replicating of [false, true]) {
    for (const table of [...registers, ...details]) {
      for (const change of ['update', 'delete', 'truncate'] as const) {
        await t.rejects(changeAsOwner(table, change, replicating), { code: '23001' }, `${change} ${table}`)
      }
    }
  }
})

void t.test('the triggers are on every register, always enabled', async (t) => {
  const found = await sql<{ table: string; triggers: string[] }>`
    select tgrelid::regclass::text as "table", array_agg(tgname::text order by tgname) as triggers
    from pg_trigger where not tgisinternal and tgenabled = 'A' group by 1`.execute(admin)
  const triggersOf = new Map(found.rows.map((row) => [row.table, row.triggers]))
  for (const table of registers) {
    t.strictSame(triggersOf.get(table), ['a_change', 'a_recorded', 'a_truncate'], table)
  }
  for (const table of details) {
    t.strictSame(triggersOf.get(table), ['a_change', 'a_delete', 'a_recorded', 'a_truncate'], table)
  }
})

void t.test('every register is compared with the journal, or named with the reason why not', async (t) => {
  const listed = [
    ...Object.keys(journalledRegisters),
    ...Object.keys(journalledRuns),
    ...Object.keys(notJournalled),
  ]
  t.strictSame(listed.toSorted(), registers.toSorted())
  t.equal(await wrongList(admin), null, 'the database sweeps the same registers')
  // A migration that adds a register and forgets the list.
  for (const call of [
    sql`select journal_register('forgotten', 'a')`,
    sql`select journal_register_runs('forgotten', 'a')`,
  ])
    await admin
      .transaction()
      .execute(async (trx) => {
        await sql`create table forgotten (a bigint, recorded_at timestamptz)`.execute(trx)
        await call.execute(trx)
        t.match(await wrongList(trx), { sentence: /has forgotten, which this version does not verify/ })
        throw new Error('roll back')
      })
      .catch((error: unknown) => t.match(error, { message: 'roll back' }))
})

void t.test('the time of recording is the database’s clock, even for the owner', async (t) => {
  await sql`insert into calls select 'other', pbx, line, caller_digest, queue, arrived_at, queued_at,
    offered_at, answered_at, ended_at, wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source,
    '2001-01-01' from calls limit 1`.execute(admin)
  const row = await db
    .selectFrom('calls')
    .select('recorded_at')
    .where('id', '=', CallId('other'))
    .executeTakeFirstOrThrow()
  t.ok(Math.abs(row.recorded_at - Date.now()) < 60_000)
})

void t.test('the application cannot call the functions that create registers', async (t) => {
  await t.rejects(sql`select make_register('queues')`.execute(db), { code: '42501' })
  await t.rejects(sql`create table mine (a int)`.execute(db), { code: '42501' })
})

async function tablesOf(db: Database): Promise<string[]> {
  const found = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname not like 'kysely%'
    order by 1`.execute(db)
  return found.rows.map((row) => row.name)
}

async function privilegesOf(role: string, table: string): Promise<string[]> {
  const found = await sql<{ privilege: string }>`
    select privilege_type as privilege from information_schema.role_table_grants
    where grantee in (${role}, 'PUBLIC') and table_name = ${table} order by 1`.execute(admin)
  return found.rows.map((row) => row.privilege)
}

async function mayInsert(role: string, table: string, column: string): Promise<boolean> {
  const found = await sql<{ may: boolean }>`
    select has_column_privilege(${role}, ${table}, ${column}, 'INSERT') as may`.execute(admin)
  return found.rows[0]?.may ?? false
}

async function changeAsOwner(table: string, change: 'update' | 'delete' | 'truncate', replicating: boolean) {
  const statement = {
    update: sql`update ${sql.table(table)} set recorded_at = now()`,
    delete: sql`delete from ${sql.table(table)}`,
    truncate: sql`truncate ${sql.table(table)} cascade`,
  }[change]
  await admin.transaction().execute(async (trx) => {
    if (replicating) await sql`set local session_replication_role = replica`.execute(trx)
    else await sql`set local role ${sql.id(roles.owner)}`.execute(trx)
    await statement.execute(trx)
  })
}

/** Enough rows for a change to have something to change; again where retention has deleted them. */
async function fillOneRowEach(): Promise<void> {
  const call = CallId('pbx1-1.1')
  await writeEvents(db, [...callEvents({ id: call }), agentEvent('agent-1', 1)])
  await addFreeText(db, 'ceva')
  await db
    .insertInto('tracking_tries')
    .values({ number: 'CC2026-000001', address: '192.0.2.1', found: false })
    .execute()
  if ((await db.selectFrom('notes').select('id').execute()).length > 0) {
    const note = await db.selectFrom('notes').select('id').executeTakeFirstOrThrow()
    await db
      .insertInto('note_texts')
      .values({ note: note.id, salt: Buffer.alloc(16), text: 'ceva' })
      .execute()
    const access = await db.selectFrom('justified_accesses').select('id').executeTakeFirstOrThrow()
    await db
      .insertInto('justified_access_texts')
      .values({ access: access.id, salt: Buffer.alloc(16), text: 'ceva' })
      .execute()
    const { id: status, request } = await db
      .selectFrom('request_statuses')
      .select(['id', 'request'])
      .where('note_digest', 'is not', null)
      .executeTakeFirstOrThrow()
    const salt = Buffer.alloc(16)
    await db.insertInto('request_details').values({ request, salt, value: '{}' }).execute()
    await db.insertInto('request_status_notes').values({ status, salt, text: 'ceva' }).execute()
    // Registration has enqueued a message to the document system.
    const message = await db.selectFrom('outbox').select('id').executeTakeFirstOrThrow()
    await db.insertInto('outbox_bodies').values({ message: message.id, salt, body: '{}' }).execute()
    const signIn = await db.selectFrom('sign_ins').select('id').executeTakeFirstOrThrow()
    await db
      .insertInto('sign_in_networks')
      .values({ sign_in: signIn.id, salt, network: '192.0.2.1' })
      .execute()
    return
  }
  const author = await db
    .insertInto('accounts')
    .values({ username: 'someone' })
    .returning('id')
    .executeTakeFirstOrThrow()
  await addNote(db, { call, author: author.id, text: 'ceva' })
  await succeeded(db, attemptOf('secret', 'someone', '192.0.2.1'), author.id, 'password')
  await justify(db, {
    account: author.id,
    session: Buffer.alloc(32),
    object: 'call',
    id: call,
    reason: 'other',
    text: 'ceva',
    call: null,
  })
  const id = await someRequest(db, { agent: author.id })
  const answered = {
    request: id,
    event: { kind: 'answered' },
    note: 'ceva',
    by: author.id,
    call: null,
  } as const
  await addStatus(db, answered, '2026-11-24', workingDays([]))
}

t.test(
  'a column that was added to a journalled register is null in earlier rows, whose digests so stay as they were',
  async (t) => {
    const registers = [...Object.keys(journalledRegisters), ...Object.keys(journalledRuns)]
    const { rows } = await sql<{ added: string }>`
    select format('%s.%s', attrelid::regclass, attname) as added
    from pg_attribute where atthasmissing and attrelid = any (${registers}::regclass[])`.execute(admin)
    t.same(rows, [])
    await sql`create table probe (id integer)`.execute(admin)
    await sql`alter table probe add column added boolean not null default false`.execute(admin)
    const probe =
      await sql`select from pg_attribute where atthasmissing and attrelid = 'probe'::regclass`.execute(admin)
    t.equal(probe.rows.length, 1, 'PostgreSQL tells of such a column')
    await sql`drop table probe`.execute(admin)
  },
)
