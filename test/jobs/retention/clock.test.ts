/** A wrong clock, ahead or behind, for as long as it lasts: the nightly job destroys nothing too early, and goes on by itself. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Queue, QueueEvents } from 'bullmq'
import { sql } from 'kysely'
import { pino } from 'pino'
import t from 'tap'
import { headSigner } from '../../../src/city/journal/checkpoint.ts'
import { runRetention, startRetention } from '../../../src/jobs/retention/retention.ts'
import { keepStamp, stampRequest } from '../../../src/ledger/journal/time-stamps.ts'
import { recordClock, whyClockIsDoubtful } from '../../../src/ledger/retention/clock.ts'
import { recordTerms } from '../../../src/ledger/retention/retention.ts'
import { recordRun, retentionRuns, retentionState } from '../../../src/ledger/retention/runs.ts'
import { makeKey } from '../../../src/ledger/recordings/keys.ts'
import { dueRecordings } from '../../../src/ledger/volumes/due.ts'
import { writeMark } from '../../../src/ledger/volumes/volume.ts'
import { attack } from '../../support/attack.ts'
import { stampingAuthority } from '../../support/city/time-stamping-authority.ts'
import { openTestDatabase, type Teardown, testDatabase } from '../../support/postgres.ts'
import { testRedis } from '../../support/redis.ts'
import { until } from '../../support/until.ts'

const redis = await testRedis(t)
const dayMs = 86_400_000
const days = (count: number): number => Date.now() + count * dayMs

async function stage(t: Teardown, { clockAt = Date.now(), ranBefore = false } = {}) {
  const database = await testDatabase(t)
  const { db } = database
  const dir = mkdtempSync(path.join(tmpdir(), 'linia-clock-'))
  const at = (...names: string[]) => path.join(dir, ...names)
  await writeMark(at('recordings'), 'recordings')
  await writeMark(at('keys'), 'keys')
  const terms = { audioDays: 183, detailsDays: 1_095, requestsDays: 1_825 }
  await recordTerms(db, terms)
  let clock = clockAt
  const prefix = `test-${database.name}`
  const options = {
    db,
    retentionUrl: database.retentionUrl,
    redisUrl: redis.url,
    prefix,
    recordings: at('recordings'),
    recordingKeys: at('keys'),
    spool: at('spool'),
    anchor: at('anchor'),
    ...terms,
    logsDays: 183,
    log: pino({ level: 'silent' }),
    now: () => clock,
  }
  if (ranBefore) await runRetention({ ...options, now: Date.now })
  const job = startRetention(options)
  const queue = new Queue('retention', { connection: { url: redis.url }, prefix })
  const events = new QueueEvents('retention', { connection: { url: redis.url }, prefix })
  await events.waitUntilReady()
  const admin = openTestDatabase(database.adminUrl)
  t.teardown(async () => {
    await events.close()
    await queue.close()
    await job.stop()
    await admin.destroy()
    rmSync(dir, { recursive: true, force: true })
  })
  return {
    ...database,
    admin,
    at,
    job,
    queue,
    /** One run of the nightly job with this clock: `done`, or the reason of its failure. */
    async night(now: number): Promise<string> {
      clock = now
      const asked = await queue.add('nightly', {})
      return asked.waitUntilFinished(events, 20_000).then(
        () => 'done',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
    },
    /** A recording of so many days ago. Returns whether its key is there. */
    async record(daysAgo: number): Promise<() => boolean> {
      const day = new Date(days(-daysAgo)).toISOString().slice(0, 10)
      const file = `done/${day}/one.mp3.sealed`
      await makeKey(at('keys'), file)
      mkdirSync(path.dirname(at('recordings', file)), { recursive: true })
      writeFileSync(at('recordings', file), 'sealed')
      await sql`insert into recordings (call, file, bytes, sha256, duration_ms, tracks, spans, gaps, waveform)
        values (${`pbx1-${daysAgo}`}, ${file}, 3, ${'0'.repeat(64)}, 1, '{caller}', '[]', '[]', '{}')`.execute(
        db,
      )
      return () => existsSync(at('keys', day, 'one.mp3.key')) && existsSync(at('recordings', file))
    },
    /** Entries since the last run get one day each, from `first` on: the database's clock cannot be moved here. */
    async datedFrom(first: number): Promise<void> {
      await sql`alter table journal_entries disable trigger a_change`.execute(admin)
      await sql`
        update journal_entries e set recorded_at = to_timestamp(${first / 1000}::float8) + n.number * interval '1 day'
        from (select index, row_number() over (order by index) as number from journal_entries
              where entry::jsonb ->> 'refused' is not null) n where n.index = e.index`.execute(admin)
      await sql`alter table journal_entries enable always trigger a_change`.execute(admin)
    },
  }
}

