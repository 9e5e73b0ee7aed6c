/** Free text in registers of an earlier version gets a term; the journal still verifies, and hides no other change. */
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { CompiledQuery, Kysely, PostgresDialect, sql } from 'kysely'
import { FileMigrationProvider, Migrator } from 'kysely/migration'
import { Pool } from 'pg'
import t, { type Test } from 'tap'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { CallId } from '../../../src/core/ids.ts'
import { wrapUpsOf } from '../../../src/ledger/calls/wrap-ups.ts'
import { openDatabase, type Database } from '../../../src/ledger/database.ts'
import { anchorJournal } from '../../../src/ledger/journal/anchor.ts'
import { checkDatabase, type CheckOutcome } from '../../../src/ledger/journal/check.ts'
import { journalRows } from '../../../src/ledger/journal/row-check.ts'
import { migrate } from '../../../src/ledger/migrate.ts'
import { deletePastDetails, recordTerms } from '../../../src/ledger/retention/retention.ts'
import { attack } from '../../support/attack.ts'
import { emptyDatabase, openTestDatabase, testCluster } from '../../support/postgres.ts'

testCluster(t)
const passwords = { appPassword: 'of the application', retentionPassword: 'of retention' }
const number = '+40256555123'
const signer = headSigner('signs the heads of these tests, long enough')

const wrapUpOf = async (db: Database, call: string) =>
  (await wrapUpsOf(db, { id: CallId(call), agent: null }))[0]?.versions[0]

/** A database as the version before migration 0020 left it, with journalled rows that hold a number. */
async function oldDatabase(t: Test) {
  const { adminUrl, name } = await emptyDatabase(t)
  await migrate({ adminUrl, ...passwords, only: [] })
  const pool = new Pool({ connectionString: adminUrl, max: 1 })
  const owner = new Kysely<unknown>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(`set role "${name}_owner"`))
      },
    }),
  })
  const migrationFolder = path.join(import.meta.dirname, '../../../migrations')
  const provider = new FileMigrationProvider({ fs: { readdir }, path, migrationFolder })
  const { error } = await new Migrator({ db: owner, provider }).migrateTo('0018-a-first-queue')
  if (error !== undefined) throw error
  await sql`insert into accounts (id, username) values ('ana', 'ana')`.execute(owner)
  await sql`insert into account_versions (account, name, employer, roles, closed)
            values ('ana', 'Ana Pop', 'Firma', '{agent}', false)`.execute(owner)
  await sql`insert into wrap_ups (call, agent, subject, motivated, resolution) values
            ('c-1', 'ana', ${`a sunat de la ${number}`}, 'yes', 'none'), ('c-2', 'ana', '', 'yes', 'none')`.execute(
    owner,
  )
  await sql`insert into full_hearings (opening, call, account, reason)
            values ('o-1', 'c-1', 'ana', ${`cere ${number}`})`.execute(owner)
  await sql`insert into request_number_raises (next, reason, by) values (50, ${`după ${number}`}, 'ana')`.execute(
    owner,
  )
  await sql`insert into declared_days (day, closed, reason) values ('2026-12-24', true, ${`vezi ${number}`})`.execute(
    owner,
  )
  while (
    (await sql<{ n: number }>`select journal_rows(50, interval '5 minutes') as n`.execute(owner)).rows[0]!.n >
    0
  );
  await owner.destroy()
  const migrated = await migrate({ adminUrl, ...passwords })
  const open = (url: string): Database => {
    const db = openTestDatabase(url, 2)
    t.teardown(() => db.destroy())
    return db
  }
  return { db: open(migrated.appUrl), retention: open(migrated.retentionUrl), admin: open(adminUrl) }
}

/** A check needs a head: the journal is anchored once. */
function checking(t: Test, db: Database): () => Promise<CheckOutcome> {
  const dir = t.testdir()
  const place = { folder: `${dir}/anchor`, own: `${dir}/own`, verifierKey: signer.verifierKey }
  return async () => {
    await anchorJournal(db, place, signer, Date.now())
    return checkDatabase(db, { anchor: place.folder, verifierKey: signer.verifierKey })
  }
}

async function changed(admin: Database, table: string, statement: ReturnType<typeof sql>): Promise<void> {
  await sql`alter table ${sql.table(table)} disable trigger all`.execute(admin)
  await statement.execute(admin)
}

