/** What a retention run of a wrong clock, or a forged one, excuses: nothing. */
import { sql } from 'kysely'
import t from 'tap'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { appendEntry } from '../../../src/ledger/journal/journal.ts'
import { firstWrongValue } from '../../../src/ledger/journal/value-check.ts'
import { recordTerms } from '../../../src/ledger/retention/retention.ts'
import { recordRun, type RetentionRun } from '../../../src/ledger/retention/runs.ts'
import { runLimits } from '../../../src/ledger/retention/run-limits.ts'
import { dueRecordings } from '../../../src/ledger/volumes/due.ts'
import { attack } from '../../support/attack.ts'
import { type Database } from '../../../src/ledger/database.ts'
import { openTestDatabase, testDatabase } from '../../support/postgres.ts'
import { until } from '../../support/until.ts'
import { callEvents } from '../fixtures.ts'

const day = 86_400_000
const terms = { audioDays: 183, detailsDays: 1_095, requestsDays: 1_825, logsDays: 30 }
const iso = (days: number) => new Date(Date.now() - days * day).toISOString()

/** As retention journals a run, `ahead` days ahead of the present. */
const run = (ahead = 0): RetentionRun => ({
  audio: { before: iso(terms.audioDays - ahead).slice(0, 10), recordings: 0 },
  details: {
    before: iso(terms.detailsDays - ahead),
    closedBefore: iso(terms.requestsDays - ahead),
    tracedBefore: iso(terms.logsDays - ahead),
    rows: {},
  },
})

async function stage(t: Parameters<typeof testDatabase>[0]) {
  const database = await testDatabase(t)
  const { db } = database
  await recordTerms(db, terms)
  const admin = openTestDatabase(database.adminUrl)
  t.teardown(() => admin.destroy())
  return { db, admin }
}

const recorded = (db: Database, file: string) =>
  sql`insert into recordings (call, file, bytes, sha256, duration_ms, tracks, spans, gaps, waveform)
      values ('pbx1-1.1', ${file}, 1, ${'0'.repeat(64)}, 1, '{}', '[]', '[]', '[]')`.execute(db)

t.test('a run excuses up to its own limits, by each term', async (t) => {
  const { db } = await stage(t)
  t.match(await runLimits(db), { audioBefore: null, before: null, closedBefore: null, tracedBefore: null })
  await recordRun(db, run())
  const { audio, details } = run()
  const limits = await runLimits(db)
  t.equal(limits.audioBefore, audio.before)
  for (const place of ['before', 'closedBefore', 'tracedBefore'] as const)
    t.ok(Math.abs(Date.parse(limits[place] ?? '') - Date.parse(details[place] ?? '')) < 60_000, place)
  await recordRun(db, run(), Date.now(), 'announced')
  t.equal((await runLimits(db)).audioBefore, audio.before)
})

await attack(
  t,
  {
    attack:
      'sets the server’s clock a year ahead for two nights, so that no key and no recording is due any more',
    before: 'after the run no recording was due: a backup could leave out every key',
    now: 'limits later than the run’s time less the terms are void: the keys stay due, also for each term of its own',
  },
  async (t) => {
    const { db } = await stage(t)
    await recordRun(db, run())
    const file = `done/${iso(1).slice(0, 10)}/pbx1-1.1.mp3.sealed`
    await recorded(db, file)
    const valid = await runLimits(db)
    t.match(await dueRecordings(db), [{ file }])
    await recordRun(db, run(365), Date.now(), 'announced')
    await recordRun(db, run(365))
    t.match(await dueRecordings(db), [{ file }])
    t.strictSame(await runLimits(db), valid)
    // One term of another: traces end after 30 days, and a limit of theirs excuses no recording.
    const { audio, details } = run()
    await recordRun(db, { audio: { ...audio, before: iso(30).slice(0, 10) }, details })
    await recordRun(db, { audio, details: { ...details, tracedBefore: iso(1) } })
    await recordRun(db, { audio: { ...audio, before: 'tomorrow' }, details })
    t.match(await runLimits(db), { audioBefore: valid.audioBefore })
    t.ok(Date.parse((await runLimits(db)).tracedBefore ?? '') < Date.now() - 29 * day)
  },
)

await attack(
  t,
  {
    attack: 'forges terms that name no term, or a negative one, and then a run that ends today',
    before: 'only the time of the run bounded its limits: every value until today could be missing',
    now: 'a term that is not named, or is none, excuses nothing',
  },
  async (t) => {
    const { db } = await stage(t)
    await recordRun(db, run())
    const valid = await runLimits(db)
    const { audio, details } = run()
    const forged = {
      audio: { ...audio, before: iso(0).slice(0, 10) },
      details: { before: iso(0), closedBefore: iso(0), tracedBefore: iso(0), rows: details.rows },
    }
    for (const days of [{}, { audio: -1, details: 0, requests: '1', logs: null }]) {
      await appendEntry(db, { what: 'terms', kind: 'retention', days })
      await recordRun(db, forged)
      t.strictSame(await runLimits(db), valid, JSON.stringify(days))
    }
  },
)

await attack(
  t,
  {
    attack:
      'sets the clock of the whole machine a year ahead for two nights, so that runs agree with their own time',
    before: 'the same, for ever, also after the clock was right again',
    now: 'a run is no later than the entries after it: with the right time back, its limits are void',
  },
  async (t) => {
    const { db, admin } = await stage(t)
    await recordRun(db, run())
    const file = `done/${iso(1).slice(0, 10)}/pbx1-1.1.mp3.sealed`
    await recorded(db, file)
    const valid = await runLimits(db)
    await recordRun(db, run(365))
    await sql`alter table journal_entries disable trigger all`.execute(admin)
    await sql`
      update journal_entries set recorded_at = recorded_at + interval '365 days', entry = regexp_replace(entry, '"at":"[^"]+"',
        '"at":"' || to_char(now() at time zone 'UTC' + interval '365 days', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '"')
      where index = (select max(index) from journal_entries)`.execute(admin)
    await sql`alter table journal_entries enable trigger all`.execute(admin)
    t.strictSame(await runLimits(db), valid, 'not even while the clock is ahead there only')
    await appendEntry(db, { what: 'look' })
    t.strictSame(await runLimits(db), valid)
    t.match(await dueRecordings(db), [{ file }])
    await recordRun(db, run())
    t.equal((await runLimits(db)).audioBefore, run().audio.before)
  },
)

t.test('what a run of retention ends while values are checked is not missing', async (t) => {
  const { db, admin } = await stage(t)
  await writeEvents(db, callEvents({ id: 'pbx1-1.1' }))
  await sql`alter table calls disable trigger all`.execute(admin)
  await sql`update calls set recorded_at = recorded_at - interval '1200 days'`.execute(admin)
  await sql`alter table calls enable trigger all`.execute(admin)
  t.equal(await firstWrongValue(db), null)
  const checked = await admin.transaction().execute(async (trx) => {
    // The check has read the limits when it waits for the values.
    await sql`lock table callers in access exclusive mode`.execute(trx)
    await sql`alter table callers disable trigger all`.execute(trx)
    const checking = firstWrongValue(db)
    await until(async () => {
      const waiting = sql`select from pg_locks where not granted and relation = 'callers'::regclass and mode = 'AccessShareLock'`
      return (await waiting.execute(trx)).rows.length > 0
    })
    await recordRun(db, run())
    await sql`delete from callers`.execute(trx)
    await sql`alter table callers enable trigger all`.execute(trx)
    return { checking }
  })
  t.equal(await checked.checking, null)
})