await attack(
  t,
  {
    attack: 'a clock that is a year ahead for three nights of retention',
    before:
      'the second night destroyed the recordings of three weeks ago, and every later one counted as not due: 0 due',
    now: 'each night is refused with the reason, and the first right night goes on',
  },
  async (t) => {
    const { db, night, record, job } = await stage(t)
    const [young, old] = [await record(20), await record(184)]
    t.equal(await night(days(0)), 'done')
    t.notOk(old(), 'what is past its term has ended')
    t.ok(young())
    for (const ahead of [366, 367, 368]) {
      t.match(await night(days(ahead)), /^The clock shows .* days after the last run .*linia retention clock/)
      t.ok(young())
      t.match(await retentionState(db), { bad: /The clock shows/ })
    }
    t.match(job.state?.bad, /The clock shows/, 'what the metric shows')
    const [newest] = await retentionRuns(db, 1)
    t.match(newest, { outcome: 'refused', audio: { recordings: 0 } }, 'what the auditor sees')
    await record(1)
    t.equal((await dueRecordings(db)).length, 2)
    t.equal(await night(days(4)), 'done')
    t.match(job.state, { bad: null })
    t.ok(young())
  },
)

await attack(
  t,
  {
    attack: 'a clock that is a year behind for three nights of retention',
    before: 'each night was a run, and the first right night only an announcement',
    now: 'each night is refused with the reason, and the first right night deletes',
  },
  async (t) => {
    const { night, record, db } = await stage(t)
    t.equal(await night(days(0)), 'done')
    for (const behind of [365, 364, 363])
      t.match(await night(days(-behind)), /^The clock shows .* days before the last run/)
    const old = await record(184)
    t.equal(await night(days(4)), 'done')
    t.notOk(old())
    t.match(
      (await retentionRuns(db, 5)).map(({ outcome }) => outcome),
      ['done', 'refused', 'refused', 'refused', 'done'],
    )
  },
)

t.test('the first night of a system compares its clock with the journal’s beginning', async (t) => {
  const { night, record } = await stage(t)
  const young = await record(1)
  t.match(await night(days(365)), /The clock shows/)
  t.ok(young())
  t.equal(await night(days(1)), 'done')
})

t.test('a wrong clock that lasted for forty nights, and is right again, is believed at once', async (t) => {
  const { night, datedFrom } = await stage(t)
  t.equal(await night(days(0)), 'done')
  for (let wrong = 1; wrong <= 40; wrong += 1) await night(days(400 + wrong))
  t.match(await night(days(41)), /The clock shows/, 'all of these nights are of one day here')
  await datedFrom(days(400))
  t.equal(await night(days(41)), 'done')
})

t.test('after a long rest of the system a person confirms the clock', async (t) => {
  const { db, night } = await stage(t)
  t.equal(await night(days(0)), 'done')
  t.match(await night(days(60)), /The clock shows/)
  await recordClock(db, days(60), 'ana')
  t.equal(await night(days(60)), 'done', 'announced')
  t.match((await retentionRuns(db, 1))[0], { outcome: 'announced' })
  t.equal(await night(days(61)), 'done')
  t.match((await retentionRuns(db, 1))[0], { outcome: 'done' })
})

t.test('a time stamp from outside that agrees with the clock confirms it', async (t) => {
  const { db, at } = await stage(t)
  const audio = { before: '2026-01-01', recordings: 0 }
  await recordRun(db, { audio, details: { before: '2023-01-01', rows: {} } }, days(-60))
  const doubted = () => whyClockIsDoubtful(db, at('anchor'), days(0))
  t.match(await doubted(), /60 days after/)
  mkdirSync(at('anchor'))
  t.match(await doubted(), /60 days after/, 'an anchor without stamps confirms nothing')
  const authority = await stampingAuthority(t, at('authority'))
  const head = headSigner('signs the heads of these tests, long enough').sign({
    size: 1,
    root: Buffer.alloc(32),
  })
  const body = await stampRequest(createHash('sha256').update(head.text).digest())
  const answer = await fetch(authority.url, { method: 'POST', body: new Uint8Array(body) })
  const stamp = await keepStamp(at('anchor'), head, new Uint8Array(await answer.arrayBuffer()), authority.ca)
  t.type(stamp, 'object')
  t.equal(await doubted(), null)
  t.match(await whyClockIsDoubtful(db, at('anchor'), days(300)), /360 days after/, 'and no other clock')
})

t.test('a missed night is made up for at the start', async (t) => {
  const { db } = await stage(t, { clockAt: days(2), ranBefore: true })
  await until(async () => (await retentionRuns(db, 5)).length === 2)
  t.match((await retentionRuns(db, 5))[0], { outcome: 'done' })
  const never = await stage(t, { clockAt: days(2) })
  await until(async () => (await retentionRuns(never.db, 5)).length === 1)
})

t.test('nothing is made up for in time, with a clock in doubt, or where limits leap', async (t) => {
  for (const ahead of [1, 7.5, 60]) {
    const { db, job, queue } = await stage(t, { clockAt: days(ahead), ranBefore: true })
    await until(() => job.state !== null)
    t.equal(await queue.getJobCountByTypes('waiting', 'active'), 0, `${ahead} days`)
    t.equal((await retentionRuns(db, 5)).length, 1)
  }
})
