import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { Queue } from 'bullmq'
import { sql } from 'kysely'
import t from 'tap'
import { readKeyChain } from '../../../src/city/journal/key-chain.ts'
import type { JournalOptions } from '../../../src/jobs/journal/keeper.ts'
import { lastAnchored } from '../../../src/ledger/journal/anchor.ts'
import { lastCheckOf } from '../../../src/ledger/journal/last-check.ts'
import { openDatabase } from '../../../src/ledger/database.ts'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { appendEntry, journalHead } from '../../../src/ledger/journal/journal.ts'
import { recordTerms } from '../../../src/ledger/retention/retention.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import type { testDatabase } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'
import { keeperStage, signer } from './stage.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const keys = readKeyChain(signer.verifierKey) ?? []
const redis = await testRedis(t)

const stage = (t: Parameters<typeof testDatabase>[0], more: Partial<JournalOptions> = {}) =>
  keeperStage(t, redis, more)

t.test('access log entries and finished calls are anchored outside the database automatically', async (t) => {
  const { db, keeper, anchor, prefix } = await stage(t)
  keeper.start()
  await appendEntry(db, { what: 'look' })
  await writeEvents(db, callEvents({ id: 'pbx1-1.1' }))
  await until(async () => {
    const last = await lastAnchored(anchor, keys)
    // The look, the call, and the run of the call's events.
    return last !== null && last !== 'damaged' && last.head.size === 3
  })
  const last = await lastAnchored(anchor, keys)
  if (last === null || last === 'damaged') throw new Error('nothing anchored')
  t.ok(last.head.root.equals((await journalHead(db)).root))
  t.equal(readFileSync(path.join(anchor, 'leaves')).length, 96)
  t.equal(readFileSync(path.join(anchor, 'key'), 'utf8').trim(), signer.verifierKey)
  t.equal(keeper.counts.bad, 0)
  const queue = new Queue('journal', { connection: { url: redis.url }, prefix })
  t.teardown(() => queue.close())
  await until(async () => (await queue.getJobSchedulers()).length === 1)
  t.match(await queue.getJobSchedulers(), [
    { name: 'nightly', pattern: '0 30 2 * * *', tz: 'Europe/Bucharest' },
  ])
})

t.test('one node runs the nightly check, and all nodes report its result', async (t) => {
  const { db, keeper, anchor, log, prefix } = await stage(t)
  await appendEntry(db, { what: 'look' })
  await keeper.keep()
  keeper.start()
  const queue = new Queue('journal', { connection: { url: redis.url }, prefix })
  t.teardown(() => queue.close())
  await queue.add('now', {})
  await until(async () => (await lastCheckOf(anchor)) !== null)
  t.match(await lastCheckOf(anchor), { entries: 1, bad: null })
  await until(() => log.join('').includes('the journal is intact'))
})

t.test('an altered journal raises an alarm until it is restored, and is not signed meanwhile', async (t) => {
  const { db, keeper, anchor, log, adminUrl } = await stage(t)
  for (let count = 0; count < 5; count++) await appendEntry(db, { what: 'look', count })
  t.equal(await keeper.keep(), 'goes on')
  await keeper.check()
  t.equal(keeper.counts.bad, 0)
  const admin = openTestDatabase(adminUrl)
  t.teardown(() => admin.destroy())
  const swap = async (from: string, to: string) => {
    await sql`alter table journal_entries disable trigger all`.execute(admin)
    await sql`update journal_entries set entry = replace(entry, ${from}, ${to}) where index = 3`.execute(
      admin,
    )
    await sql`alter table journal_entries enable trigger all`.execute(admin)
  }
  await swap('"count":3', '"count":9')
  await keeper.check()
  t.equal(keeper.counts.bad, 1)
  t.match(await lastCheckOf(anchor), { bad: /Entry 3 / })
  t.match(log.join(''), /"level":50.*Entry 3 .*THE JOURNAL IS NOT INTACT/)
  await keeper.keep()
  t.equal(keeper.counts.bad, 1, 'the next minute does not forget it')
  await swap('"count":9', '"count":3')
  await keeper.check()
  t.equal(keeper.counts.bad, 0)
  const { frontier } = await db.selectFrom('journal_head').select('frontier').executeTakeFirstOrThrow()
  await sql`update journal_head set size = 4, frontier = ${frontier.slice(0, 1)}`.execute(admin)
  t.equal(await keeper.keep(), 'shorter')
  t.equal(keeper.counts.bad, 1)
  t.match(log.join(''), /"level":50.*THE JOURNAL DOES NOT MATCH ITS ANCHOR/)
})

