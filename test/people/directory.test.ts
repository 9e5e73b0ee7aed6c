import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pino } from 'pino'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { AgentId, QueueId } from '../../src/core/ids.ts'
import { openDatabase } from '../../src/ledger/database.ts'
import { accountByUsername, closeAccount, listAccounts } from '../../src/people/accounts.ts'
import { openDirectory, type LiveDirectory } from '../../src/people/directory.ts'
import { seedDemo } from '../../src/people/seed.ts'
import { testDatabase } from '../support/postgres.ts'
import { until } from '../support/until.ts'

const database = await testDatabase(t)
const { db } = database
const log = pino({ level: 'silent' })
const seeded = await seedDemo(db, { passwordOf: (username) => `parola lui ${username}` })

async function opened(
  t: Test,
  url = database.appUrl,
  copyFile = path.join(t.testdir({}), 'copy', 'people.json'),
) {
  const own = openDatabase({ url, connectionsMax: 2, connectTimeoutMs: 500 })
  const directory: LiveDirectory = await openDirectory({
    db: own,
    databaseUrl: url,
    copyFile,
    log,
    refreshMs: 60_000,
  })
  t.teardown(async () => {
    await directory.stop()
    await own.destroy()
  })
  return { directory, copyFile }
}

void t.test(
  'the demo has its people, invented names with diacritics, and seeding again changes nothing',
  async (t) => {
    const count = (role: string) => seeded.filter((person) => person.role === role).length
    t.strictSame(['agent', 'supervisor', 'administrator', 'auditor'].map(count), [24, 2, 1, 1])
    t.equal(new Set(seeded.map((person) => person.name)).size, seeded.length)
    t.match(seeded.map((person) => person.name).join(), /[șțăâî]/)
    t.notMatch(seeded.map((person) => person.name).join(), /[şţ]/, 'comma below, not cedilla')
    const before = await listAccounts(db)
    await seedDemo(db, { passwordOf: () => 'another' })
    t.strictSame(await listAccounts(db), before)
    t.not(
      before.find((one) => one.username === 'agent01')?.employer,
      before.find((one) => one.username === 'admin01')?.employer,
    )
  },
)

void t.test('agents come with their skills, queues with their lines', async (t) => {
  const { directory } = await opened(t)
  t.equal(directory.agents().length, 24)
  t.match(directory.agentByUsername('agent01'), { username: 'agent01', skills: { general: Number } })
  t.equal(directory.agentByUsername('admin01'), undefined)
  t.match(directory.queues(), [
    { id: 'general', name: 'Informații generale', skill: 'general', levelMin: 1, priority: 10 },
    { id: 'taxe' },
  ])
  t.equal(directory.queueOf('969').id, 'general')
  t.equal(directory.queueOf('unknown').id, 'general')
})

void t.test('a change in the database is there at once', async (t) => {
  const { directory, copyFile } = await opened(t)
  let changes = 0
  directory.onChange(() => (changes += 1))
  await db
    .updateTable('lines')
    .set({ queue: QueueId('taxe') })
    .where('line', '=', '969')
    .execute()
  await until(() => directory.queueOf('969').id === 'taxe')
  await db
    .updateTable('lines')
    .set({ queue: QueueId('general') })
    .where('line', '=', '969')
    .execute()
  await until(() => directory.queueOf('969').id === 'general')
  const leaving = await accountByUsername(db, 'agent24')
  await closeAccount(db, leaving?.id ?? AgentId(''), null)
  await until(() => directory.agentByUsername('agent24') === undefined)
  t.ok(changes >= 3)
  await until(() => !readFileSync(copyFile, 'utf8').includes('agent24'))
})

void t.test('a lost connection is made anew, and what was missed is read', async (t) => {
  const { directory } = await opened(t)
  await until(async () => (await listeners()) > 0)
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and query = 'listen directory'`.execute(db)
  await db
    .updateTable('queues')
    .set({ name: 'Informații' })
    .where('id', '=', 'general' as QueueId)
    .execute()
  await until(() => directory.queueOf('969').name === 'Informații')
})

void t.test(
  'without a database the last good copy serves, and a damaged or missing one does not stop the start',
  async (t) => {
    const { directory, copyFile } = await opened(t)
    const away = 'postgresql://nobody:x@127.0.0.1:1/none'
    const later = await opened(t, away, copyFile)
    t.strictSame(later.directory.agents(), directory.agents())
    t.strictSame(later.directory.queueOf('969'), directory.queueOf('969'))
    writeFileSync(copyFile, '{"agents":[{}]}')
    const damaged = await opened(t, away, copyFile)
    t.strictSame(damaged.directory.agents(), [])
    t.equal(damaged.directory.queueOf('969').id, 'general', 'there is always a queue')
  },
)

async function listeners(): Promise<number> {
  const found = await sql<{ count: number }>`select count(*) as count from pg_stat_activity
    where datname = current_database() and query = 'listen directory'`.execute(db)
  return found.rows[0]?.count ?? 0
}
