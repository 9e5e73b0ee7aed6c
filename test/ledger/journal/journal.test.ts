import { sql } from 'kysely'
import t from 'tap'
import type { Test } from 'tap'
import {
  GrowingTree,
  leafHash,
  provesConsistency,
  provesInclusion,
} from '../../../src/city/journal/merkle.ts'
import type { Access } from '../../../src/city/journal/access-log-entry.ts'
import { AgentId, CallId } from '../../../src/core/ids.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { recordHearing } from '../../../src/ledger/recordings/hearings.ts'
import {
  appendEntry,
  consistencyPath,
  inclusionPath,
  journalEntries,
  journalHead,
} from '../../../src/ledger/journal/journal.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { accessLog, recordAccess } from '../../../src/ledger/journal/access-log.ts'
import { addAccount } from '../../../src/people/accounts.ts'
import { removeAgreementTexts } from '../../support/city/journal-entries.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { callEvents } from '../fixtures.ts'

const database = await testDatabase(t)
await removeAgreementTexts(database)
const { db } = database
const admin = openTestDatabase(database.adminUrl, 2)
const retention = openTestDatabase(database.retentionUrl)
t.teardown(() => Promise.all([admin.destroy(), retention.destroy()]).then(() => undefined))
const added = await addAccount(db, {
  username: 'ana',
  name: 'Ana Pop',
  roles: ['agent'],
  employer: 'Firma',
  password: 'x'.repeat(12),
})
if (!added.ok) throw new Error(added.why)
const ana = added.account.id
const look = (about: string, more: Partial<Access> = {}): Access => ({
  kind: 'section',
  account: ana,
  call: null,
  about,
  person: null,
  query: null,
  ...more,
})

async function holds(t: Test): Promise<void> {
  const entries = await journalEntries(db, 0, 10_000)
  const tree = new GrowingTree()
  for (const [place, { index, entry, leaf }] of entries.entries()) {
    t.equal(index, place)
    if (!leaf.equals(leafHash(entry))) t.fail(`leaf ${index}`)
    t.match(JSON.parse(entry), { index })
    tree.append(leaf)
  }
  const head = await journalHead(db)
  t.equal(head.size, entries.length)
  t.ok(head.root.equals(tree.root()), 'PostgreSQL’s tree is ours')
}