t.test(
  'an anchor that is absent, empty, cut off or a file is an alarm or a failure, and no mark is ahead of it',
  async (t) => {
    const { db, keeper, anchor, place } = await stage(t)
    await appendEntry(db, { what: 'look' })
    await keeper.keep()
    const mark = () => readFileSync(path.join(place.own, 'mark'), 'utf8')
    const before = mark()
    await appendEntry(db, { what: 'look' })
    const heads = readdirSync(anchor).find((name) => name.endsWith('.heads')) ?? ''
    const kept = readFileSync(path.join(anchor, heads))
    const leaves = readFileSync(path.join(anchor, 'leaves'))
    rmSync(path.join(anchor, heads))
    t.equal(await keeper.keep(), 'anchor emptied')
    writeFileSync(path.join(anchor, heads), kept)
    truncateSync(path.join(anchor, 'leaves'), 0)
    t.equal(await keeper.keep(), 'anchor rolled back', 'leaves that were cut off')
    writeFileSync(path.join(anchor, 'leaves'), leaves)
    renameSync(anchor, `${anchor}.aside`)
    writeFileSync(anchor, 'a file')
    await t.rejects(keeper.keep(), { code: 'EEXIST' })
    rmSync(anchor)
    t.equal(await keeper.keep(), 'anchor emptied', 'a volume that is not mounted')
    t.equal(keeper.counts.bad, 1)
    t.match(keeper.alarm(), /volume is not mounted/)
    rmSync(anchor, { recursive: true })
    renameSync(`${anchor}.aside`, anchor)
    t.equal(await keeper.keep(), 'goes on', 'the alarm ends with its cause')
    t.not(mark(), before)
    rmSync(path.join(place.own, 'mark'))
    t.equal(await keeper.keep(), 'goes on')
    t.equal(mark().split('\n')[1], '2', 'a mark that was lost is made anew from the others')
    t.equal(keeper.alarm(), null)
  },
)

t.test('a row that waited while the server was down gets its entry after the next start', async (t) => {
  const { db, keeper, another, adminUrl } = await stage(t)
  const admin = openTestDatabase(adminUrl)
  t.teardown(() => admin.destroy())
  const waiting = async (id: string) => {
    await writeEvents(db, callEvents({ id }))
    await sql`alter table calls disable trigger all`.execute(admin)
    await sql`update calls set recorded_at = now() - interval '3 hours' where id = ${id}`.execute(admin)
    await sql`alter table calls enable trigger all`.execute(admin)
    // As after PostgreSQL's clock was ahead.
    await sql`update journalled_registers set swept_until = now() + interval '1 year'`.execute(admin)
  }
  const entries = () =>
    db.selectFrom('journal_entries').select('row_key').where('register', '=', 'calls').execute()
  await keeper.keep()
  await waiting('pbx1-6.1')
  await keeper.keep()
  t.equal((await entries()).length, 0)
  await another({}).keep()
  t.equal((await entries()).length, 1)
})

t.test('the terms of retention are journalled where they change', async (t) => {
  const terms = { audioDays: 183, detailsDays: 1_095, requestsDays: 1_825, logsDays: 183 }
  const { db, keeper } = await stage(t, { retention: terms })
  const recorded = () =>
    db.selectFrom('journal_entries').select('entry').where('what', '=', 'terms').execute()
  await keeper.keep()
  await keeper.keep()
  t.equal((await recorded()).length, 1)
  await recordTerms(db, terms)
  t.equal((await recorded()).length, 1)
  await recordTerms(db, { ...terms, detailsDays: 30 })
  t.match((await recorded()).at(-1)?.entry, /"details":30/)
  await recordTerms(db, { ...terms, detailsDays: 30, logsDays: 7 })
  t.match((await recorded()).at(-1)?.entry, /"logs":7/, 'the term of traces of use as the others')
  await recordTerms(db, { audioDays: 90 })
  t.match(
    (await recorded()).at(-1)?.entry,
    /"audio":90,"details":30,"requests":1825,"logs":7/,
    'where another system deletes',
  )
})

t.test('while the database is away the keeper retries and logs once', async (t) => {
  const away = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', connectTimeoutMs: 100 })
  t.teardown(() => away.destroy())
  const { keeper, log, anchor } = await stage(t, { db: away })
  keeper.start()
  await until(() => keeper.counts.failures >= 3)
  t.equal(log.filter((line) => line.includes('could not be anchored')).length, 1)
  t.notOk(existsSync(path.join(anchor, 'key')))
})

t.test('a sweep of the last day that fails holds up neither new rows nor the signed head', async (t) => {
  const { db, adminUrl, keeper, another, anchor, log } = await stage(t)
  const admin = openTestDatabase(adminUrl)
  t.teardown(() => admin.destroy())
  const failing = (from: string) =>
    sql
      .raw(`create or replace function journal_rows(rows_max integer, back interval) returns integer
      language plpgsql security definer as $$ begin
        if back >= interval '${from}' then raise exception 'too many rows'; end if;
        return true_journal_rows(rows_max, back);
      end $$`)
      .execute(admin)
  const anchored = async () => {
    const last = await lastAnchored(anchor, keys)
    return last === null || last === 'damaged' ? last : last.head.size
  }
  await sql`alter function journal_rows(integer, interval) rename to true_journal_rows`.execute(admin)
  await failing('1 hour')
  await writeEvents(db, callEvents({ id: 'pbx1-1.1' }))
  t.equal(await keeper.keep(), 'goes on')
  t.equal(await anchored(), 2, 'the call and the run of its events')
  t.match(log.join(''), /could not be looked at again/)
  await failing('1 second')
  await appendEntry(db, { what: 'look' })
  await t.rejects(keeper.keep(), /could not be added/)
  t.equal(await anchored(), 3, 'the access is signed all the same')
  const other = another({})
  await t.rejects(other.keep(), /could not be added/, 'of a server that has just started')
  await failing('2 days')
  t.equal(await other.keep(), 'goes on')
})