t.test('texts move with their time, rows still verify, and retention ends the texts alone', async (t) => {
  const { db, retention, admin } = await oldDatabase(t)
  const check = checking(t, db)
  t.match(await check(), { ok: true })
  t.match(await wrapUpOf(db, 'c-1'), { subject: `a sunat de la ${number}`, resolution: 'none' })
  t.match(await wrapUpOf(db, 'c-2'), { subject: '' })
  const { rows: times } = await sql<{ same: boolean }>`
    select f.recorded_at = w.recorded_at as same from free_texts f join wrap_ups w on w.subject_digest = f.digest`.execute(
    admin,
  )
  t.strictSame(times, [{ same: true }], 'a text is as old as its row')
  while ((await journalRows(db, 50)) > 0);
  t.match(await check(), { ok: true })
  const later = Date.now()
  await deletePastDetails(retention, { recordedBefore: later, closedBefore: 0, tracedBefore: 0 })
  await sql`select append_to_journal(${JSON.stringify({
    what: 'run',
    kind: 'retention',
    audio: { before: '2020-01-01', recordings: 0 },
    details: { before: new Date(later).toISOString(), rows: {} },
  })}::json)`.execute(db)
  t.match(await wrapUpOf(db, 'c-1'), { subject: '', resolution: 'none' })
  t.match(await check(), { ok: true }, 'what has ended is not missing')
})

t.test(
  'a superuser who changes a row whose text was moved, and lists it as rewritten, is found',
  async (t) => {
    const { db, admin } = await oldDatabase(t)
    const check = checking(t, db)
    await changed(admin, 'wrap_ups', sql`update wrap_ups set resolution = 'registered' where call = 'c-1'`)
    t.match(await check(), { ok: false, bad: { sentence: /Row 1 of wrap_ups .*changed/ } })
    await changed(
      admin,
      'rewritten_rows',
      sql`update rewritten_rows r set after = row_digest(to_jsonb(w)) from wrap_ups w
          where r.register = 'wrap_ups' and r.row_key = w.id::text`,
    )
    t.match(await check(), {
      ok: false,
      bad: { sentence: /list of rows that were rewritten/ },
    })
    await sql`select append_to_journal(format('{"what":"rewritten","rows":1,"digest":"%s"}', rewritten_digest())::json)`.execute(
      admin,
    )
    t.match(await check(), {
      ok: false,
      bad: { sentence: /says again that rows were rewritten/ },
    })
  },
)

await attack(
  t,
  {
    attack: 'forged rewriting: a superuser says that an update rewrote a row',
    before: 'believed at any time: the check found all intact',
    now: 'named, after the first terms',
  },
  async (t) => {
    const { adminUrl } = await emptyDatabase(t)
    const db = openDatabase({ url: (await migrate({ adminUrl, ...passwords })).appUrl, connectionsMax: 2 })
    const admin = openTestDatabase(adminUrl)
    t.teardown(() => Promise.all([db.destroy(), admin.destroy()]).then(() => undefined))
    await sql`insert into accounts (id, username) values ('ana', 'ana')`.execute(db)
    await sql`insert into wrap_ups (call, agent, motivated, resolution) values ('c-1', 'ana', 'yes', 'none')`.execute(
      db,
    )
    while ((await journalRows(db, 50)) > 0);
    await recordTerms(db, { audioDays: 1, detailsDays: 1, requestsDays: 1, logsDays: 1 })
    const check = checking(t, db)
    t.match(await check(), { ok: true })
    await changed(
      admin,
      'rewritten_rows',
      sql`insert into rewritten_rows (register, row_key, field, before, after)
          select 'wrap_ups', id::text, 'x', row_digest(to_jsonb(w)),
                 row_digest(to_jsonb(w) || '{"resolution":"registered"}') from wrap_ups w`,
    )
    await changed(admin, 'wrap_ups', sql`update wrap_ups set resolution = 'registered'`)
    await sql`select append_to_journal(format('{"what":"rewritten","rows":1,"digest":"%s"}', rewritten_digest())::json)`.execute(
      admin,
    )
    t.match(await check(), {
      ok: false,
      bad: { sentence: /after entry \d+ of a server that was up to date/ },
    })
  },
)

t.test('a changed or deleted text is found', async (t) => {
  const { db, admin } = await oldDatabase(t)
  const check = checking(t, db)
  await changed(admin, 'free_texts', sql`update free_texts set text = 'altceva' where text like 'cere%'`)
  t.match(await check(), { ok: false, bad: { sentence: /full_hearings/ } })
  await sql`delete from free_texts where text = 'altceva'`.execute(admin)
  t.match(await check(), { ok: false, bad: { sentence: /missing before the end/ } })
})
