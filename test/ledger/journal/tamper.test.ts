/** Tampering with journal and registers by a superuser is detected and located. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'kysely'
import t from 'tap'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { MessageId } from '../../../src/city/documents/message.ts'
import { CallId } from '../../../src/core/ids.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { appendEntry, journalEntries, journalHead } from '../../../src/ledger/journal/journal.ts'
import { checkDatabase, checkExport } from '../../../src/ledger/journal/check.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { checkProof, proofOf } from '../../../src/ledger/journal/proof.ts'
import { recordRun } from '../../../src/ledger/retention/runs.ts'
import { sealed } from '../../../src/ledger/retention/sealed-values.ts'
import { attack } from '../../support/attack.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { now, rewritten, scene, signer } from './scene.ts'
import { callEvents } from '../fixtures.ts'

t.test('an untouched journal verifies, and so do its proofs', async (t) => {
  const { db, anchor, found } = await scene(t)
  t.match(await found(), { database: 'good', export: 'good' })
  const { size, root } = await journalHead(db)
  t.equal(size, 24)
  const head = signer.sign({ size, root })
  const file = path.join(anchor, 'proof')
  const proof = await proofOf(db, 13, head)
  writeFileSync(file, proof ?? '')
  t.equal(await checkProof(file, signer.verifierKey), null)
  t.match(
    await checkProof(file, headSigner('another key, of at least so many bytes').verifierKey),
    /not signed/,
  )
  writeFileSync(file, (proof ?? '').replace('index 13', 'index 12'))
  t.match(await checkProof(file, signer.verifierKey), /does not hold/)
  const [, extra = ''] = /^extra (\S+)$/m.exec(proof ?? '') ?? []
  const forged = Buffer.from(extra, 'base64').toString().replace('1/', '9/')
  writeFileSync(file, (proof ?? '').replace(extra, Buffer.from(forged).toString('base64')))
  t.match(await checkProof(file, signer.verifierKey), /does not hold/)
  writeFileSync(file, 'nothing of the kind')
  t.match(await checkProof(file, signer.verifierKey), /no proof/)
  t.equal(await proofOf(db, 99, head).catch(() => null), null)
})

await attack(
  t,
  {
    attack: 'entry changed: changes the text of an entry',
    before: 'entry 10 was named',
    now: 'the same, and its columns are compared with its text',
  },
  async (t) => {
    const { force, found } = await scene(t)
    await force(sql`update journal_entries set entry = replace(entry, '1/2', '9/9') where index = 10`)
    t.match(await found(), { database: 10, export: 10, sentence: /Entry 10 .* has been changed/ })
  },
)

t.test('an entry that was moved to another time is named', async (t) => {
  const { force, found } = await scene(t)
  await force(sql`update journal_entries set recorded_at = recorded_at - interval '1 year' where index = 10`)
  t.match(await found(), { database: 10, export: 'good', sentence: /Entry 10 .* its time has been changed/ })
})

await attack(
  t,
  {
    attack: 'hashes recomputed: changes an entry and recomputes every hash of the database',
    before: 'entry 10 was named, and nothing was signed',
    now: 'the same',
  },
  async (t) => {
    const { db, place, force, found } = await scene(t)
    await force(rewritten({ entry: 10, from: '"what"', to: '"WHAT":1,"what"' }))
    t.match(await found(), { database: 10, export: 10, sentence: /Entry 10 .* has been changed/ })
    t.equal(await anchorJournal(db, place, signer, now), 'another journal', 'and it is not signed')
  },
)

t.test('from heads alone the entries between two of them are named', async (t) => {
  const { db, anchor, force } = await scene(t)
  await force(rewritten({ entry: 10, from: '"what"', to: '"WHAT":1,"what"' }))
  const heads = path.join(anchor, '2026-11-25.heads')
  const file = path.join(anchor, 'export')
  writeFileSync(file, (await journalEntries(db, 0, 100)).map(({ entry }) => `${entry}\n`).join(''))
  const outcome = await checkExport(file, { anchor: heads, verifierKey: signer.verifierKey })
  t.match(outcome, { ok: false, bad: { index: 8, sentence: /from 8 to 15/ } })
  t.match(await checkExport(file, { anchor: heads, verifierKey: '' }), {
    bad: { sentence: /key is missing/ },
  })
  const other = headSigner('another key, of at least so many bytes').verifierKey
  t.match(await checkExport(file, { anchor: heads, verifierKey: other }), { bad: { sentence: /not signed/ } })
})

await attack(
  t,
  {
    attack: 'entry deleted: deletes an entry',
    before: 'entry 10 was named as missing from its place',
    now: 'the same',
  },
  async (t) => {
    const { force, found } = await scene(t)
    await force(sql`delete from journal_entries where index = 10`)
    t.match(await found(), { database: 10, export: 10, sentence: /Entry 10 is not in its place.*entry 11/ })
  },
)

await attack(
  t,
  {
    attack: 'entry inserted: moves later entries and inserts one',
    before: 'entry 10 was named',
    now: 'the same',
  },
  async (t) => {
    const { force, found } = await scene(t)
    await force(sql`
    do $$ begin
      for place in reverse 23 .. 10 loop
        update journal_entries set index = place + 1 where index = place;
      end loop;
      insert into journal_entries (index, entry, leaf, recorded_at)
        select 10, replace(entry, '1/', '9/'), leaf, now() from journal_entries where index = 11;
      update journal_head set size = size + 1;
    end $$`)
    t.match(await found(), { database: 10, export: 10 })
  },
)

await attack(
  t,
  {
    attack: 'entries reordered: exchanges two entries',
    before: 'entry 10 was named',
    now: 'the same',
  },
  async (t) => {
    const { force, found } = await scene(t)
    await force(sql`
    do $$ begin
      update journal_entries set index = 1000 where index = 10;
      update journal_entries set index = 10 where index = 12;
      update journal_entries set index = 12 where index = 1000;
    end $$`)
    t.match(await found(), { database: 10, export: 10, sentence: /entry 12/ })
  },
)

await attack(
  t,
  {
    attack: 'end cut off: deletes the last entries and lowers the head of the database',
    before: 'entry 20 was named as missing, and nothing was signed',
    now: 'the same',
  },
  async (t) => {
    const { db, place, force, found } = await scene(t)
    const frontier = await db.selectFrom('journal_head').selectAll().executeTakeFirstOrThrow()
    await force(sql`delete from journal_entries where index >= 20`)
    t.match(await found(), { database: 20, export: 20, sentence: /Entry 20 is missing/ })
    await force(sql`update journal_head set size = 20`)
    t.match(await found(), { database: 20, export: 20, sentence: /counts 24/ })
    t.equal(frontier.size, 24)
    t.equal(await anchorJournal(db, place, signer, now), 'shorter')
  },
)

t.test('an emptied journal is detected', async (t) => {
  const { db, place, force, found } = await scene(t)
  await force(sql`truncate journal_entries, journal_nodes`)
  t.match(await found(), { database: 0, export: 0 })
  await force(sql`update journal_head set size = 0, frontier = '{}'`)
  t.match(await found(), { database: 0, export: 0 })
  t.equal(await anchorJournal(db, place, signer, now), 'shorter')
})

await attack(
  t,
  {
    attack: 'database restored: restores the journal’s tables alone from an old copy',
    before: '"shorter", then "another journal" once it had grown; entry 10 was named',
    now: 'the same',
  },
  async (t) => {
    const database = await testDatabase(t)
    const { db } = database
    const admin = openTestDatabase(database.adminUrl)
    const anchor = mkdtempSync(path.join(tmpdir(), 'linia-backup-'))
    const place = { folder: anchor, own: path.join(anchor, 'own'), verifierKey: signer.verifierKey }
    t.teardown(async () => {
      await admin.destroy()
      rmSync(anchor, { recursive: true })
    })
    const tables = ['journal_entries', 'journal_nodes', 'journal_head'] as const
    for (let count = 0; count < 10; count++) await appendEntry(db, { what: 'look', about: `${count}` })
    t.equal(await anchorJournal(db, place, signer, now), 'goes on')
    for (const table of tables)
      await sql`create table ${sql.table(`backup_${table}`)} as table ${sql.table(table)}`.execute(admin)
    for (let count = 10; count < 20; count++) await appendEntry(db, { what: 'look', about: `${count}` })
    t.equal(await anchorJournal(db, place, signer, now), 'goes on')
    for (const table of tables) {
      const columns = {
        journal_entries: sql`index, entry, leaf, recorded_at`,
        journal_nodes: sql`level, position, hash, recorded_at`,
        journal_head: sql`one, size, frontier`,
      }[table]
      await sql`alter table ${sql.table(table)} disable trigger all`.execute(admin)
      await sql`delete from ${sql.table(table)}`.execute(admin)
      await sql`insert into ${sql.table(table)} (${columns}) select ${columns} from ${sql.table(`backup_${table}`)}`.execute(
        admin,
      )
      await sql`alter table ${sql.table(table)} enable trigger all`.execute(admin)
    }
    t.equal((await journalHead(db)).size, 10)
    const against = { anchor, verifierKey: signer.verifierKey }
    t.equal(await anchorJournal(db, place, signer, now), 'shorter')
    t.match(await checkDatabase(db, against), {
      ok: false,
      bad: { index: 10, sentence: /Entry 10 is missing/ },
    })
    for (let count = 10; count < 30; count++) await appendEntry(db, { what: 'look', about: `other ${count}` })
    t.equal(await anchorJournal(db, place, signer, now), 'another journal')
    t.match(await checkDatabase(db, against), {
      ok: false,
      bad: { index: 10, sentence: /Entry 10 .* changed/ },
    })
  },
)

t.test('changed, deleted and inserted rows of the registers are named', async (t) => {
  const { db, force, found } = await scene(t)
  const entry = await db
    .selectFrom('journal_entries')
    .select('index')
    .where('row_key', '=', 'pbx1-1.1')
    .executeTakeFirstOrThrow()
  await force(sql`update calls set outcome = 'abandoned' where id = 'pbx1-1.1'`)
  t.match(await found(), {
    database: entry.index,
    export: 'good',
    sentence: /Row pbx1-1\.1 of calls .* changed/,
  })
  await force(sql`delete from calls where id = 'pbx1-1.1'`)
  t.match(await found(), { database: entry.index, sentence: /Row pbx1-1\.1 of calls.* deleted/ })
  await force(
    sql`update calls set id = 'pbx1-1.1', recorded_at = recorded_at - interval '1 day' where id = 'pbx1-2.1'`,
  )
  t.match((await found()).sentence, /Row pbx1-1\.1 of calls .* changed/)
})

t.test('values beside a register that were changed, or deleted before their time, are named', async (t) => {
  const { db, force, found } = await scene(t)
  const entryOf = async (register: string, key: string) => {
    const of = db.selectFrom('journal_entries').select('index').where('register', '=', register)
    return (await of.where('row_key', '=', key).executeTakeFirstOrThrow()).index
  }
  const id = `msg_${'0'.repeat(32)}`
  const { salt, value: body, digest } = sealed('{"text":"groapă"}')
  await db
    .insertInto('outbox')
    .values({ id: MessageId(id), request: 'CC2026-000001', version: 1, type: 'request.registered', digest })
    .execute()
  await db
    .insertInto('outbox_bodies')
    .values({ message: MessageId(id), salt, body })
    .execute()
  await journalRows(db, 100)
  t.match(await found(), { database: 'good' })
  await force(sql`update outbox_bodies set body = '{"text":"nimic"}'`)
  const message = await entryOf('outbox', id)
  t.match(await found(), {
    database: message,
    export: 'good',
    sentence: /outbox_bodies of msg_0+ .* changed/,
  })
  await force(sql`delete from outbox_bodies`)
  t.match(await found(), { database: message, sentence: /outbox_bodies of msg_0+ .* deleted/ })
  await force(sql`update callers set number = '+40256000000' where call = 'pbx1-1.1'`)
  const call = await entryOf('calls', 'pbx1-1.1')
  t.match(await found(), { database: call, sentence: /callers of pbx1-1\.1 .* changed/ })
  await force(sql`delete from callers where call = 'pbx1-1.1'`)
  t.match(await found(), { database: call, sentence: /callers of pbx1-1\.1 .* deleted/ })
  const audio = { before: '2026-01-01', recordings: 0 }
  const before = new Date().toISOString()
  await recordRun(db, { audio, details: { before, closedBefore: before, rows: {} } })
  t.match(await found(), { database: 'good' }, 'what retention has ended may be gone')
})

t.test('rows get their entries also after PostgreSQL’s clock was set back', async (t) => {
  const { db, force, found } = await scene(t)
  await force(sql`update journalled_registers set swept_until = now() + interval '2 hours'`)
  await writeEvents(db, callEvents({ id: 'pbx1-9.1' }))
  t.ok((await journalRows(db, 100)) > 0)
  t.match(await found(), { database: 'good' })
})

t.test('a row that was inserted with an old time is named', async (t) => {
  const { db, force, found } = await scene(t)
  await force(sql`insert into calls select 'forged', pbx, line, caller_digest, queue, arrived_at, queued_at,
    offered_at, answered_at, ended_at, wait_ms, talk_ms, held_ms, agent, outcome, ended_by, source,
    recorded_at - interval '1 day' from calls limit 1`)
  t.match(await found(), { database: null, sentence: /Row forged of calls has no entry/ })
  t.equal((await db.selectFrom('calls').select('id').where('id', '=', CallId('forged')).execute()).length, 1)
})

t.test('a changed head and a damaged file of heads are detected', async (t) => {
  const { db, anchor, place, found, force } = await scene(t)
  const file = path.join(anchor, '2026-11-25.heads')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace('\n8\n', '\n9\n'))
  t.match(await found(), { sentence: /head of 9 entries is not signed/ })
  writeFileSync(file, `${text}x`)
  t.match(await found(), { database: null, sentence: /2026-11-25\.heads cannot be read/ })
  t.equal(await anchorJournal(db, place, signer, now), 'damaged')
  writeFileSync(file, text.slice(0, -20))
  t.equal(await anchorJournal(db, place, signer, now + 1_000), 'anchor rolled back')
  // The marks are written after the head is safe on the disk.
  const [, before = ''] = text.split(/(?<=\n)(?=linia969)/)
  await force(sql`update journal_mark set size = 16, head = ${before}`)
  writeFileSync(path.join(place.own, 'mark'), before)
  t.equal(
    await anchorJournal(db, place, signer, now + 1_000),
    'goes on',
    'half a head is what a power cut leaves',
  )
  t.match(await found(), { database: 'good', export: 'good' })
})
