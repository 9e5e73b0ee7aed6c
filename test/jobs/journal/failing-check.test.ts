/** A check of the journal that cannot be made, or is not made any more, is an alarm as a broken journal is. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Queue } from 'bullmq'
import { sql } from 'kysely'
import { pino } from 'pino'
import t from 'tap'
import { Nightly } from '../../../src/jobs/nightly.ts'
import { checkResults, lastCheckOf } from '../../../src/ledger/journal/last-check.ts'
import { appendEntry } from '../../../src/ledger/journal/journal.ts'
import { attack } from '../../support/attack.ts'
import { testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { keeperStage } from './stage.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const redis = await testRedis(t)
const hour = 3_600_000
const away = 'postgres://nobody@127.0.0.1:1/none'

await attack(
  t,
  {
    attack:
      'makes the nightly check of the journal fail: its database away, its anchor or its key unreadable',
    before: 'a line in the log: no alarm, and linia_journal_bad was 0',
    now: 'a failed check is an alarm with its reason, until a check has been made; a journal that nobody checks, too',
  },
  async (t) => {
    const it = await keeperStage(t, redis, { databaseUrl: away })
    await appendEntry(it.db, { what: 'look' })
    await it.keeper.keep()
    await t.rejects(it.keeper.check())
    t.equal(it.keeper.counts.bad, 1)
    t.match(it.keeper.alarm(), /could not be checked .*ECONNREFUSED/)
    t.match(it.log.join(''), /"level":50.*THE JOURNAL COULD NOT BE CHECKED/)
    await it.keeper.keep()
    t.match(it.keeper.alarm(), /could not be checked/, 'the next minute does not forget it')
    const other = it.another({})
    await other.keep()
    t.match(
      other.alarm(),
      /could not be checked/,
      'another node of this machine, and a restarted one, knows it',
    )
    await other.check()
    t.equal(other.alarm(), null)
    await it.keeper.keep()
    t.equal(it.keeper.alarm(), null, 'a check that was made ends it')

    const keys = path.join(it.place.own, 'keys')
    renameSync(keys, `${keys}.aside`)
    mkdirSync(keys)
    await t.rejects(other.check(), { code: 'EISDIR' })
    t.match(other.alarm(), /could not be checked/)
    rmSync(keys, { recursive: true })
    writeFileSync(keys, '')
    await other.check()
    t.match(other.alarm(), /key/, 'a key that is missing is a finding')
    rmSync(keys)
    renameSync(`${keys}.aside`, keys)
    await other.check()
    t.equal(other.alarm(), null)

    renameSync(it.anchor, `${it.anchor}.aside`)
    writeFileSync(it.anchor, 'a file')
    await t.rejects(other.check())
    t.equal(other.counts.bad, 1)
    t.match(other.alarm(), /could not be checked/)
    rmSync(it.anchor)
    renameSync(`${it.anchor}.aside`, it.anchor)
    await other.check()
    t.equal(other.counts.bad, 0)
    writeFileSync(path.join(it.anchor, 'last-check.json'), '{"at":')
    await other.keep()
    t.match(other.alarm(), /cannot be read/)
    await other.check()
    t.equal(other.alarm(), null)
  },
)

t.test('a night that was missed is made up for without an alarm', async (t) => {
  let now = Date.now()
  const it = await keeperStage(t, redis, { now: () => now })
  await appendEntry(it.db, { what: 'look' })
  await it.keeper.keep()
  await it.keeper.check()
  t.equal(it.keeper.goodCheckAgeMs(), 0)
  now += 25 * hour
  await it.keeper.keep()
  t.equal(it.keeper.goodCheckAgeMs(), 25 * hour)
  for (const hours of [2, 10 * 24]) {
    now += hours * hour
    const restarted = it.another({ now: () => now })
    await restarted.keep()
    t.equal(restarted.counts.bad, 0)
    restarted.start()
    await until(async () => (await lastCheckOf(it.anchor))?.at === now)
    t.equal(restarted.counts.bad, 0, `${hours} hours later`)
    await restarted.stop()
  }
})

t.test('a check that is overdue, and does not come when it is asked for, is an alarm', async (t) => {
  let now = Date.now()
  const it = await keeperStage(t, redis, { now: () => now, makeUpWithinMs: 100 })
  await appendEntry(it.db, { what: 'look' })
  await it.keeper.keep()
  await it.keeper.check()
  const queue = new Queue('journal', { connection: { url: redis.url }, prefix: it.prefix })
  t.teardown(() => queue.close())
  await queue.pause()
  now += 30 * hour
  it.keeper.start()
  await until(async () => (await queue.getJobCountByTypes('waiting')) > 0)
  // The time within which the check is to be made up for.
  await delay(100)
  await it.keeper.keep()
  t.equal(it.keeper.alarm(), null, 'a missed night is none yet')
  now += 7 * hour
  await it.keeper.keep()
  t.match(it.keeper.alarm(), /last checked .*the nightly check does not run/)
  t.equal(it.keeper.counts.bad, 1)
  now -= 365 * 24 * hour
  await it.keeper.keep()
  t.match(it.keeper.alarm(), /last checked/, 'a check of the future is none of today')
  now += 365 * 24 * hour
  await queue.resume()
  await until(async () => (await lastCheckOf(it.anchor))?.at === now)
  await until(() => it.keeper.alarm() === null)
})

t.test('a journal that has never been checked is an alarm after a day and a half', async (t) => {
  const it = await keeperStage(t, redis, { makeUpWithinMs: 100 })
  await appendEntry(it.db, { what: 'look' })
  const queue = new Queue('journal', { connection: { url: redis.url }, prefix: it.prefix })
  t.teardown(() => queue.close())
  await queue.pause()
  const later = it.another({ now: () => Date.now() + 37 * hour, makeUpWithinMs: 100 })
  await it.keeper.keep()
  t.equal(it.keeper.alarm(), null)
  t.equal(it.keeper.goodCheckAgeMs(), null)
  later.start()
  await until(() => /has never been checked/.test(later.alarm() ?? ''))
  await later.stop()
  const admin = openTestDatabase(it.adminUrl)
  t.teardown(() => admin.destroy())
  await sql`select accept_journal_rollback('{"what":"rollback","reason":"a new disk"}')`.execute(admin)
  rmSync(path.join(it.anchor, 'last-check.json'), { force: true })
  await it.keeper.keep()
  t.match(await checkResults(it.db, it.place, Date.now()), { isDue: false, overdueSince: null })
})

t.test('without Redis from the start, the nightly job is neither planned nor waited for', async (t) => {
  const nightly = new Nightly({
    name: 'journal',
    pattern: '0 30 2 * * *',
    redisUrl: 'redis://127.0.0.1:1',
    prefix: 'none',
    log: pino({ level: 'silent' }),
    work: () => Promise.resolve(),
  })
  t.teardown(() => nightly.stop())
  const [, has] = await Promise.all([nightly.plan(), nightly.runNow()])
  t.equal(has, false)
})