t.test('entries are leaves of one tree, numbered from 0, their exact bytes kept', async (t) => {
  const before = (await journalHead(db)).size
  for (let count = 0; count < 21; count++)
    t.equal(await appendEntry(db, { what: 'test', text: `ă„ș” \\ " \u2028 ${count}` }), before + count)
  await holds(t)
  const [first] = await journalEntries(db, before, 1)
  t.match(
    first?.entry,
    /^\{"index":0,"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z","what":"test","text":"ă„ș/,
  )
})

t.test('concurrent appends get consecutive indexes without gaps or repetitions', async (t) => {
  const many = openTestDatabase(database.appUrl, 10)
  t.teardown(() => many.destroy())
  const before = (await journalHead(db)).size
  const indexes = await Promise.all(
    Array.from({ length: 300 }, (_, count) => appendEntry(many, { what: 'test', count })),
  )
  t.strictSame(
    indexes.sort((a, b) => a - b),
    Array.from({ length: 300 }, (_, count) => before + count),
  )
  await holds(t)
})

t.test('an entry that is rolled back was never there', async (t) => {
  const before = await journalHead(db)
  const broken = db.transaction().execute(async (trx) => {
    await appendEntry(trx, { what: 'test' })
    throw new Error('something else failed')
  })
  await t.rejects(broken, /something else/)
  t.strictSame(await journalHead(db), before)
  await appendEntry(db, { what: 'test' })
  await holds(t)
})

t.test('proofs come from kept nodes and hold', async (t) => {
  const head = await journalHead(db)
  const entries = await journalEntries(db, 0, 10_000)
  for (const index of [0, 1, 255, 256, head.size - 2, head.size - 1]) {
    const path = await inclusionPath(db, index, head.size)
    t.ok(provesInclusion(entries[index]!.leaf, index, head, path), `entry ${index}`)
  }
  const tree = new GrowingTree()
  for (const { index, leaf } of entries) {
    tree.append(leaf)
    const size = index + 1
    if (![1, 2, 100, 256, 257, head.size].includes(size)) continue
    const path = await consistencyPath(db, size, head.size)
    t.ok(provesConsistency({ size, root: tree.root() }, head, path), `from ${size}`)
  }
})

t.test('an invalid entry is refused', async (t) => {
  for (const body of [
    '[]',
    '"x"',
    '{}',
    '{"index":1,"what":"x"}',
    '{"what":"x","at":"y"}',
    '{"other":1}',
    '{"what":\n"x"}',
  ])
    await t.rejects(sql`select append_to_journal(${body}::json)`.execute(db), { code: '22023' }, body)
  await t.rejects(appendEntry(db, { what: 'x'.repeat(4_100) }), { code: '23514' })
  t.ok(await appendEntry(db, { what: 'test', text: 'a\u0000b \uD800' }), 'what cannot be kept costs no entry')
})

t.test('only the function appends, and only for logins with the right to call it', async (t) => {
  const hash = Buffer.alloc(32)
  await t.rejects(
    sql`insert into journal_entries (index, entry, leaf) values (1000000, '{"what":"x"}', ${hash})`.execute(
      db,
    ),
    {
      code: '42501',
    },
  )
  await t.rejects(sql`insert into journal_nodes (level, position, hash) values (9, 9, ${hash})`.execute(db), {
    code: '42501',
  })
  await t.rejects(sql`update journal_head set size = 0`.execute(db), { code: '42501' })
  await t.rejects(sql`update journalled_registers set swept_until = 'infinity'`.execute(db), {
    code: '42501',
  })
  await t.rejects(sql`select journal_register('calls', 'id')`.execute(db), { code: '42501' })
  t.ok(await appendEntry(retention, { what: 'run' }), 'retention writes its runs')
  await t.rejects(journalRows(retention, 1), { code: '42501' })
  const open = await sql<{ name: string }>`
    select p.proname as name from pg_proc p where p.pronamespace = 'public'::regnamespace
    and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    and has_function_privilege('public', p.oid, 'execute')`.execute(admin)
  t.strictSame(open.rows, [], 'no function of ours is everybody’s')
  const settings = await sql<{ name: string; settings: string[] | null }>`
    select proname as name, proconfig as settings from pg_proc
    where pronamespace = 'public'::regnamespace and prosecdef`.execute(admin)
  t.ok(settings.rows.length >= 2)
  for (const { name, settings: set } of settings.rows)
    t.ok(
      set?.some((one) => /^search_path=.*\bpg_temp$/.test(one)),
      `${name} has a fixed search path`,
    )
})

t.test('the access log is queried by account, thing, person and time, and includes hearings', async (t) => {
  const person = 'ab'.repeat(32)
  await recordAccess(db, look('role-1/objects', { person, call: CallId('pbx1-1.5') }))
  await recordAccess(db, look('CC2026-000001', { kind: 'request', account: AgentId('other') }))
  await recordAccess(db, look('1', { kind: 'paper', query: 'buletin pierdut' }))
  await recordHearing(db, { call: CallId('pbx1-1.5'), account: ana })
  const abouts = async (asked: Omit<Parameters<typeof accessLog>[1], 'limit'>) =>
    (await accessLog(db, { ...asked, limit: 10 })).map(({ about }) => about)
  t.strictSame(await abouts({}), ['pbx1-1.5', '1', 'CC2026-000001', 'role-1/objects'])
  t.strictSame(await abouts({ person }), ['role-1/objects'])
  t.strictSame(await abouts({ about: 'CC2026-000001' }), ['CC2026-000001'])
  t.strictSame(await abouts({ about: 'pbx1-1.5' }), ['pbx1-1.5', 'role-1/objects'], 'heard, and looked in')
  t.strictSame(await abouts({ account: ana, kind: 'paper' }), ['1'])
  t.strictSame(await abouts({ to: Date.now() - 3_600_000 }), [])
  t.equal((await abouts({ from: Date.now() - 3_600_000 })).length, 4)
  const [newest] = await accessLog(db, { limit: 1 })
  t.match(newest, { kind: 'hearing', account: { name: 'Ana Pop', employer: 'Firma' }, person: null })
  t.strictSame(await abouts({ before: newest?.index }), ['1', 'CC2026-000001', 'role-1/objects'])
  t.match((await accessLog(db, { about: 'CC2026-000001', limit: 1 }))[0]?.account, {
    id: 'other',
    name: 'other',
  })
  const rows = await db.selectFrom('hearings').select('call').execute()
  t.strictSame(rows, [{ call: 'pbx1-1.5' }])
})

t.test(
  'when the journal cannot be written, recording an access throws and a hearing leaves no row',
  async (t) => {
    await sql`revoke execute on function append_to_journal(json) from ${sql.id(database.roles.app)}`.execute(
      admin,
    )
    await t.rejects(recordAccess(db, look('x')), { code: '42501' })
    await t.rejects(recordHearing(db, { call: CallId('pbx1-9.9'), account: ana }), { code: '42501' })
    await sql`grant execute on function append_to_journal(json) to ${sql.id(database.roles.app)}`.execute(
      admin,
    )
    t.equal(
      (await db.selectFrom('hearings').select('id').where('call', '=', CallId('pbx1-9.9')).execute()).length,
      0,
    )
  },
)

t.test('each row of the registers gets one entry, in batches, whichever node sweeps', async (t) => {
  for (let count = 0; count < 30; count++) await writeEvents(db, callEvents({ id: `pbx1-7.${count}` }))
  const entriesOf = (register: string) =>
    db.selectFrom('journal_entries').select('row_key').where('register', '=', register).execute()
  t.equal(await journalRows(db, 10), 10)
  const sweeps = await Promise.all([journalRows(db, 25), journalRows(db, 25), journalRows(db, 25)])
  t.equal(
    sweeps.reduce((sum, swept) => sum + swept, 0),
    24,
    'the other 20 calls, the account, its version and password and the hearing, each once',
  )
  while ((await journalRows(db, 25)) > 0);
  t.equal((await entriesOf('calls')).length, 30)
  t.equal((await entriesOf('account_versions')).length, 1)
  t.equal((await entriesOf('hearings')).length, 1)
  await writeEvents(db, callEvents({ id: 'pbx1-8.1' }))
  t.equal(await journalRows(db, 25), 1)
  t.equal(await journalRows(db, 25), 0)
  await holds(t)
})
